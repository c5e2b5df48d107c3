// Tested by tests/rest/audit_events_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/access/audit_id.h"
#include "gateway/access/rules.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"
#include "gateway/care/person/person_view.h"
#include "gateway/rest/audit_event.h"
#include "gateway/rest/handlers.h"
#include "gateway/rest/page_link.h"
#include "gateway/rest/person_cases.h"
#include "gateway/rest/search_wish.h"
#include "gateway/search/period.h"
#include "gateway/sweden/identifier_system.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::rest {

namespace {

constexpr std::array<std::string_view, 7> known_parameters{"patient", "date",   "agent", "agent:identifier",
                                                           "entity",  "_count", "_after"};
constexpr std::array<std::string_view, 1> repeated_parameters{"date"};
constexpr std::size_t rows_per_read = 500;
// Without a patient the log is walked; a page that found nothing has a link to the next one then.
constexpr std::size_t rows_per_page_read_max = 10'000;

struct DateTerm {
  std::string_view prefix;
  search::Period period;

  bool takes(std::int64_t at) const {
    if (prefix == "ge") return at >= period.from_ms;
    if (prefix == "gt" || prefix == "sa") return at > period.to_ms;
    if (prefix == "le") return at <= period.to_ms;
    if (prefix == "lt" || prefix == "eb") return at < period.from_ms;
    const bool is_in = at >= period.from_ms && at <= period.to_ms;
    return prefix == "ne" ? !is_in : is_in;
  }
};

struct Wish {
  std::string patient;  ///< id; "" = of nobody and everybody
  std::vector<DateTerm> dates;
  std::string agent, entity;
  std::size_t count = 50;
  std::int64_t after = 0;
  // When the first page was made. Each page adds a row to the log: without an end the pages of one row would have none.
  std::int64_t until_ms = 0;
  std::vector<search::Ignored> ignored;

  bool takes(const store::AuditRow& row) const {
    if (row.at.time_since_epoch().count() > until_ms) return false;
    if (!agent.empty() && row.caller != agent) return false;
    if (!entity.empty() && row.subject != entity) return false;
    return std::all_of(dates.begin(), dates.end(),
                       [&](const DateTerm& each) { return each.takes(row.at.time_since_epoch().count()); });
  }
};

Result<DateTerm> read_date(std::string_view text) {
  constexpr std::array<std::string_view, 8> prefixes{"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"};
  DateTerm term{"eq", {}};
  const std::string_view start = text.substr(0, 2);
  if (const auto found = std::find(prefixes.begin(), prefixes.end(), start); found != prefixes.end()) {
    term.prefix = *found;
    text.remove_prefix(2);
  }
  const std::optional<search::Period> period = search::parse_period(text);
  if (!period)
    return Failure{Cause::Invalid, "A date is written as FHIR writes it." + std::string(search::advice_on_period(text)), "date"};
  term.period = *period;
  return term;
}

Result<std::string> read_patient(std::string_view text) {
  constexpr std::string_view type = "Patient/";
  if (text.starts_with(type)) text.remove_prefix(type.size());
  if (text.empty() || text.find_first_of("/,") != std::string_view::npos)
    return Failure{Cause::Invalid, "Name one patient as Patient/<id> of this server.", "patient"};
  return std::string(text);
}

Result<std::string> read_agent(std::string_view text) {
  const std::size_t bar = text.find('|');
  const std::string_view system = bar == std::string_view::npos ? std::string_view() : text.substr(0, bar);
  text = text.substr(std::min(bar + 1, text.size()));
  const bool is_hsa = system.empty() || system == sweden::system_uri(sweden::IdentifierSystem::HsaId);
  if (text.empty() || !is_hsa || text.find(',') != std::string_view::npos)
    return Failure{Cause::Invalid, "agent is one HSA-id, alone or behind urn:oid:1.2.752.29.4.19|", "agent"};
  return std::string(text);
}

Result<std::string> read_entity(std::string_view text) {
  if (split(text, '/').size() == 2 && text.find(',') == std::string_view::npos) return std::string(text);
  return Failure{Cause::Invalid, "Name one resource as Type/id.", "entity"};
}

Result<void> read_page(const ServiceParts& parts, const Call& call, Wish& wish) {
  Result<std::string> token = opened_token(parts, call, "_after");
  if (!token) return std::move(token).failure();
  wish.until_ms = parts.clock.wall().time_since_epoch().count();
  const std::vector<std::string_view> numbers = split(*token, ' ');
  if (numbers.size() != 2) return done();
  wish.after = parse_int(numbers[0]).value_or(0);
  wish.until_ms = parse_int(numbers[1]).value_or(wish.until_ms);
  return done();
}

Result<void> read_references(const Call& call, Wish& wish) {
  struct Reference {
    std::string_view name;
    Result<std::string> (*read)(std::string_view text);
    std::string& into;
  };
  for (const Reference& each :
       {Reference{"patient", read_patient, wish.patient}, Reference{"agent", read_agent, wish.agent},
        Reference{"agent:identifier", read_agent, wish.agent}, Reference{"entity", read_entity, wish.entity}}) {
    const std::string_view text = parameter(call, each.name);
    if (text.empty()) continue;
    if (!each.into.empty()) return Failure{Cause::Invalid, "This parameter is given once.", std::string(each.name)};
    Result<std::string> read = each.read(text);
    if (!read) return std::move(read).failure();
    each.into = *std::move(read);
  }
  return done();
}

Result<Wish> read_wish(const ServiceParts& parts, Call& call) {
  Wish wish;
  Result<std::vector<search::Ignored>> ignored = check_parameters(call, {known_parameters, repeated_parameters});
  if (!ignored) return std::move(ignored).failure();
  wish.ignored = *std::move(ignored);
  show_count_used(call);
  if (Result<void> read = read_references(call, wish); !read) return std::move(read).failure();
  for (const std::string_view text : values_of(call, "date")) {
    Result<DateTerm> term = read_date(text);
    if (!term) return std::move(term).failure();
    wish.dates.push_back(*term);
  }
  if (const std::string_view count = parameter(call, "_count"); !count.empty()) {
    const std::optional<std::int64_t> number = parse_int(count);
    if (!number || *number < 0) return Failure{Cause::Invalid, "_count is a number, 0 or more.", "_count"};
    wish.count = std::min(static_cast<std::size_t>(*number), limits::search_results_per_page_max);
  }
  if (Result<void> read = read_page(parts, call, wish); !read) return std::move(read).failure();
  return wish;
}

struct Rows {
  std::vector<store::AuditRow> all;
  bool has_more = false;
  std::int64_t last = 0;  ///< the number of the last row that was looked at
};

/// `keys`: of the cases of the patient; none: all rows.
Task<Result<Rows>> find_rows(const ServiceParts& parts, const access::Caller& caller, const Wish& wish,
                             const std::optional<std::vector<std::string>>& keys) {
  Rows rows;
  rows.last = wish.after;
  for (std::size_t looked = 0; rows.all.size() < wish.count && looked < rows_per_page_read_max;) {
    Result<std::vector<store::AuditRow>> some = std::vector<store::AuditRow>();
    if (keys)
      some = co_await parts.store.audit_rows_of(*keys, rows.last, rows_per_read);
    else
      some = co_await parts.store.audit_rows(rows.last, rows_per_read);
    if (!some) co_return std::move(some).failure();
    rows.has_more = some->size() == rows_per_read;
    looked += some->size();
    for (store::AuditRow& each : *some) {
      if (rows.all.size() == wish.count) {
        rows.has_more = true;
        break;
      }
      rows.last = each.number;
      if (access::may_read_log(caller, each) && wish.takes(each)) rows.all.push_back(std::move(each));
    }
    if (!rows.has_more) break;
  }
  co_return rows;
}

Task<Result<std::vector<store::Resource>>> events_of(const ServiceParts& parts, const std::vector<store::AuditRow>& rows) {
  const access::AuditIds ids(parts.store.person_secret());
  Result<std::map<std::string, std::string>> patients = co_await patients_of(parts, rows);
  if (!patients) co_return std::move(patients).failure();
  std::vector<store::Resource> events;
  for (const store::AuditRow& row : rows) {
    store::Resource made;
    made.type = "AuditEvent";
    made.id = ids.id_of(row.number);
    made.version = 1;
    made.last_updated = row.at;
    made.body = audit_event(row, made.id, row.case_key.empty() ? std::string_view() : (*patients)[row.case_key]);
    events.push_back(std::move(made));
  }
  co_return events;
}

// Who reads the log is in it too.
Task<Result<void>> note(const ServiceParts& parts, store::AuditRow row) {
  std::vector<store::AuditRow> rows;
  rows.push_back(std::move(row));
  co_return co_await parts.store.audit(std::move(rows));
}

}  // namespace

Task<http::Response> search_audit_events(const ServiceParts& parts, Call call) {
  Result<void> opened = open_page(parts, call);
  if (!opened) co_return refusal(call, opened.failure(), parts.definitions);
  Result<Wish> wish = read_wish(parts, call);
  if (!wish) co_return refusal(call, wish.failure(), parts.definitions);
  std::optional<std::vector<std::string>> keys;
  std::string person;
  if (!wish->patient.empty()) {
    Result<std::vector<care::Identity>> numbers = co_await numbers_of_patient(parts, wish->patient);
    if (!numbers) co_return refusal(call, numbers.failure(), parts.definitions);
    if (!numbers->empty()) person = care::person_key(parts.store.person_secret(), numbers->front());
    Result<std::vector<std::string>> found = co_await cases_of_person(parts, *std::move(numbers));
    if (!found) co_return refusal(call, found.failure(), parts.definitions);
    keys = *std::move(found);
  }
  Result<Rows> rows = co_await find_rows(parts, call.caller, *wish, keys);
  if (!rows) co_return refusal(call, rows.failure(), parts.definitions);
  Result<std::vector<store::Resource>> events = co_await events_of(parts, rows->all);
  if (!events) co_return refusal(call, events.failure(), parts.definitions);
  store::AuditRow row = access::searched(call.caller, "AuditEvent", events->size());
  row.case_key = person;
  Result<void> noted = co_await note(parts, std::move(row));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  Searchset set{parts.base_url, to_string(uuid_v7(parts.clock.wall(), parts.random)), std::nullopt,
                page_url(parts, call, page_query(call, "", ""))};
  if (rows->has_more)
    set.next = page_link(parts, call, "_after", std::to_string(rows->last) + " " + std::to_string(wish->until_ms));
  set.resources = *events;
  SearchWish wanted;
  wanted.ignored = std::move(wish->ignored);
  set.outcome = search_outcome(wanted, parts.definitions);
  http::Response response = fhir_answer(call, 200, write(set), parts.definitions);
  tell_handling(call, response);
  co_return response;
}

Task<http::Response> read_audit_event(const ServiceParts& parts, Call call) {
  static constexpr std::array<std::string_view, 0> none{};
  if (auto checked = check_parameters(call, {none}); !checked) co_return refusal(call, checked.failure(), parts.definitions);
  const std::string id = call.target.segments[2];
  const std::optional<std::int64_t> number = access::AuditIds(parts.store.person_secret()).number_of(id);
  std::vector<store::AuditRow> own;
  if (number) {
    Result<std::vector<store::AuditRow>> rows = co_await parts.store.audit_rows(*number - 1, 1);
    if (!rows) co_return refusal(call, rows.failure(), parts.definitions);
    if (!rows->empty() && rows->front().number == *number && access::may_read_log(call.caller, rows->front()))
      own = *std::move(rows);
  }
  Result<std::vector<store::Resource>> events = co_await events_of(parts, own);
  if (!events) co_return refusal(call, events.failure(), parts.definitions);
  const std::string subject = "AuditEvent/" + id;
  store::AuditRow row = own.empty() ? access::refused(call.caller, "read", "AuditEvent", "not there, or another's")
                                    : access::shown(call.caller, subject, own.front().case_key);
  Result<void> noted = co_await note(parts, std::move(row));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  if (own.empty()) co_return refusal(call, Failure{Cause::NotFound, "There is no such resource.", ""}, parts.definitions);
  co_return resource_answer(call, 200, events->front(), parts.definitions);
}

}  // namespace vardbron::rest
