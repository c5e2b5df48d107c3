#include "gateway/store/rules.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/search/match.h"

#include <algorithm>
#include <set>

namespace vardbron::store {

namespace {
constexpr std::string_view after_mark = "a";
}

Result<void> check_change(const Change& change) {
  if (change.journal && change.journal_number != 0) {
    return Failure{Cause::Invalid, "A change journals its message or names the entry, not both.", ""};
  }
  if (change.case_key.empty() && !change.links.empty()) return Failure{Cause::Invalid, "A chain link needs a case.", ""};
  if (change.times && change.case_version + static_cast<std::int64_t>(change.links.size()) == 0) {
    return Failure{Cause::Invalid, "Only a case with links knows of time.", ""};
  }
  if (static_cast<std::size_t>(change.case_version) + change.links.size() > limits::links_per_case_max) {
    return Failure{Cause::TooLarge, "The case holds as many notices and writes as the store takes of one case.", ""};
  }
  for (const EventWrite& event : change.events) {
    if (!event.to || event.to->subscriptions.empty()) return Failure{Cause::Invalid, "An event needs subscriptions.", ""};
  }
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const ResourceWrite& write : change.resources) {
    if (write.type.empty() || write.id.empty()) return Failure{Cause::Invalid, "A resource needs a type and an id.", ""};
    if (!seen.emplace(write.type, write.id).second) {
      return Failure{Cause::Invalid, "One change writes a resource at most once.", write.type + "/" + write.id};
    }
  }
  return done();
}

namespace {
Failure too_large() { return {Cause::TooLarge, "The store takes no more than stored_body_bytes_max in one piece.", ""}; }
}  // namespace

Result<void> check_bodies(const Change& change) {
  if (change.journal) {
    Result<void> checked = check_body(change.journal->body);
    if (!checked) return checked;
  }
  for (const ChainLink& link : change.links) {
    Result<void> checked = check_body(link.body);
    if (!checked) return checked;
  }
  std::size_t together = 0;  // what one change writes is one piece
  for (const ResourceWrite& write : change.resources) together += write.body.size();
  if (together > limits::stored_body_bytes_max) return too_large();
  return done();
}

Result<void> check_body(std::string_view body) {
  if (body.size() > limits::stored_body_bytes_max) return too_large();
  return done();
}

bool may_see(const Reader& reader, const std::vector<std::string>& parties) {
  if (reader.sees_all) return true;
  if (reader.organisation.empty()) return false;
  return std::find(parties.begin(), parties.end(), reader.organisation) != parties.end();
}

void add_own_keys(std::vector<search::Key>& keys, std::string_view id, WallTime last_updated) {
  search::Key own_id;
  own_id.parameter = "_id";
  own_id.value = id;
  keys.push_back(std::move(own_id));
  search::Key updated;
  updated.parameter = "_lastUpdated";
  updated.kind = search::KeyKind::Date;
  updated.from_ms = updated.to_ms = last_updated.time_since_epoch().count();
  keys.push_back(std::move(updated));
}

WallTime next_time(WallTime last, WallTime wall) {
  return last - wall > limits::clock_set_back_max ? wall : std::max(last, wall);
}

bool meets(const search::Query& query, const std::vector<search::Key>& keys) {
  auto met = [&](const search::Criterion& criterion) { return search::matches(criterion, keys); };
  return std::all_of(query.criteria.begin(), query.criteria.end(), met);
}

Result<std::int64_t> parse_after(std::string_view token) {
  if (token.empty()) return std::int64_t{0};
  std::optional<std::int64_t> change;
  if (token.starts_with(after_mark)) change = parse_int(token.substr(after_mark.size()));
  if (!change || *change <= 0) return Failure{Cause::Invalid, "The page token is not one of this gateway's.", ""};
  return *change;
}

std::string to_after(std::int64_t change) { return std::string(after_mark) + std::to_string(change); }

std::size_t served_count(std::size_t asked) { return std::min(asked, limits::search_results_per_page_max); }

Failure not_found() { return {Cause::NotFound, "There is no such resource.", ""}; }

}  // namespace vardbron::store
