#include "gateway/exchange/receipt.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace vardbron::exchange {

namespace {

// One issue of an OperationOutcome. Source: FHIR R4 operationoutcome.html.
struct Issue {
  std::string_view severity, code;
  std::string says, where;
};

std::string outcome_text(const std::vector<Issue>& issues) {
  std::string text = "{\"resourceType\":\"OperationOutcome\",\"issue\":[";
  for (const Issue& issue : issues) {
    if (&issue != issues.data()) text += ',';
    text.append("{\"severity\":").append(json_quoted(issue.severity)).append(",\"code\":").append(json_quoted(issue.code));
    text.append(",\"diagnostics\":").append(json_quoted(issue.says));
    if (!issue.where.empty()) text.append(",\"expression\":[").append(json_quoted(issue.where)).append("]");
    text += '}';
  }
  return text += "]}";
}

std::string summary(const Stored& stored) {
  std::string says =
      "Stored: " + std::string(to_string(stored.notice.event)) + " of case " + stored.notice.case_identity.value + ".";
  says += " The case is " + std::string(to_string(stored.after.standing.state));
  if (stored.after.standing.on_leave) says += ", the patient on leave";
  const std::size_t parties = stored.after.parties.size();
  says += "; " + std::to_string(parties) + (parties == 1 ? " organisation is" : " organisations are") + " party to it.";
  return says += " " + std::to_string(stored.resources_written) + " resources were written.";
}

}  // namespace

bool is_held(const Stored& stored) {
  const std::string identity = stored.notice.identity.system + "|" + stored.notice.identity.value;
  return std::any_of(stored.after.findings.begin(), stored.after.findings.end(), [&](const care::Finding& finding) {
    return finding.identity == identity && finding.code == care::told_to_nobody;
  });
}

std::string stored_text(const Stored& stored) {
  std::vector<Issue> issues{{"information", "informational", summary(stored), ""}};
  if (stored.same_id_other_bytes) {
    issues.push_back(
        {"warning", "duplicate",
         "An earlier message had the same identity but other content. Both are kept; give every message an identity of its own.",
         "Bundle.identifier"});
  }
  const std::string identity = stored.notice.identity.system + "|" + stored.notice.identity.value;
  for (const care::Finding& finding : stored.after.findings) {
    if (finding.identity == identity) issues.push_back({"warning", "business-rule", finding.says, ""});
  }
  return outcome_text(issues);
}

std::string quarantined_text(const Failure& failure) {
  const bool forbidden = failure.cause == Cause::Forbidden;
  return outcome_text(
      {{"error", forbidden ? "forbidden" : "invalid", failure.says, failure.where},
       {"information", "informational",
        std::string("The message is kept as it came and reached nobody. Send it again corrected, or have it replayed when the ") +
            (forbidden ? "configuration" : "map") + " is mended.",
        ""}});
}

std::string accepted_text() {
  return outcome_text({{"information", "informational", "The message is kept and will be read in turn.", ""}});
}

}  // namespace vardbron::exchange
