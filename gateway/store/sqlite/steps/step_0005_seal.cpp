// Tested by tests/system/store/sqlite/schema_test.cpp and tests/system/store/sqlite/resealing_test.cpp.

#include "gateway/store/sqlite/steps/steps.h"

namespace vardbron::store {

// One row, which the sealer writes (sealer.h).
Result<void> add_seal(Database& database, StepContext&) {
  database.execute("CREATE TABLE seal(id INTEGER PRIMARY KEY CHECK(id=1), state BLOB NOT NULL)");
  return done();
}

}  // namespace vardbron::store
