// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/steps/steps.h"

namespace vardbron::store {

// Patients are a person's from now on and no case's. What is made of a case's links is made once more, by the clock of the cases
// as if their time had come: nobody is notified of it, and the gateway serves meanwhile.
Result<void> make_persons(Database& database, StepContext&) {
  database.execute("INSERT OR IGNORE INTO setting VALUES('person secret', randomblob(32))");
  database.execute("UPDATE patient_case SET next=1 WHERE version>0");
  return done();
}

}  // namespace vardbron::store
