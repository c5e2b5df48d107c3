// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/steps/steps.h"

namespace vardbron::store {

// Changes whose rows in the tables of keys are not written yet (pending_keys.h): who may see what they wrote, and the resources
// with the keys that these had before.
Result<void> add_unwritten_keys(Database& database, StepContext&) {
  database.execute(
      "CREATE TABLE unwritten_key(change INTEGER PRIMARY KEY, at INTEGER NOT NULL, parties BLOB NOT NULL, "
      "resources BLOB NOT NULL)");
  return done();
}

}  // namespace vardbron::store
