// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/steps/steps.h"

namespace vardbron::store {

// Older bodies are compressed alone; their frames name no dictionary.
Result<void> add_dictionaries(Database& database, StepContext&) {
  database.execute("CREATE TABLE dictionary(number INTEGER PRIMARY KEY, name TEXT NOT NULL, bytes BLOB NOT NULL)");
  return done();
}

}  // namespace vardbron::store
