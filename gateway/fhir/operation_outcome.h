#pragma once

#include "gateway/base/result.h"
#include "gateway/tree/document.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::fhir {

/// Source: CodeSystem issue-severity.
enum class Severity : unsigned char { Fatal, Error, Warning, Information };

std::string_view to_string(Severity severity);  ///< "error"

/// One issue of an OperationOutcome.
struct Issue {
  Severity severity = Severity::Error;
  std::string code;   ///< of CodeSystem issue-type: "structure", "required", "value", "code-invalid" ..
  std::string says;   ///< a plain sentence without patient data; becomes `diagnostics`
  std::string where;  ///< FHIRPath of the place; becomes `expression`. Other places ("12:5", a file) go into `diagnostics`
  bool operator==(const Issue&) const = default;
};

/// True if a place may be an `expression`: it begins with a name and contains no white space, colon or slash.
bool is_expression(std::string_view where);

/// The best fitting code of CodeSystem issue-type for a cause.
std::string_view issue_type(Cause cause);
Issue issue_of(const Failure& failure);

/// An OperationOutcome with these issues. Texts go through visible() (base/text.h), since they may quote a sender. Without issues
/// it contains one that reports success: FHIR R4 operationoutcome.html requires 1..*.
tree::Document operation_outcome(std::span<const Issue> issues, const tree::Names& names);
tree::Document operation_outcome(const Failure& failure, const tree::Names& names);

}  // namespace vardbron::fhir
