#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/structure.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::fhir {

/// Corrections of HL7's packages from errata.tsv. Records whether each line was needed.
class Errata {
 public:
  /// Broken: the file cannot be read. Invalid: a line without its four columns.
  static Result<Errata> read(const std::filesystem::path& file);

  void mend(StructureDraft& structure);
  bool skips_search_parameter(std::string_view id);
  std::string mend_search_expression(std::string_view expression);
  /// The corrected expression for one base type of a parameter; "" = this type does not have it. nullopt: no correction.
  std::optional<std::string> search_expression_of(std::string_view base, std::string_view code);

  /// Invalid: a line had no effect, so it is wrong or not needed any more.
  Result<void> all_applied() const;

 private:
  struct Line {
    std::string kind, key, value;
    bool applied = false;
  };
  Line* find(std::string_view kind, std::string_view key);
  std::vector<Line> lines_;
};

}  // namespace vardbron::fhir
