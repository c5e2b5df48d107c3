#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace vardbron::fhirpath {

class Evaluation;

/// A code with what is known of its system.
struct Coded {
  std::string_view system, code;
};

/// A code system as far as a run can ask it: of the definitions, or a CodeSystem beside the input, which is asked first.
struct CodeSystem {
  std::vector<fhir::Code> own_codes;  ///< of a CodeSystem beside the input
  std::vector<fhir::CodeLink> own_links;
  std::vector<tree::Item> concepts;  ///< one per own code
  std::span<const fhir::Code> codes;
  std::span<const fhir::CodeLink> links;  ///< sorted by code

  CodeSystem() = default;
  CodeSystem(CodeSystem&&) = default;
  CodeSystem& operator=(CodeSystem&&) = default;

  const fhir::Code* find(std::string_view code) const;
  std::span<const fhir::CodeLink> above(std::string_view code) const;
  /// The code itself and what stands above it, near ones first.
  std::vector<std::string_view> self_and_ancestors(std::string_view code) const;
  /// nullopt: one of the codes is none of the system's.
  std::optional<bool> subsumes(std::string_view general, std::string_view special) const;
};

/// nullopt: not known here, or not completely.
std::optional<CodeSystem> find_code_system(Evaluation& run, std::string_view url);

using CodeList = std::vector<fhir::Code>;  ///< a code stands once
/// The codes of a ValueSet beside the input, or else of the definitions. nullopt: not known, or it takes a server to list it.
std::optional<CodeList> find_value_set(Evaluation& run, std::string_view canonical);
std::optional<CodeList> expand_value_set(Evaluation& run, tree::Item value_set);

}  // namespace vardbron::fhirpath
