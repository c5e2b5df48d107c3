#include "gateway/store/rules.h"

#include "gateway/base/digest.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/search/match.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace vardbron::store {

std::vector<const CasePart*> parts_of(const Change& change) {
  std::vector<const CasePart*> parts{&change};
  for (const CasePart& part : change.parts) parts.push_back(&part);
  return parts;
}

namespace {

Result<void> check_part(const CasePart& part) {
  if (part.case_key.empty() && !part.links.empty()) return Failure{Cause::Invalid, "A chain link needs a case.", ""};
  if (part.times && part.case_version + static_cast<std::int64_t>(part.links.size()) == 0) {
    return Failure{Cause::Invalid, "Only a case with links knows of time.", ""};
  }
  if (static_cast<std::size_t>(part.case_version) + part.links.size() > limits::links_per_case_max) {
    return Failure{Cause::TooLarge, "The case holds as many notices and writes as the store takes of one case.", ""};
  }
  return done();
}

}  // namespace

Result<void> check_change(const Change& change) {
  if (change.journal && change.journal_number != 0) {
    return Failure{Cause::Invalid, "A change journals its message or names the entry, not both.", ""};
  }
  for (const EventWrite& event : change.events) {
    if (!event.to || event.to->subscriptions.empty()) return Failure{Cause::Invalid, "An event needs subscriptions.", ""};
  }
  std::set<std::string_view> cases;
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const CasePart* part : parts_of(change)) {
    Result<void> checked = check_part(*part);
    if (!checked) return checked;
    if (!part->case_key.empty() && !cases.insert(part->case_key).second)
      return Failure{Cause::Invalid, "One change has at most one part of a case.", ""};
    for (const ResourceWrite& write : part->resources) {
      if (write.type.empty() || write.id.empty()) return Failure{Cause::Invalid, "A resource needs a type and an id.", ""};
      if (!seen.emplace(write.type, write.id).second) {
        return Failure{Cause::Invalid, "One change writes a resource at most once.", write.type + "/" + write.id};
      }
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
  std::size_t together = 0;  // what one change writes is one piece
  for (const CasePart* part : parts_of(change)) {
    for (const ChainLink& link : part->links) {
      Result<void> checked = check_body(link.body);
      if (!checked) return checked;
    }
    for (const ResourceWrite& write : part->resources) together += write.body.size();
  }
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

namespace {

constexpr std::string_view token_mark = "p";
constexpr std::size_t token_numbers = 3;

Failure not_a_token() { return {Cause::Invalid, "The page token is not one of this gateway's.", ""}; }

std::optional<std::string> from_hex(std::string_view text) {
  const auto digit = [](char letter) { return letter >= 'a' ? letter - 'a' + 10 : letter - '0'; };
  const bool is_hex = text.size() % 2 == 0 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (!is_hex) return std::nullopt;
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 2) bytes += static_cast<char>(digit(text[at]) * 16 + digit(text[at + 1]));
  return bytes;
}

}  // namespace

std::string to_token(const PagePlace& place) {
  std::string token(token_mark);
  token += std::to_string(place.at) + '.' + std::to_string(place.change) + '.' + std::to_string(place.position);
  for (const search::SortValue& value : place.values) token += value.is_missing ? ".m" : ".v" + to_hex(value.bytes);
  return token;
}

Result<std::optional<PagePlace>> parse_token(std::string_view token, std::size_t values) {
  if (token.empty()) return std::optional<PagePlace>();
  if (!token.starts_with(token_mark)) return not_a_token();
  const std::vector<std::string_view> parts = split(token.substr(token_mark.size()), '.');
  if (parts.size() != token_numbers + values) return not_a_token();
  const std::optional<std::int64_t> at = parse_int(parts[0]), change = parse_int(parts[1]), position = parse_int(parts[2]);
  if (!at || !change || !position || *change <= 0 || *position < 0) return not_a_token();
  PagePlace place{{}, *at, *change, *position};
  for (std::size_t each = token_numbers; each < parts.size(); ++each) {
    const bool is_missing = parts[each] == "m";
    std::optional<std::string> bytes = from_hex(parts[each].substr(std::min<std::size_t>(1, parts[each].size())));
    if (!is_missing && (!parts[each].starts_with('v') || !bytes)) return not_a_token();
    place.values.push_back({is_missing, is_missing ? std::string() : *std::move(bytes)});
  }
  return std::optional(std::move(place));
}

bool comes_before(std::span<const search::SortKey> sort, const PagePlace& left, const PagePlace& right) {
  const bool has_values = !left.values.empty() && left.values.size() == right.values.size();
  const int order = has_values ? search::compare(sort, left.values, right.values) : 0;
  if (order != 0) return order < 0;
  if (has_values) return left.values.back().bytes < right.values.back().bytes;
  const bool is_descending = search::is_natural(sort) && !sort.empty() && sort.front().is_descending;
  const auto place = [](const PagePlace& of) { return std::tuple(of.at, of.change, of.position); };
  return is_descending ? place(right) < place(left) : place(left) < place(right);
}

std::size_t served_count(std::size_t asked) { return std::min(asked, limits::search_results_per_page_max); }

Failure not_found() { return {Cause::NotFound, "There is no such resource.", ""}; }

Failure not_waited_for() { return {Cause::Cancelled, "The caller has hung up, so the reading was ended.", ""}; }

}  // namespace vardbron::store
