#include "gateway/exchange/receipt.h"

#include "gateway/base/counted.h"
#include "gateway/base/text.h"
#include "gateway/care/plan/plan_machine.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/parse.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
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

/// Parties that learn of a notice in the same way.
struct Alike {
  void add(const std::string& party) { names += (count++ == 0 ? "" : ", ") + sweden::shown(party); }
  std::size_t count = 0;
  std::string names;
};

struct Reached {
  Alike by_subscription, later, when_renewed, by_search, never;
};

Alike& of(const subscription::Reached& subscriptions, Reached& reached) {
  if (subscriptions.delivering > 0) return reached.by_subscription;
  if (subscriptions.not_taking > 0) return reached.later;
  return subscriptions.stopped > 0 ? reached.when_renewed : reached.by_search;
}

Reached reached_by(const Stored& stored) {
  Reached reached;
  for (const auto& [party, subscriptions] : stored.notified) {
    if (party == stored.notice.sender.id) continue;  // of a Task of its own
    const bool is_known = stored.receivers.standing(party) == access::Receivers::Standing::Reached;
    (is_known ? of(subscriptions, reached) : reached.never).add(party);
  }
  return reached;
}

// "2 organisations are notified by their subscriptions (SE1-A, SE1-B)"
std::string counted_by_name(const Alike& parties, std::string_view one, std::string_view several) {
  std::string says = counted(parties.count, "organisation");
  return says.append(parties.count == 1 ? one : several).append(" (").append(parties.names).append(")");
}

std::string who_is_notified(const Reached& reached) {
  std::string says = "No organisation is notified";
  if (reached.by_subscription.count > 0)
    says = counted_by_name(reached.by_subscription, " is notified by its subscription", " are notified by their subscriptions");
  const std::size_t not_now = reached.later.count + reached.when_renewed.count;
  if (not_now > 0) says += ", " + counted(not_now, "organisation") + (not_now == 1 ? " is" : " are") + " not notified now";
  if (reached.by_search.count > 0) says += ", " + counted_by_name(reached.by_search, " finds it by search", " find it by search");
  if (reached.never.count > 0) says += "; not told, since this gateway does not know them: " + reached.never.names;
  return says + ".";
}

/// Who is not notified now although it subscribes: the sender may have to reach it otherwise.
std::vector<Issue> not_now(const Reached& reached) {
  std::vector<Issue> issues;
  if (reached.later.count > 0)
    issues.push_back({Warning, "processing",
                      "Not told yet, since the system that its subscription names does not take notifications at present: " +
                          reached.later.names +
                          ". It gets this one as soon as it does; the gateway goes on trying for days. If it is urgent, use the "
                          "telephone.",
                      ""});
  if (reached.when_renewed.count > 0)
    issues.push_back(
        {Warning, "processing",
         "Not told, since its subscription is stopped: " + reached.when_renewed.names +
             ". It gets this notice once it has mended its system and asked to continue, and finds it by search until "
             "then. If it is urgent, use the telephone.",
         ""});
  return issues;
}

bool is_party(const Stored& stored) {
  return std::ranges::find(stored.after.parties, stored.notice.sender.id) != stored.after.parties.end();
}

/// A notice of a plan whose sender takes no part in it, and did not end its part by this very notice: there may be such a plan or
/// not, and the answer is the same.
bool is_of_no_plan_of_its_sender(const Stored& stored) {
  if (stored.after.plan.empty() || is_party(stored)) return false;
  const std::string identity = stored.notice.identity.system + "|" + stored.notice.identity.value;
  for (std::size_t index = 0; index < stored.after.links.size(); ++index) {
    const care::LinkReport& link = stored.after.links[index];
    if (link.identity == identity)
      return link.link_status != care::LinkStatus::Effective || stored.after.plan_state == to_string(care::plan::State::None);
  }
  return true;
}

std::string why_it_reaches_no_plan(const care::Notice& notice) {
  const bool takes_back = notice.consent && notice.consent->decision != care::Consent::Decision::Given;
  return "Nothing is changed by it: no plan with this identity is known in which \"" + sweden::shown(notice.sender.id) +
         "\" takes part" + (takes_back ? ", so nothing was taken back" : "") +
         ". If the call to it is still to come, send the notice again then, as a new one; if not, name the plan as those do who "
         "called to it, or ask them.";
}

std::string summary(const Stored& stored, const Reached& reached) {
  const bool is_plan = !stored.after.plan.empty();
  if (is_of_no_plan_of_its_sender(stored)) return "Stored: " + std::string(to_string(stored.notice.event)) + " of a plan.";
  if (is_plan && !is_party(stored))
    return "Stored: " + std::string(to_string(stored.notice.event)) + " of a plan. Its sender takes part in it no more. " +
           who_is_notified(reached);
  std::string says = "Stored: " + std::string(to_string(stored.notice.event)) +
                     (is_plan ? std::string(" of a plan.") : " of case " + stored.notice.case_identity.value + ".");
  says +=
      is_plan ? " The plan is " + stored.after.plan_state : " The case is " + std::string(to_string(stored.after.standing.state));
  if (stored.after.standing.on_leave) says += ", the patient on leave";
  const std::size_t parties = stored.after.parties.size();
  says += "; " + counted(parties, "organisation") + (parties == 1 ? " is" : " are") + " party to it";
  if (is_party(stored)) says += parties == 1 ? ", its sender" : ", its sender among them";
  says += ".";
  says += " " + who_is_notified(reached);
  const std::size_t written = stored.resources_written;
  return says += " " + counted(written, "resource") + (written == 1 ? " was written." : " were written.");
}

constexpr const char* plan_assigner = "Bundle.entry.resource.ofType(CarePlan).identifier.assigner";
constexpr const char* arende_number = "Bundle.entry.resource.ofType(Encounter).identifier";

// The case that it opens has no admission of its own: the sender meant that of another organisation.
bool is_apart_without_stay(const Stored& stored) {
  return stored.is_apart && !care::may_precede_stay(stored.notice.says()) && stored.after.standing.state == care::State::None;
}

std::string why_it_reaches_no_arende(const care::Notice& notice) {
  return "Nobody was told: \"" + sweden::shown(notice.sender.id) + "\" is party to no ärende with the number \"" +
         notice.case_identity.value +
         "\". The notice is kept and goes on by itself to nobody, also when such an ärende is opened later. If the number "
         "is right, send the notice again, as it is, when the admission notice has come; if not, send it with the right one.";
}

// "; 2 ärenden of your organisation follow."
std::string who_follows(const MergeEffect& effect) {
  if (effect.own_cases == 0) return ". No ärende of your organisation is of that person.";
  if (effect.own_cases == 1) return "; one ärende of your organisation follows.";
  return "; " + std::to_string(effect.own_cases) + " ärenden of your organisation follow.";
}

// What it changes, or why it changes nothing.
Issue what_it_does(const StoredOfPerson& stored) {
  const care::Notice& notice = stored.notice;
  const MergeEffect& effect = stored.effect;
  const std::string says = "Stored: " + std::string(to_string(notice.event)) + " of a person. ";
  const auto warning = [&](std::string_view why) { return Issue{Warning, "business-rule", says + std::string(why), ""}; };
  const auto information = [&](std::string why) { return Issue{Information, "informational", says + std::move(why), ""}; };
  if (notice.replaces && !effect.has_target)
    return warning(
        "Nothing is changed by it: of your organisation nothing has come that has the identity which it is about and names one "
        "of these numbers. It is kept, and counts when that comes.");
  if (notice.event == care::Event::Nullified && effect.changes)
    return information("What it is about is cancelled" + who_follows(effect));
  if (notice.event == care::Event::Nullified) return information("What it is about is cancelled, and did not count.");
  if (notice.says() == care::Event::PersonUnmerged && effect.changes)
    return information("By merges of your organisation these numbers are one person's no more" + who_follows(effect));
  if (notice.says() == care::Event::PersonUnmerged)
    return warning("Nothing is changed by it: no merge of your organisation that counts has joined these numbers before.");
  if (effect.counts) return information("The numbers are one person's" + who_follows(effect));
  if (effect.is_cancelled) return warning("It joins nothing: your organisation has cancelled it, or taken the numbers apart.");
  return warning(
      "It joins nothing now: a merge counts from the sluten vård that has an ärende of the person. It is kept, and counts by "
      "itself when an admission notice of your organisation names one of the numbers.");
}

bool has_two_of(const care::Notice& notice, sweden::IdentifierSystem system) {
  const auto is_it = [&](const care::Identity& each) { return sweden::find_system(each.system) == system; };
  return std::ranges::count_if(notice.person.identifiers, is_it) + std::ranges::count_if(notice.replaced_numbers, is_it) > 1;
}

// A number of the population register that is given up for a reserve number, mostly by exchanging the two.
bool is_the_wrong_way(const care::Notice& notice) {
  return std::ranges::any_of(notice.replaced_numbers, [&](const care::Identity& replaced) {
    return std::ranges::all_of(notice.person.identifiers, [&](const care::Identity& each) {
      return sweden::supersedes(sweden::find_system(replaced.system), sweden::find_system(each.system));
    });
  });
}

std::vector<std::string> doubts_of_merge(const care::Notice& notice) {
  std::vector<std::string> doubts;
  if (has_two_of(notice, sweden::IdentifierSystem::Personnummer))
    doubts.emplace_back(
        "Two of the numbers are personnummer. A person has one, and gets another one only when the day of birth or the sex is "
        "changed (folkbokföringslagen 18 §). If these are two persons, cancel the merge.");
  if (has_two_of(notice, sweden::IdentifierSystem::Samordningsnummer))
    doubts.emplace_back(
        "Two of the numbers are samordningsnummer, and a person has one. If these are two persons, cancel the merge.");
  if (is_the_wrong_way(notice))
    doubts.emplace_back(
        "The number that is used no more is the better one: a personnummer or samordningsnummer is replaced by one that is given "
        "until it is known. If it is the wrong way round, cancel the merge and send it again.");
  return doubts;
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
  const Reached reached = reached_by(stored);
  std::vector<Issue> issues{{Information, "informational", summary(stored, reached), ""}};
  std::ranges::move(not_now(reached), std::back_inserter(issues));
  if (stored.same_id_other_bytes) {
    std::string says = "An earlier message had the same identity but other content. Both are kept";
    if (stored.resources_written == 0) says += ", but this one changed nothing in the case";
    says += "; give every message an identity of its own, and correct an earlier one by a notice that names it.";
    issues.push_back({Warning, "duplicate", std::move(says), "Bundle.identifier"});
  }
  const std::string identity = stored.notice.identity.system + "|" + stored.notice.identity.value;
  const bool is_nobodys = is_apart_without_stay(stored);
  const bool is_of_no_plan = is_of_no_plan_of_its_sender(stored);
  for (const care::Finding& finding : stored.after.findings) {
    const auto is_it = [&](const care::Doubt& doubt) { return doubt.says == finding.says; };
    if (is_of_no_plan && std::ranges::none_of(stored.notice.doubts, is_it)) continue;
    const bool is_said_below = is_nobodys && finding.code == care::notified_nobody;
    if (finding.identity != identity || is_said_below) continue;
    std::vector<std::string> unreached = finding.sent_to;
    std::erase_if(unreached, [&](const std::string& each) {
      return stored.receivers.standing(each) == access::Receivers::Standing::Reached;
    });
    issues.push_back({Warning, "business-rule", care::text_of(finding, unreached), ""});
  }
  if (is_of_no_plan) issues.push_back({Warning, "business-rule", why_it_reaches_no_plan(stored.notice), ""});
  if (!stored.warning.empty()) issues.push_back({Warning, "business-rule", stored.warning, plan_assigner});
  if (is_nobodys) issues.push_back({Warning, "business-rule", why_it_reaches_no_arende(stored.notice), arende_number});
  return outcome_text(issues);
}

std::string stored_text(const StoredOfPerson& stored) {
  const care::Notice& notice = stored.notice;
  std::vector<Issue> issues{what_it_does(stored)};
  const auto warn = [&](std::string says) { issues.push_back({Warning, "business-rule", std::move(says), ""}); };
  const bool joins = notice.event != care::Event::Nullified && notice.says() == care::Event::PersonMerged;
  if (joins) std::ranges::for_each(doubts_of_merge(notice), warn);
  if (notice.time_is_guessed)
    warn("A time of the notice has no zone and falls into an hour that is there twice or never. Check it.");
  for (const care::Doubt& doubt : notice.doubts) warn(doubt.says);
  if (stored.same_id_other_bytes)
    issues.push_back({Warning, "duplicate",
                      "An earlier message had the same identity but other content, and of one identity one message counts. Give "
                      "every message an identity of its own, and correct an earlier one by a notice that names it.",
                      "Bundle.identifier"});
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

std::string repeated_text(std::string_view first) {
  std::vector<fhir::Issue> issues{
      {Warning, "duplicate",
       "The same act was taken before and is not done again. What follows is the answer of then: what "
       "was written by it, if anything was, is not there for you now.",
       ""}};
  const tree::Names names;
  const Result<tree::Document> outcome = json::parse(std::string(first), names);
  if (outcome)
    for (tree::Item each = tree::root(*outcome).child("issue"); each; each = each.next())
      if (each.name_text() == "issue")
        issues.push_back({each.text_of("severity") == to_string(Warning) ? Warning : Information,
                          std::string(each.text_of("code")), std::string(each.text_of("diagnostics")),
                          std::string(each.text_of("expression"))});
  return outcome_text(issues);
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
