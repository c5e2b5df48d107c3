#include "gateway/exchange/receipt.h"

#include "gateway/base/counted.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/parse.h"
#include "gateway/sweden/hsa_id.h"

#include <algorithm>
#include <utility>

namespace vardbron::exchange {

namespace {

using fhir::Issue;
using enum fhir::Severity;

std::string outcome_text(const std::vector<Issue>& issues) {
  json::Composer json;
  json.begin_object().text("resourceType", "OperationOutcome").begin_list("issue");
  for (const Issue& issue : issues) {
    const bool has_expression = fhir::is_expression(issue.where);
    const std::string before = issue.where.empty() || has_expression ? "" : issue.where + ": ";
    json.begin_object().text("severity", to_string(issue.severity)).text("code", issue.code);
    json.text("diagnostics", visible(before + issue.says));
    if (has_expression) json.begin_list("expression").text(visible(issue.where)).end_list();
    json.end_object();
  }
  return json.end_list().end_object().finish();
}

/// Which parties are notified, and how; and which are not.
std::string who_is_notified(const Stored& stored) {
  std::size_t by_subscription = 0, by_search = 0;
  std::string nobody;
  for (const auto& [party, subscriptions] : stored.notified) {
    if (party == stored.notice.sender.id) continue;  // of a Task of its own
    const bool is_reached = stored.receivers.standing(party) == access::Receivers::Standing::Reached;
    if (!is_reached)
      nobody += (nobody.empty() ? "" : ", ") + sweden::shown(party);
    else
      ++(subscriptions > 0 ? by_subscription : by_search);
  }
  std::string says = by_subscription == 0 ? "No organisation is notified" : counted(by_subscription, "organisation");
  if (by_subscription > 0)
    says += by_subscription == 1 ? " is notified by its subscription" : " are notified by their subscriptions";
  if (by_search > 0)
    says += ", " + counted(by_search, "organisation") + (by_search == 1 ? " finds it by search" : " find it by search");
  if (!nobody.empty()) says += "; not told, since this gateway does not know them: " + nobody;
  return says + ".";
}

std::string summary(const Stored& stored) {
  std::string says =
      "Stored: " + std::string(to_string(stored.notice.event)) + " of case " + stored.notice.case_identity.value + ".";
  says += " The case is " + std::string(to_string(stored.after.standing.state));
  if (stored.after.standing.on_leave) says += ", the patient on leave";
  const std::size_t parties = stored.after.parties.size();
  says += "; " + counted(parties, "organisation") + (parties == 1 ? " is" : " are") + " party to it";
  if (std::ranges::find(stored.after.parties, stored.notice.sender.id) != stored.after.parties.end())
    says += parties == 1 ? ", its sender" : ", its sender among them";
  says += ".";
  says += " " + who_is_notified(stored);
  const std::size_t written = stored.resources_written;
  return says += " " + counted(written, "resource") + (written == 1 ? " was written." : " were written.");
}

constexpr std::string_view kept_as_it_came = "The message is kept as it came", as_entry = ", as journal entry ";

// Receipts that are older than ids in them have the entry's number.
std::string with_id(const store::JournalEntry& entry) {
  const std::string before = std::string(kept_as_it_came).append(as_entry);
  const std::string numbered = before + std::to_string(entry.number) + ",";
  std::string text = entry.receipt;
  const std::size_t at = text.rfind(numbered);
  if (at != std::string::npos) text.replace(at, numbered.size(), before + entry.id + ",");
  return text;
}

// The causes that have a status of their own; they are stored as the code of the first issue.
Cause cause_of(std::string_view code) {
  for (Cause cause : {Cause::Forbidden, Cause::TooLarge}) {
    if (code == fhir::issue_type(cause)) return cause;
  }
  return Cause::Invalid;
}

}  // namespace

bool is_held(const Stored& stored) {
  const std::string identity = stored.notice.identity.system + "|" + stored.notice.identity.value;
  return std::any_of(stored.after.findings.begin(), stored.after.findings.end(), [&](const care::Finding& finding) {
    return finding.identity == identity && finding.code == care::notified_nobody;
  });
}

std::string stored_text(const Stored& stored) {
  std::vector<Issue> issues{{Information, "informational", summary(stored), ""}};
  if (stored.same_id_other_bytes) {
    std::string says = "An earlier message had the same identity but other content. Both are kept";
    if (stored.resources_written == 0) says += ", but this one changed nothing in the case";
    says += "; give every message an identity of its own, and correct an earlier one by a notice that names it.";
    issues.push_back({Warning, "duplicate", std::move(says), "Bundle.identifier"});
  }
  const std::string identity = stored.notice.identity.system + "|" + stored.notice.identity.value;
  for (const care::Finding& finding : stored.after.findings) {
    if (finding.identity == identity) issues.push_back({Warning, "business-rule", finding.says, ""});
  }
  if (stored.is_apart && !care::may_precede_stay(stored.notice.says()) && stored.after.standing.state == care::State::None)
    issues.push_back({Warning, "business-rule",
                      "The sender is party to no ärende of this number. If another organisation opened the ärende, or will open "
                      "it, this notice does not reach it: send it again once you have its admission notice.",
                      "Bundle.entry.resource.ofType(Encounter).identifier"});
  return outcome_text(issues);
}

std::string quarantined_text(const Failure& failure, const std::vector<Issue>& faults, std::string_view journal_id) {
  std::vector<Issue> issues = faults;
  if (issues.empty()) issues.push_back({Error, std::string(fhir::issue_type(failure.cause)), failure.says, failure.where});
  issues.push_back({Information, "informational", kept_in_quarantine(failure.cause, journal_id), ""});
  return outcome_text(issues);
}

std::string replayed_text(std::string says) { return outcome_text({{Information, "informational", std::move(says), ""}}); }

std::string kept_in_quarantine(Cause cause, std::string_view journal_id) {
  std::string says(kept_as_it_came);
  if (!journal_id.empty()) says.append(as_entry).append(journal_id).append(",");
  says += " and reached nobody. ";
  switch (cause) {
    case Cause::Forbidden: return says + "Have it replayed by an operator when the configuration is mended.";
    case Cause::NotFound: return says + "An operator can replay it once the channel is configured again.";
    case Cause::TooLarge: return says + "An operator can replay it once there is room for it; sending it again changes nothing.";
    case Cause::Broken: return says + "An operator can replay it once the gateway is mended; sending it again changes nothing.";
    default: return says + "Send it again corrected, or have it replayed when the map is mended.";
  }
}

std::string accepted_text() {
  return outcome_text({{Information, "informational", "The message is kept and will be read in turn.", ""}});
}

Result<Receipt> receipt_of(const store::JournalEntry& entry) {
  Receipt receipt{entry.outcome, entry.number, entry.id, entry.receipt, std::nullopt};
  if (entry.outcome == store::Outcome::Pending) {
    receipt.text = accepted_text();
    return receipt;
  }
  const tree::Names names;
  Result<tree::Document> outcome = json::parse(entry.receipt, names);
  if (!outcome) return Failure{Cause::Broken, "The receipt that was kept of the message cannot be read.", ""};
  if (entry.outcome == store::Outcome::Quarantined) {
    receipt.refused = Failure{cause_of(tree::root(*outcome).child("issue").text_of("code")), "", ""};
    receipt.text = with_id(entry);
  }
  return receipt;
}

}  // namespace vardbron::exchange
