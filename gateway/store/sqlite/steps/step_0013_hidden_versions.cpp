// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/steps/steps.h"

namespace vardbron::store {

// Former versions that were written by earlier changes than that one are read by nobody.
Result<void> add_hidden_versions(Database& database, StepContext&) {
  database.execute("ALTER TABLE patient_case ADD COLUMN hidden_before INTEGER NOT NULL DEFAULT 0");
  return done();
}

}  // namespace vardbron::store
