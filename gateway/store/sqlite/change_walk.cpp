#include "gateway/store/sqlite/change_walk.h"

#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/search_statements.h"

#include <algorithm>
#include <utility>
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
    : snapshot_(snapshot),
      up_(database.prepare(search_sql::changes_up)),
      down_(database.prepare(search_sql::changes_down)),
      every_up_(database.prepare(search_sql::changes_up)),
      every_down_(database.prepare(search_sql::changes_down)) {}

void ChangeWalk::begin(Cursor& cursor, const Way& way, Place from) {
  cursor.rows->query(cursor.party, from.at, from.change, way.is_descending ? way.earliest : way.latest);
  advance(cursor);
}

void ChangeWalk::advance(Cursor& cursor) {
  cursor.has_row = cursor.rows->next();
  if (!cursor.has_row) return;
  cursor.at = cursor.rows->integer(0);
  cursor.change = cursor.rows->integer(1);
}

// What every party may see is listed once for all of them.
void ChangeWalk::walk(const Way& way, const std::function<bool(const Written&)>& visit) {
  constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min(), last = std::numeric_limits<std::int64_t>::max();
  Place place{way.is_descending ? way.latest : way.earliest, way.is_descending ? last : first};
  if (way.from && (way.is_descending ? way.from->at <= place.at : way.from->at >= place.at))
    place = {way.from->at, way.from->change};
  Cursor own{way.is_descending ? &down_ : &up_, way.party}, every{way.is_descending ? &every_down_ : &every_up_, every_party};
  begin(own, way, place);
  if (way.party > all_seeing) begin(every, way, place);
  const auto comes_first = [&](const Cursor& left, const Cursor& right) {
    if (!left.has_row || !right.has_row) return left.has_row;
    const auto of = [](const Cursor& cursor) { return std::pair(cursor.at, cursor.change); };
    return way.is_descending ? of(left) >= of(right) : of(left) <= of(right);
  };
  const auto end = [&] {
    own.rows->reset();
    every.rows->reset();
  };
  while (own.has_row || every.has_row) {
    Cursor& next = comes_first(own, every) ? own : every;
    place = {next.at, next.change};
    bool is_due = snapshot_.is_due();
    for (const Written& each : written(place.at, place.change, next.rows->text(2), way)) {
      is_due = snapshot_.is_due() || is_due;
      if (!visit(each)) return end();
    }
    if (is_due) {
      end();
      snapshot_.renew();
      place.change += way.is_descending ? -1 : 1;
      begin(own, way, place);
      if (way.party > all_seeing) begin(every, way, place);
      continue;
    }
    for (Cursor* each : {&own, &every})
      if (each->has_row && each->at == place.at && each->change == place.change) advance(*each);
  }
}

}  // namespace vardbron::store
