// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/steps/steps.h"

namespace vardbron::store {

// A notification that is sent again after a crash has the bounds, and so the Idempotency-Key, that it had before.
Result<void> add_notification_under_way(Database& database, StepContext&) {
  database.execute("ALTER TABLE subscription ADD COLUMN under_way INTEGER NOT NULL DEFAULT 0");
  return done();
}

}  // namespace vardbron::store
