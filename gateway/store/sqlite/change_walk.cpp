#include "gateway/store/sqlite/change_walk.h"

#include "gateway/store/sqlite/search_statements.h"

#include <algorithm>
#include <vector>

namespace vardbron::store {

namespace {

using Written = ChangeWalk::Written;

std::vector<Written> written(std::int64_t at, std::int64_t change, std::string_view heads, const ChangeWalk::Way& way) {
  std::vector<Written> found;
  std::int64_t position = 0;
  const bool is_first = way.from && way.from->at == at && way.from->change == change;
  for (const VersionHead& head : unpack_heads(heads)) {
    const std::int64_t here = position++;
    const bool is_past = is_first && (way.is_descending ? here >= way.from->position : here <= way.from->position);
    if (head.type == way.type && !is_past) found.push_back({at, change, here, head});
  }
  if (way.is_descending) std::reverse(found.begin(), found.end());
  return found;
}

}  // namespace

ChangeWalk::ChangeWalk(Database& database, Snapshot& snapshot)
    : snapshot_(snapshot), up_(database.prepare(search_sql::changes_up)), down_(database.prepare(search_sql::changes_down)) {}

void ChangeWalk::walk(const Way& way, const std::function<bool(const Written&)>& visit) {
  constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min(), last = std::numeric_limits<std::int64_t>::max();
  Statement& rows = way.is_descending ? down_ : up_;
  std::int64_t at = way.is_descending ? way.latest : way.earliest, change = way.is_descending ? last : first;
  if (way.from && (way.is_descending ? way.from->at <= at : way.from->at >= at)) {
    at = way.from->at;
    change = way.from->change;
  }
  const std::int64_t bound = way.is_descending ? way.earliest : way.latest;
  rows.query(way.party, at, change, bound);
  while (rows.next()) {
    at = rows.integer(0);
    change = rows.integer(1);
    bool is_due = snapshot_.is_due();
    for (const Written& each : written(at, change, rows.text(2), way)) {
      is_due = snapshot_.is_due() || is_due;
      if (visit(each)) continue;
      rows.reset();
      return;
    }
    if (!is_due) continue;
    snapshot_.renew();
    change += way.is_descending ? -1 : 1;
    rows.query(way.party, at, change, bound);
  }
}

}  // namespace vardbron::store
