// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/steps/steps.h"

namespace vardbron::store {

// Senders name a journal entry by its id.
Result<void> add_journal_ids(Database& database, StepContext&) {
  database.execute("CREATE UNIQUE INDEX journal_id ON journal(id)");
  return done();
}

}  // namespace vardbron::store
