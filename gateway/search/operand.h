#pragma once

// Tested by tests/search/parse_query_test.cpp and tests/search/match_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/search/query.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::search {

/// The parameter whose values are parsed.
struct OperandContext {
  const fhir::Definitions& definitions;
  const fhir::SearchParameter& parameter;
  KeyKind kind = KeyKind::Token;
  Modifier modifier = Modifier::None;
  std::string_view target;    ///< of :Type, or empty
  std::string_view base_url;  ///< of this server: absolute references below it are local; "" = unknown
};

/// The values of one parameter, still escaped. Source: R4 search.html 3.1.1.4: "," separates values, "\" escapes "," "|" "$" "\".
std::vector<std::string> split_values(std::string_view text);

/// Parses one value; a reference without type becomes one operand per possible target type. Invalid: `says` names the parameter.
Result<void> add_operands(const OperandContext& context, std::string_view text, std::vector<Operand>& into);

}  // namespace vardbron::search
