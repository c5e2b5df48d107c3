#include "gateway/store/sqlite/snapshot.h"

#include "gateway/base/limits.h"
#include "gateway/base/reached.h"

#include <optional>
#include <utility>

namespace vardbron::store {

Snapshot::Snapshot(Database& database)
    : database_(database),
      begin_(database.prepare("BEGIN")),
      commit_(database.prepare("COMMIT")),
      rollback_(database.prepare("ROLLBACK")) {}

void Snapshot::begin() {
  count_anew();
  ++number_;
  begin_.run();
}

// A statement that is half read would keep the snapshot open after the commit.
Result<void> Snapshot::end() {
  database_.reset_statements();
  if (!database_.health().failure) commit_.run();
  std::optional<Failure> failure = database_.take_failure();
  if (!failure) return done();
  if (database_.in_transaction()) rollback_.run();
  database_.take_failure();
  return *std::move(failure);
}

bool Snapshot::is_due(std::size_t bytes) {
  ++rows_;
  bytes_ += bytes;
  return rows_ >= limits::store_snapshot_rows_max || bytes_ >= limits::store_snapshot_bytes_max ||
         clock_.now() - begun_ >= limits::store_snapshot_time_max;
}

void Snapshot::renew() {
  REACHED("store: a long read took a new snapshot");
  database_.reset_statements();
  if (!database_.health().failure) commit_.run();
  if (!database_.health().failure) begin();
}

void Snapshot::count_anew() {
  rows_ = bytes_ = 0;
  begun_ = clock_.now();
}

}  // namespace vardbron::store
