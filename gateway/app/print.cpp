#include "gateway/app/print.h"

#include "gateway/formats/json/parse.h"

#include <cstdio>

namespace vardbron::app {

ExitCode exit_code_of(Cause cause) {
  switch (cause) {
    case Cause::Broken:
    case Cause::Busy:
    case Cause::TimedOut:
    case Cause::Cancelled: return BrokenEnvironment;
    default: return Refused;
  }
}

ExitCode print_failure(const Failure& failure) {
  const std::string where = failure.where.empty() ? "" : failure.where + ": ";
  std::fprintf(stderr, "vardbron: %s%s\n", where.c_str(), failure.says.c_str());
  return exit_code_of(failure.cause);
}

std::string outcome_in_words(std::string_view body) {
  const tree::Names names;
  Result<tree::Document> outcome = json::parse(std::string(body), names);
  if (!outcome || tree::root(*outcome).text_of("resourceType") != "OperationOutcome") return std::string(body);
  std::string words;
  for (tree::Item issue = tree::root(*outcome).first_child(); issue; issue = issue.next()) {
    if (issue.name_text() != "issue") continue;
    if (!words.empty()) words += '\n';
    const std::string_view severity = issue.text_of("severity");
    if (severity != "information") words.append(severity).append(": ");
    const std::string_view where = issue.text_of("expression");
    if (!where.empty()) words.append(where).append(": ");
    words.append(issue.text_of("diagnostics"));
  }
  return words;
}

}  // namespace vardbron::app
