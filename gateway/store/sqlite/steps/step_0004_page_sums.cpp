// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/page_sum.h"
#include "gateway/store/sqlite/steps/steps.h"

#include <string>

namespace vardbron::store {

// Every page is written again, with room for its sum (page_files.h). Meanwhile the data are in the log and in a temporary file
// beside it: data of patients stay in the store's folder, which others cannot read.
Result<void> add_page_sums(Database& database, StepContext&) {
  std::string folder = database.file().parent_path().string();
  for (std::size_t at = folder.find('\''); at != std::string::npos; at = folder.find('\'', at + 2)) folder.insert(at, 1, '\'');
  database.execute("PRAGMA temp_store_directory='" + folder + "'");
  database.execute("PRAGMA temp_store=FILE");  // in memory it would be the whole store
  database.reserve_bytes(static_cast<int>(page_sum_bytes));
  database.execute("VACUUM");
  database.execute("PRAGMA temp_store=MEMORY");
  database.execute("PRAGMA temp_store_directory=''");
  // The first page shows that there are sums.
  database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  if (database.health().failure || database.reserved_bytes() == static_cast<int>(page_sum_bytes)) return done();
  return Failure{Cause::Broken, "The pages of the store's file got no room for checksums.", ""};
}

}  // namespace vardbron::store
