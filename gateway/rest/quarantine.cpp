#include "gateway/access/audit.h"
#include "gateway/base/digest.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/exchange/receipt.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/parse.h"
#include "gateway/rest/handlers.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace vardbron::rest {

namespace {

using store::JournalEntry;

// Line and column, where they are known; names of elements are the sender's words too, and one may be a person's number.
std::string_view place_in(std::string_view where) {
  if (where.ends_with(')')) where = where.substr(where.rfind('(') + 1);
  if (where.ends_with(')')) where.remove_suffix(1);
  const std::size_t colon = where.find(':');
  const bool is_place =
      colon != std::string_view::npos && parse_int(where.substr(0, colon)) && parse_int(where.substr(colon + 1));
  return is_place ? where : std::string_view{};
}

// "3:17" at the beginning of the reason, where the place is no element.
std::string_view place_before(std::string_view says) { return place_in(says.substr(0, says.find(": "))); }

// Texts under these codes consist of the map's and the model's words and of shapes (mapping/fault.h), never of the message's;
// "processing" is from the reader of a format, or for a message of another type than its map takes.
bool may_be_shown(std::string_view code) {
  return code == "required" || code == "value" || code == "code-invalid" || code == "business-rule" || code == "processing";
}

// `says` is the sender's answer; only names of our own settings are taken from it.
std::string reason_of(std::string_view code, std::string_view says) {
  if (code == "forbidden") return "Its sender may not speak for the unit it names.";
  if (code == "not-found") return "Its channel is not configured.";
  for (std::string_view limit : {"decisive_notices_per_case", "task_writes_per_case", "notices_per_case"}) {
    if (code == "too-costly" && says.find(limit) != std::string_view::npos) return "It is over " + std::string(limit) + ".";
  }
  if (code == "too-costly") return "It is over a limit.";
  if (code == "exception") return "The gateway failed at it.";
  return "It was not understood. Why was told to its sender in the answer, which may quote the message and is not shown here.";
}

// An issue of the answer to its sender, without diagnostics that may quote the message.
std::string issue_text(tree::Item issue) {
  const std::string_view code = issue.text_of("code"), says = issue.text_of("diagnostics"), where = issue.text_of("expression");
  const bool is_shown = may_be_shown(code);
  json::Composer json;
  json.begin_object().text("severity", issue.text_of("severity")).text("code", code);
  json.text("diagnostics", is_shown ? std::string(says) : reason_of(code, says));
  std::string_view place = is_shown ? where : place_in(where);
  if (!is_shown && place.empty()) place = place_before(says);
  if (!place.empty()) json.begin_list("expression").text(place).end_list();
  return json.end_object().finish();
}

/// The issues of an entry that say why it is kept.
std::vector<std::string> issues_in(const std::string& receipt, std::vector<std::string>* codes = nullptr) {
  const tree::Names names;
  Result<tree::Document> outcome = json::parse(receipt, names);
  std::vector<std::string> issues;
  if (!outcome) return issues;
  for (tree::Item issue = tree::root(*outcome).first_child(); issue; issue = issue.next()) {
    if (issue.name_text() != "issue" || issue.text_of("severity") == "information") continue;
    issues.push_back(issue_text(issue));
    if (codes != nullptr) codes->emplace_back(issue.text_of("code"));
  }
  return issues;
}

void add_outcome(json::Composer& json, const std::string& receipt) {
  const std::vector<std::string> issues = issues_in(receipt);
  json.key("outcome");
  if (issues.empty()) {
    json.null();
    return;
  }
  json.begin_object().text("resourceType", "OperationOutcome").begin_list("issue");
  for (const std::string& issue : issues) json.raw(issue);
  json.end_list().end_object();
}

void add_entry(json::Composer& json, const JournalEntry& entry) {
  json.number("number", entry.number).text("id", entry.id);
  json.text("channel", entry.message.channel).text("sender", entry.message.sender);
  json.text("received", to_instant(entry.message.received));
  add_outcome(json, entry.receipt);
}

std::string entry_text(const JournalEntry& entry) {
  json::Composer json;
  json.begin_object();
  add_entry(json, entry);
  return json.end_object().finish();
}

/// The parameters of a list.
struct Filter {
  std::string channel, sender, reason;
  std::optional<WallTime> since;
  std::int64_t after = 0;
  std::size_t count = limits::search_results_per_page_max;

  bool takes(const JournalEntry& entry) const {
    if (!channel.empty() && entry.message.channel != channel) return false;
    if (!sender.empty() && entry.message.sender != sender) return false;
    if (since && entry.message.received < *since) return false;
    if (reason.empty()) return true;
    std::vector<std::string> codes;
    issues_in(entry.receipt, &codes);
    return std::find(codes.begin(), codes.end(), reason) != codes.end();
  }
};

Failure invalid(std::string says, std::string_view where) { return {Cause::Invalid, std::move(says), std::string(where)}; }

Result<std::int64_t> whole(const http::Parameter& parameter, std::int64_t least) {
  const std::optional<std::int64_t> number = parse_int(parameter.value);
  if (!number || *number < least)
    return invalid("\"" + parameter.name + "\" is a whole number from " + std::to_string(least) + ".", parameter.name);
  return *number;
}

// Possible codes of the first issue of a kept message: of its reader and its map, and the causes of all other refusals.
constexpr std::array<std::string_view, 13> reasons{"business-rule", "code-invalid", "conflict",      "exception",  "forbidden",
                                                   "invalid",       "not-found",    "not-supported", "processing", "required",
                                                   "structure",     "too-costly",   "value"};

Result<void> take_reason(const std::string& value, Filter& filter) {
  filter.reason = value;
  if (std::find(reasons.begin(), reasons.end(), value) != reasons.end()) return done();
  std::string says = "There is no reason \"" + value + "\"; there are ";
  for (std::string_view each : reasons) says.append(each == reasons.front() ? "" : ", ").append(each);
  return invalid(says + ".", "reason");
}

Result<void> take(const http::Parameter& parameter, Filter& filter) {
  if (parameter.name == "channel")
    filter.channel = parameter.value;
  else if (parameter.name == "sender")
    filter.sender = sweden::normal_hsa_id(parameter.value);
  else if (parameter.name == "reason")
    return take_reason(parameter.value, filter);
  else if (parameter.name == "since") {
    Result<time::CivilTime> moment = time::parse_civil(parameter.value);
    if (!moment) return invalid("\"since\" is a date or a time: 2026-03-01 or 2026-03-01T08:00:00+01:00.", "since");
    filter.since = moment->at;
  } else if (parameter.name == "after" || parameter.name == "_count") {
    Result<std::int64_t> number = whole(parameter, parameter.name == "after" ? 0 : 1);
    if (!number) return std::move(number).failure();
    if (parameter.name == "after")
      filter.after = *number;
    else
      filter.count = static_cast<std::size_t>(std::min<std::int64_t>(*number, limits::search_results_per_page_max));
  } else {
    return invalid("There is no filter \"" + parameter.name + "\"; there are channel, sender, reason, since, _count and after.",
                   parameter.name);
  }
  return done();
}

Result<Filter> filter_of(const Call& call) {
  Filter filter;
  std::vector<std::string> seen;
  for (const http::Parameter& parameter : call.target.query) {
    if (std::find(seen.begin(), seen.end(), parameter.name) != seen.end())
      return invalid("\"" + parameter.name + "\" is given twice.", parameter.name);
    seen.push_back(parameter.name);
    if (parameter.name == "_format") continue;
    Result<void> taken = take(parameter, filter);
    if (!taken) return std::move(taken).failure();
  }
  return filter;
}

std::string quarantine_url(const ServiceParts& parts) {
  std::string base = parts.base_url;
  if (base.ends_with("/fhir")) base.resize(base.size() - 5);
  return base + "/operate/quarantine";
}

std::string next_url(const ServiceParts& parts, const Call& call, std::int64_t after) {
  std::string url = quarantine_url(parts) + "?after=" + std::to_string(after);
  for (const http::Parameter& parameter : call.target.query) {
    if (parameter.name == "after") continue;
    url.append("&").append(parameter.name).append("=").append(http::percent_encoded(parameter.value));
  }
  return url;
}

/// Entries of a page as JSON, and where the next page starts; 0 = there are no more.
struct Found {
  std::vector<std::string> entries;
  std::int64_t next = 0;
};

// With a filter that few entries pass, only so many are read; the next page continues after them.
Task<Result<Found>> find_entries(store::Store& store, Filter filter) {
  Found found;
  std::int64_t after = filter.after;
  for (std::size_t looked_at = 0; looked_at < limits::quarantined_looked_at_max;) {
    Result<std::vector<JournalEntry>> entries =
        co_await store.journal_entries(store::Outcome::Quarantined, after, limits::quarantined_per_look);
    if (!entries) co_return std::move(entries).failure();
    for (const JournalEntry& entry : *entries) {
      if (found.entries.size() == filter.count) {
        found.next = after;
        co_return found;
      }
      after = entry.number;
      if (filter.takes(entry)) found.entries.push_back(entry_text(entry));
    }
    if (entries->size() < limits::quarantined_per_look) co_return found;
    looked_at += entries->size();
  }
  found.next = after;
  co_return found;
}

Task<Result<void>> note(const ServiceParts& parts, const Call& call, std::string subject, std::string says) {
  std::vector<store::AuditRow> rows;
  rows.push_back(access::operated(call.caller, subject, says));
  co_return co_await parts.store.audit(std::move(rows));
}

std::optional<std::int64_t> number_in(const Call& call) { return parse_int(call.target.segments[2]); }

Cause cause_of(const std::string& receipt) {
  std::vector<std::string> codes;
  issues_in(receipt, &codes);
  for (Cause cause : {Cause::Forbidden, Cause::NotFound, Cause::TooLarge, Cause::Broken}) {
    if (!codes.empty() && codes.front() == fhir::issue_type(cause)) return cause;
  }
  return Cause::Invalid;
}

}  // namespace

// Entries of the quarantine without anything from the messages: number, time, sender and reason.
Task<http::Response> list_quarantine(const ServiceParts& parts, Call call) {
  Result<Filter> filter = filter_of(call);
  if (!filter) co_return refusal(call, filter.failure(), parts.definitions);
  Result<Found> found = co_await find_entries(parts.store, std::move(*filter));
  if (!found) co_return refusal(call, found.failure(), parts.definitions);
  Result<void> noted = co_await note(parts, call, "quarantine", "listed");
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  json::Composer json;
  json.begin_object().begin_list("entries");
  for (const std::string& entry : found->entries) json.raw(entry);
  json.end_list();
  if (found->next != 0) json.text("next", next_url(parts, call, found->next));
  co_return plain_answer(200, "application/json", json.end_object().finish() + "\n");
}

Task<http::Response> show_quarantined(const ServiceParts& parts, Call call) {
  const std::optional<std::int64_t> asked = number_in(call);
  if (!asked) co_return not_found(parts, call);
  const std::int64_t number = *asked;
  Result<JournalEntry> entry = co_await parts.store.journal_entry(number);
  const std::string named = "Entry " + std::to_string(number);
  if (!entry) co_return refusal(call, entry.failure(), parts.definitions);
  if (entry->outcome != store::Outcome::Quarantined)
    co_return refusal(call, {Cause::NotFound, named + " is not in quarantine.", ""}, parts.definitions);
  Result<void> noted = co_await note(parts, call, "quarantine/" + std::to_string(number), "shown");
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  json::Composer json;
  json.begin_object();
  add_entry(json, *entry);
  json.text("contentType", entry->message.content_type).number("bytes", entry->message.body.size());
  json.text("sha256", to_hex(sha256(entry->message.body)));
  json.begin_object("replay").text("method", "POST");
  json.text("url", quarantine_url(parts) + "/" + std::to_string(number) + "/replay");
  json.text("says", exchange::kept_in_quarantine(cause_of(entry->receipt), entry->id)).end_object();
  co_return plain_answer(200, "application/json", json.end_object().finish() + "\n");
}

Task<http::Response> replay_quarantined(const ServiceParts& parts, Call call) {
  const std::optional<std::int64_t> number = number_in(call);
  if (!number) co_return not_found(parts, call);
  Result<void> noted = co_await note(parts, call, "quarantine/" + std::to_string(*number), "replayed");
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  Result<exchange::Receipt> receipt = co_await parts.path.replay(*number);
  if (!receipt) co_return refusal(call, receipt.failure(), parts.definitions);
  const unsigned status = receipt->outcome == store::Outcome::Quarantined ? 422 : 200;
  http::Response response = fhir_answer(call, status, std::move(receipt->text), parts.definitions);
  response.is_logged = status == 422;
  co_return response;
}

}  // namespace vardbron::rest
