// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/steps/steps.h"

namespace vardbron::store {

// The reason why a delivery is held was the beginning of its error text; now it is a DeliveryHold (store.h).
Result<void> add_delivery_hold(Database& database, StepContext&) {
  database.execute("ALTER TABLE subscription ADD COLUMN hold INTEGER NOT NULL DEFAULT 0");
  database.execute("UPDATE subscription SET hold=1, error='' WHERE error='Stopped: the handshake is due.'");
  database.execute("UPDATE subscription SET hold=2 WHERE status='error' AND substr(error, 1, 9)='Stopped: '");
  return done();
}

}  // namespace vardbron::store
