#pragma once

#include "gateway/fhir/table_builder.h"
#include "gateway/tree/document.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::fhir {

/// All code systems and value sets of the package. A value set is expanded if all its parts are complete in the package: whole
/// systems, listed concepts, branches of a hierarchy, concepts by their properties, other value sets.
class Terminology {
 public:
  void add_code_system(const tree::Document& document);
  void add_value_set(tree::Document document);
  void write(TableBuilder& builder);

 private:
  struct Concept {
    std::string code, display;
    std::vector<std::string> children;
    std::vector<std::pair<std::string, std::string>> properties;
  };
  struct System {
    bool is_complete = false;
    bool subsumes = true;           // hierarchyMeaning is is-a
    std::vector<Concept> concepts;  // parents before their children
    std::map<std::string, std::size_t, std::less<>> by_code;
  };
  struct Listed {
    std::string_view system, code, display;
    bool operator<(const Listed& other) const { return std::tie(system, code) < std::tie(other.system, other.code); }
  };
  using Codes = std::vector<Listed>;  // in order of definition, without duplicates

  static void add_concepts(System& system, tree::Item parent, std::string_view list, std::size_t above);
  static void write_hierarchy(TextId url, const System& system, TableBuilder& builder);
  static void branch(const System& system, std::string_view code, std::set<std::string_view>& codes);
  std::optional<Codes> expand(std::string_view canonical);
  std::optional<Codes> compose(tree::Item compose);
  std::optional<Codes> include(tree::Item include);
  std::optional<Codes> include_system(tree::Item include);
  static std::optional<std::set<std::string_view>> filtered(const System& system, tree::Item filter);
  std::optional<Codes> filter(std::string_view url, const System& system, tree::Item include) const;

  std::map<std::string, System, std::less<>> systems_;
  std::map<std::string, tree::Document, std::less<>> value_sets_;
  std::set<std::string, std::less<>> open_;  // being expanded: a set that includes itself cannot be listed
};

}  // namespace vardbron::fhir
