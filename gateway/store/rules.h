#pragma once

#include "gateway/base/result.h"
#include "gateway/search/sort.h"
#include "gateway/store/store.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

/// The part that the change itself is, then its others.
std::vector<const CasePart*> parts_of(const Change& change);

/// Changes that every store refuses before it reads its tables. Invalid: a resource written twice in one change (FHIR R4
/// http.html#trules), no type or id, a case in two parts, a chain link without a case, the times of a case without links, a
/// journal entry both new and old. TooLarge: more links than a case may have.
Result<void> check_change(const Change& change);

/// Changes that a reader could not unpack are refused. TooLarge: a body, or the bodies of all resources of one change together,
/// above stored_body_bytes_max.
Result<void> check_bodies(const Change& change);
Result<void> check_body(std::string_view body);

/// Parties may see it; who else every_organisation means, the store knows. A deleted version keeps the parties of the one before
/// if the deletion names none.
bool may_see(const Reader& reader, const std::vector<std::string>& parties);

/// Adds the keys that every store adds: _id and _lastUpdated. Criteria are then decided by search::matches alone.
void add_own_keys(std::vector<search::Key>& keys, std::string_view id, WallTime last_updated);

/// The time of the next commit: never before the last one's, so that _lastUpdated orders what was written; but one that is
/// further ahead of the clock than limits::clock_set_back_max came from a wrong clock and is ignored. From then on _lastUpdated
/// starts a new order; places (search pages), versions and event numbers are ordered whatever the clock does.
WallTime next_time(WallTime last, WallTime wall);

/// True when all criteria are met.
bool meets(const search::Query& query, const std::vector<search::Key>& keys);

/// Place of a result: what it is sorted by, then the commit that wrote it and its position there.
struct PagePlace {
  std::vector<search::SortValue> values;  ///< and last the id, which does not change; none in the order of the commits
  std::int64_t at = 0, change = 0, position = 0;
  bool operator==(const PagePlace&) const = default;
};
/// A page token, and back: nothing for "". Invalid: not a token of ours, or for another number of values.
std::string to_token(const PagePlace& place);
Result<std::optional<PagePlace>> parse_token(std::string_view token, std::size_t values);
/// Whether the one comes before the other.
bool comes_before(std::span<const search::SortKey> sort, const PagePlace& left, const PagePlace& right);

/// Page size that is served: 0 stays 0, more than the limit is the limit.
std::size_t served_count(std::size_t asked);

/// The same answer for absent resources and for those the reader may not see.
Failure not_found();

/// Of a reading that was ended because its caller does not wait for it any more.
Failure not_waited_for();

}  // namespace vardbron::store
