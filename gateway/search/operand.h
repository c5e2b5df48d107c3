#pragma once

// Tested by tests/search/parse_query_test.cpp and tests/search/match_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/search/query.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::search {

/// The parameter whose values are parsed.
struct OperandContext {
  const fhir::Definitions& definitions;
  const fhir::SearchParameter& parameter;
  std::string_view name;  ///< as it was written: the place of failures
  KeyKind kind = KeyKind::Token;
  Modifier modifier = Modifier::None;
  std::string_view target;        ///< of :Type, or empty
  std::string_view base_url;      ///< of this server: absolute references below it are local; "" = unknown
  std::optional<WallTime> now{};  ///< for ap of dates
};

/// The values of one parameter, still escaped. Source: R4 search.html 3.1.1.4: "," separates values, "\" escapes "," "|" "$" "\".
std::vector<std::string> split_values(std::string_view text);

/// A value without its escapes.
std::string unescaped(std::string_view text);

/// Parses one value; a reference without type becomes one operand per possible target type. Invalid.
Result<void> add_operands(const OperandContext& context, std::string_view text, std::vector<Operand>& into);
/// Parses a value of identifier:of-type, system|code|value. Invalid.
Result<void> add_of_type(const OperandContext& context, std::string_view text, std::vector<Operand>& into);

}  // namespace vardbron::search
