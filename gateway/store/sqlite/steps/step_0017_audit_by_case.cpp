// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/steps/steps.h"

namespace vardbron::store {

// What was done with one person's cases, for the person who asks. Rows of no case are in no list of a person.
Result<void> index_audit_by_case(Database& database, StepContext&) {
  database.execute("CREATE INDEX audit_case ON audit(patient_case) WHERE patient_case<>''");
  return done();
}

}  // namespace vardbron::store
