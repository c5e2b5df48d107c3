#include "gateway/fhir/operation_outcome.h"

#include "gateway/base/text.h"

#include <algorithm>

namespace vardbron::fhir {

namespace {

void add_issue(tree::Document& document, const Issue& issue) {
  tree::NodeId node = document.add(0, document.intern("issue"), tree::Kind::Object, true);
  document.add_text(node, document.intern("severity"), tree::Kind::String, to_string(issue.severity));
  document.add_text(node, document.intern("code"), tree::Kind::String, issue.code);
  std::string says = issue.says;
  if (!issue.where.empty() && !is_expression(issue.where)) says = says.empty() ? issue.where : issue.where + ": " + says;
  if (!says.empty()) document.add_text(node, document.intern("diagnostics"), tree::Kind::String, visible(says));
  if (is_expression(issue.where))
    document.add_text(node, document.intern("expression"), tree::Kind::String, visible(issue.where), true);
}

}  // namespace

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::Fatal: return "fatal";
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Information: return "information";
  }
  return "error";
}

bool is_expression(std::string_view where) {
  const bool begins_well =
      !where.empty() && ((where.front() >= 'A' && where.front() <= 'Z') || (where.front() >= 'a' && where.front() <= 'z'));
  return begins_well && where.find_first_of(" \t\n/:") == std::string_view::npos;
}

std::string_view issue_type(Cause cause) {
  switch (cause) {
    case Cause::Invalid: return "invalid";
    case Cause::Unauthenticated: return "login";
    case Cause::Forbidden: return "forbidden";
    case Cause::NotFound: return "not-found";
    case Cause::Gone: return "deleted";
    case Cause::Conflict: return "conflict";
    case Cause::TooLarge: return "too-costly";
    case Cause::Unsupported: return "not-supported";
    case Cause::Busy: return "throttled";
    case Cause::TimedOut: return "timeout";
    case Cause::Cancelled: return "transient";
    case Cause::Broken: return "exception";
  }
  return "exception";
}

Issue issue_of(const Failure& failure) {
  Severity severity = failure.cause == Cause::Broken ? Severity::Fatal : Severity::Error;
  return {severity, std::string(issue_type(failure.cause)), failure.says, failure.where};
}

tree::Document operation_outcome(std::span<const Issue> issues, const tree::Names& names) {
  tree::Document document(names);
  document.add_text(0, document.intern("resourceType"), tree::Kind::String, "OperationOutcome");
  for (const Issue& issue : issues) add_issue(document, issue);
  if (issues.empty()) add_issue(document, {Severity::Information, "informational", "All is well.", ""});
  return document;
}

tree::Document operation_outcome(const Failure& failure, const tree::Names& names) {
  Issue issue = issue_of(failure);
  return operation_outcome(std::span(&issue, 1), names);
}

}  // namespace vardbron::fhir
