#pragma once

// Tested by tests/fhirpath/hierarchy_test.cpp and tests/fhirpath/terminology_test.cpp.

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace vardbron::fhirpath {

class Evaluation;

/// A code and its system, as far as known.
struct Coded {
  std::string_view system, code;
};

/// A code system: from the definitions, or a CodeSystem resource in the input, which comes first.
struct CodeSystem {
  std::vector<fhir::Code> own_codes;  ///< of a CodeSystem in the input
  std::vector<fhir::CodeLink> own_links;
  std::vector<tree::Item> concepts;  ///< one per own code
  std::span<const fhir::Code> codes;
  std::span<const fhir::CodeLink> links;  ///< sorted by code

  CodeSystem() = default;
  CodeSystem(CodeSystem&&) = default;
  CodeSystem& operator=(CodeSystem&&) = default;

  const fhir::Code* find(std::string_view code) const;
  std::span<const fhir::CodeLink> above(std::string_view code) const;
  /// The code itself and its ancestors, nearest first.
  std::vector<std::string_view> self_and_ancestors(std::string_view code) const;
  /// nullopt: one of the codes is not in the system.
  std::optional<bool> subsumes(std::string_view general, std::string_view special) const;
};

/// nullopt: unknown, or not complete.
std::optional<CodeSystem> find_code_system(Evaluation& run, std::string_view url);

using CodeList = std::vector<fhir::Code>;  ///< each code once
/// The codes of a ValueSet in the input, else of the definitions. nullopt: unknown, or only a terminology server could expand it.
std::optional<CodeList> find_value_set(Evaluation& run, std::string_view canonical);
std::optional<CodeList> expand_value_set(Evaluation& run, tree::Item value_set);

}  // namespace vardbron::fhirpath
