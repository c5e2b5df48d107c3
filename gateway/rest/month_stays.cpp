#include "gateway/rest/month_stays.h"

#include "gateway/access/rules.h"
#include "gateway/base/limits.h"
#include "gateway/care/month.h"
#include "gateway/formats/json/parse.h"
#include "gateway/search/query.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/time/civil.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace vardbron::rest {

namespace {

/// A way to the ChargeItems of a month.
struct Way {
  store::Reader reader;
  std::string system;        ///< of their tags
  std::string number;        ///< of the only municipality whose stays are taken; empty: each
  bool is_complete = false;  ///< it leads to all stays of a municipality
};

/// A ChargeItem in its newest version, and the first way that led to it.
struct FoundCharge {
  Way way;
  std::int64_t version = 0;
  WallTime last_updated{};
  std::optional<care::MonthContribution> stay;
};
using FoundCharges = std::map<std::string, FoundCharge>;

/// What of a ChargeItem was known at a moment.
struct Former {
  std::optional<store::Resource> version;
  bool is_hidden = false;
};

// As the payer's units are known in a case, whatever the check digit (care/payer.h).
std::string number_of(const std::string& organisation) {
  constexpr std::size_t prefix = 2, digits = 10;  // SE
  return sweden::looks_like_hsa_id(organisation) ? organisation.substr(prefix, digits) : std::string();
}

// A municipality gets the sum of all that it pays for, whichever of its units is party to a case: no patient is in it.
std::vector<Way> ways_of(const MonthQuestion& question) {
  const std::string own = number_of(question.caller.organisation);
  const std::string system = care::stay_end_system(question.number);
  const store::Reader reader = access::reader_of(question.caller);
  if (reader.sees_all) return {{reader, system, question.number, true}};
  std::vector<Way> ways;
  if (!own.empty() && (question.number.empty() || question.number == own))
    ways.push_back({{question.caller.organisation, true}, care::stay_end_system(own), own, true});
  ways.push_back({reader, system, question.number, false});
  return ways;
}

search::Query day_query(const Way& way, std::chrono::local_days day) {
  search::Query query;
  query.resource_type = "ChargeItem";
  query.count = limits::search_results_per_page_max;
  search::Criterion ended;
  ended.parameter = "_tag";
  ended.operands.resize(1);
  ended.operands[0].any_system = false;
  ended.operands[0].system = way.system;
  ended.operands[0].value = time::format_day(day);
  query.criteria.push_back(std::move(ended));
  return query;
}

Result<std::optional<care::MonthContribution>> stay_of(const store::Resource& resource, const tree::Names& names, const Way& way,
                                                       std::chrono::year_month month) {
  const Result<tree::Document> document = json::parse(resource.body, names);
  if (!document) return document.failure();
  std::optional<care::MonthContribution> stay = care::contribution_of(tree::root(*document));
  if (stay && (stay->month != month || (!way.number.empty() && stay->number != way.number))) stay.reset();
  return stay;
}

Result<void> take_page(const store::Page& page, const Way& way, const tree::Names& names, std::chrono::year_month month,
                       FoundCharges& items) {
  for (const store::Resource& each : page.resources) {
    FoundCharge& item = items.try_emplace(each.id, FoundCharge{way, 0, {}, {}}).first->second;
    if (item.version >= each.version) continue;
    Result<std::optional<care::MonthContribution>> stay = stay_of(each, names, item.way, month);
    if (!stay) return std::move(stay).failure();
    item.version = each.version;
    item.last_updated = each.last_updated;
    item.stay = *std::move(stay);
  }
  return done();
}

// Pages are in the order of the last writes: what is written meanwhile comes once more, at the end, and nothing is missed.
Task<Result<FoundCharges>> read_items(store::Store& store, const tree::Names& names, MonthQuestion question,
                                      std::stop_token ended) {
  const std::chrono::local_days last = care::last_day(question.month);
  FoundCharges items;
  for (const Way& way : ways_of(question)) {
    for (std::chrono::local_days day = care::first_day(question.month); day <= last; day += std::chrono::days(1)) {
      search::Query query = day_query(way, day);
      do {
        Result<store::Page> page = co_await store.search(way.reader, query, ended);
        if (!page) co_return std::move(page).failure();
        Result<void> taken = take_page(*page, way, names, question.month, items);
        if (!taken) co_return std::move(taken).failure();
        query.after = page->after;
      } while (!query.after.empty());
    }
  }
  co_return items;
}

// The store answers alike where there was no version at that time and where it is hidden; whether the first one can be read says
// which.
Task<Result<Former>> read_former(store::Store& store, store::Reader reader, std::string id, WallTime at) {
  store::HistoryQuery query;
  query.type = "ChargeItem";
  query.id = id;
  query.at_first = query.at_last = at;
  query.count = 1;
  Result<store::Page> versions = co_await store.history(reader, query);
  if (!versions) co_return std::move(versions).failure();
  Former former;
  if (!versions->resources.empty()) {
    former.version = std::move(versions->resources.front());
    co_return former;
  }
  Result<store::Resource> first = co_await store.read(reader, query.type, id, 1);
  former.is_hidden = !first;
  co_return former;
}

}  // namespace

Task<Result<MonthStays>> read_month(store::Store& store, const tree::Names& names, MonthQuestion question,
                                    std::stop_token ended) {
  Result<FoundCharges> items = co_await read_items(store, names, question, ended);
  if (!items) co_return std::move(items).failure();
  MonthStays stays;
  for (const auto& [id, item] : *items) {
    if (!item.stay) continue;
    stays.now.push_back(*item.stay);
    stays.are_own_only |= !item.way.is_complete;
  }
  for (const WallTime closing : question.closings) {
    std::vector<care::MonthContribution>& then = stays.at_closing[closing];
    for (const auto& [id, item] : *items) {
      if (item.last_updated <= closing && item.stay) then.push_back(*item.stay);
      if (item.last_updated <= closing) continue;
      Result<Former> former = co_await read_former(store, item.way.reader, id, closing);
      if (!former) co_return std::move(former).failure();
      if (former->is_hidden) ++stays.not_comparable;
      if (!former->version) continue;
      Result<std::optional<care::MonthContribution>> stay = stay_of(*former->version, names, item.way, question.month);
      if (!stay) co_return std::move(stay).failure();
      if (*stay) then.push_back(**std::move(stay));
    }
  }
  co_return stays;
}

}  // namespace vardbron::rest
