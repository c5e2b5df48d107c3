// Tested by tests/rest/patient_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"
#include "gateway/rest/handlers.h"
#include "gateway/rest/page_link.h"
#include "gateway/rest/search_wish.h"
#include "gateway/search/compartment.h"
#include "gateway/search/period.h"
#include "gateway/search/served.h"

#include <algorithm>
#include <array>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace vardbron::rest {

namespace {

// R4's compartment has no Task, but "all the information related to" the patient has.
constexpr std::array<std::string_view, 2> task_parameters{"patient", "subject"};

constexpr std::string_view organization = "Organization";

// The dates of care of each type; a Patient and Organizations have none.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> care_dates{{{"Encounter", "date"},
                                                                                   {"Task", "authored-on"},
                                                                                   {"Communication", "sent"},
                                                                                   {"CareTeam", "date"},
                                                                                   {"CarePlan", "date"},
                                                                                   {"ChargeItem", "occurrence"},
                                                                                   {"Consent", "date"},
                                                                                   {"Appointment", "date"}}};

std::vector<std::string> types_of_everything();

/// What $everything asks for.
struct Everything {
  std::string patient;                       ///< "Patient/id"
  std::optional<search::Period> start, end;  ///< of the care
  std::vector<std::string> types = types_of_everything();
  bool has_organizations = true;  ///< those that the others refer to
  std::optional<std::int64_t> since_ms;
  std::size_t count = limits::search_results_per_page_max;
  std::size_t first = 0;  ///< of steps_of
  std::string after;      ///< in the results of that step
  std::vector<search::Ignored> ignored{};
};

Failure malformed(std::string says, std::string_view name) { return {Cause::Invalid, std::move(says), std::string(name)}; }

std::vector<std::string> types_of_everything() {
  std::vector<std::string> types{"Patient"};
  for (const std::string_view type : search::served())
    if (type == "Task" || (type != "Patient" && !search::patient_parameters(type).empty())) types.emplace_back(type);
  return types;
}

// One or more parameters, each with one or more types.
Result<void> read_types(const Call& call, Everything& asked) {
  const std::vector<std::string_view> lists = values_of(call, "_type");
  if (lists.empty()) return done();
  std::vector<std::string_view> wanted;
  for (const std::string_view list : lists) {
    for (const std::string_view type : split(list, ',')) {
      if (!search::is_served(type)) return malformed("This gateway keeps no such type.", "_type");
      wanted.push_back(type);
    }
  }
  const auto is_unwanted = [&](const std::string& type) { return std::find(wanted.begin(), wanted.end(), type) == wanted.end(); };
  asked.has_organizations = !is_unwanted(std::string(organization));
  std::erase_if(asked.types, is_unwanted);
  if (!asked.types.empty()) return done();
  return malformed("An Organization comes with what refers to it: name another type too.", "_type");
}

/// Dates of care, not of records.
Result<void> read_range(const Call& call, Everything& asked) {
  for (const auto& [name, into] : {std::pair<std::string_view, std::optional<search::Period>*>("start", &asked.start),
                                   std::pair<std::string_view, std::optional<search::Period>*>("end", &asked.end)}) {
    const std::string_view text = parameter(call, name);
    if (text.empty()) continue;
    *into = search::parse_period(text);
    if (!*into)
      return malformed(std::string(name) + " is a date as FHIR writes it." + std::string(search::advice_on_period(text)), name);
  }
  if (asked.start && asked.end && asked.end->to_ms < asked.start->from_ms)
    return malformed("The care would end before it starts.", "end");
  return done();
}

// Source: R4 operation-patient-everything.html.
Result<Everything> read_everything(const ServiceParts& parts, Call& call) {
  static constexpr std::array<std::string_view, 6> known{"_since", "_type", "_count", "_after", "start", "end"};
  Everything asked;
  Result<std::vector<search::Ignored>> ignored = check_parameters(call, {known, std::span(known).subspan(1, 1)});
  if (!ignored) return std::move(ignored).failure();
  asked.ignored = *std::move(ignored);
  show_count_used(call);
  asked.patient = "Patient/" + call.target.segments[2];
  if (Result<void> types = read_types(call, asked); !types) return std::move(types).failure();
  if (Result<void> range = read_range(call, asked); !range) return std::move(range).failure();
  if (const std::string_view since = parameter(call, "_since"); !since.empty()) {
    const std::optional<search::Period> period = search::parse_period(since);
    if (!period)
      return malformed("_since is a date or time as FHIR writes it." + std::string(search::advice_on_period(since)), "_since");
    asked.since_ms = period->from_ms;
  }
  if (const std::string_view count = parameter(call, "_count"); !count.empty()) {
    const std::optional<std::int64_t> number = parse_int(count);
    if (!number || *number < 1) return malformed("_count is a number, 1 or more.", "_count");
    asked.count = std::min(static_cast<std::size_t>(*number), limits::search_results_per_page_max);
  }
  Result<std::string> place = opened_token(parts, call, "_after");
  if (!place) return std::move(place).failure();
  if (!place->empty()) {
    const std::size_t space = place->find(' ');
    asked.first = static_cast<std::size_t>(parse_int(place->substr(0, space)).value_or(0));
    asked.after = space == std::string::npos ? std::string() : place->substr(space + 1);
  }
  return asked;
}

/// One search: the resources of a type, or of it those that have no date.
struct Step {
  std::string type;
  std::string_view date{};  ///< the parameter; "" = whatever the date
  bool is_undated = false;
};

/// A record without a date of care may be of any, so it is in every range.
std::vector<Step> steps_of(const Everything& asked) {
  std::vector<Step> steps;
  for (const std::string& type : asked.types) {
    const auto dated = std::find_if(care_dates.begin(), care_dates.end(), [&](const auto& each) { return each.first == type; });
    if ((!asked.start && !asked.end) || dated == care_dates.end()) {
      steps.push_back({type});
      continue;
    }
    steps.push_back({type, dated->second, false});
    steps.push_back({type, dated->second, true});
  }
  return steps;
}

void add_range(const Everything& asked, const Step& step, search::Query& query) {
  search::Criterion range;
  range.parameter = step.date;
  range.kind = search::KeyKind::Date;
  range.operands.resize(1);
  if (step.is_undated) {
    range.modifier = search::Modifier::Missing;
    range.operands[0].value = "true";
    query.criteria.push_back(std::move(range));
    return;
  }
  if (asked.start) {
    range.operands[0].prefix = search::Prefix::Ge;
    range.operands[0].from_ms = range.operands[0].to_ms = asked.start->from_ms;
    query.criteria.push_back(range);
  }
  if (!asked.end) return;
  range.operands[0].prefix = search::Prefix::Le;
  range.operands[0].from_ms = range.operands[0].to_ms = asked.end->to_ms;
  query.criteria.push_back(std::move(range));
}

search::Query query_of(const Everything& asked, const Step& step) {
  const std::string& type = step.type;
  search::Query query;
  query.resource_type = type;
  if (type == "Patient") {
    search::Criterion own;
    own.parameter = "_id";
    own.operands.resize(1);
    own.operands[0].value = asked.patient.substr(asked.patient.find('/') + 1);
    query.criteria.push_back(std::move(own));
  } else {
    const std::span<const std::string_view> parameters =
        type == "Task" ? std::span<const std::string_view>(task_parameters) : search::patient_parameters(type);
    query.compartments.push_back({asked.patient, {parameters.begin(), parameters.end()}});
  }
  if (asked.since_ms) {
    search::Criterion since;
    since.parameter = "_lastUpdated";
    since.kind = search::KeyKind::Date;
    since.operands.resize(1);
    since.operands[0].prefix = search::Prefix::Ge;
    since.operands[0].from_ms = since.operands[0].to_ms = *asked.since_ms;
    query.criteria.push_back(std::move(since));
  }
  if (!step.date.empty()) add_range(asked, step, query);
  if (asked.has_organizations) query.includes.push_back({false, false, type, "*", std::string(organization)});
  return query;
}

// One page: step after step, until it is full.
Task<Result<store::Page>> gather(const ServiceParts& parts, store::Reader reader, Everything asked, std::stop_token abandoned) {
  store::Page all;
  const std::vector<Step> steps = steps_of(asked);
  for (std::size_t at = asked.first; at < steps.size(); ++at) {
    search::Query query = query_of(asked, steps[at]);
    query.after = at == asked.first ? asked.after : std::string();
    query.count = asked.count - all.resources.size();
    query.may_lack_newest = true;
    Result<store::Page> some = co_await parts.store.search(reader, std::move(query), abandoned);
    if (!some) co_return some;
    all.lacks_newest = all.lacks_newest || some->lacks_newest;
    for (store::Resource& each : some->resources) all.resources.push_back(std::move(each));
    for (store::Resource& each : some->included) {
      const auto is_same = [&](const store::Resource& other) { return other.id == each.id; };
      if (std::none_of(all.included.begin(), all.included.end(), is_same)) all.included.push_back(std::move(each));
    }
    const bool is_last = at + 1 == steps.size();
    if (!some->after.empty()) {
      all.after = std::to_string(at) + " " + some->after;
    } else if (all.resources.size() == asked.count && !is_last) {
      all.after = std::to_string(at + 1);
    }
    if (!all.after.empty()) break;
  }
  co_return all;
}

}  // namespace

Task<http::Response> patient_everything(const ServiceParts& parts, Call call) {
  Result<void> added = add_posted_parameters(call, parts.definitions);
  if (!added) co_return refusal(call, added.failure(), parts.definitions);
  Result<Everything> asked = read_everything(parts, call);
  if (!asked) co_return refusal(call, status_of_search(asked.failure()), asked.failure(), parts.definitions);
  SearchWish wish;
  wish.ignored = std::move(asked->ignored);
  const store::Reader reader = access::reader_of(call.caller);
  std::string id = call.target.segments[2];
  const std::string subject = "Patient/" + id;
  Result<store::Resource> patient = co_await parts.store.read(reader, "Patient", std::move(id));
  Result<store::Page> page = Failure{Cause::NotFound, "", ""};
  if (patient) {
    page = co_await gather(parts, reader, std::move(*asked), call.request.abandoned);
  } else {
    page = std::move(patient).failure();
  }
  std::vector<store::AuditRow> rows;
  if (page)
    rows = access::searched(call.caller, subject + "/$everything", *page);
  else
    rows.push_back(access::refused(call.caller, "read", subject, not_shown(page.failure())));
  Result<void> noted = co_await parts.store.audit(std::move(rows));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  if (!page) co_return refusal(call, page.failure(), parts.definitions);
  Searchset set{parts.base_url, to_string(uuid_v7(parts.clock.wall(), parts.random)), std::nullopt,
                page_url(parts, call, page_query(call, "", ""))};
  set.next = page_link(parts, call, "_after", page->after);
  set.resources = page->resources;
  set.included = page->included;
  if (page->lacks_newest) wish.warnings.push_back(lacks_newest());
  set.outcome = search_outcome(wish, parts.definitions);
  http::Response response = fhir_answer(call, 200, write(set), parts.definitions);
  tell_handling(call, response);
  co_return response;
}

}  // namespace vardbron::rest
