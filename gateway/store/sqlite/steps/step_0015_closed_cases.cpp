// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/steps/steps.h"

namespace vardbron::store {

// A closed case lets its parties read Patient for some days. Of one that was closed before, nobody knows when they are over until
// it is computed once more, by the clock of the cases as if its time had come; one that is due some day is computed then. The
// chains of persons are no cases.
Result<void> time_closed_cases(Database& database, StepContext&) {
  database.execute("UPDATE patient_case SET next=1 WHERE version>0 AND next=0 AND key NOT LIKE 'person|%'");
  return done();
}

}  // namespace vardbron::store
