#pragma once

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/seal.h"

#include <string>

namespace vardbron::store {

/// The last row of the journal and of the access log: its number and its link of the chain. A failure is the database's.
ChainEnd end_of_journal(Database& database);
ChainEnd end_of_audit(Database& database);

/// Whether the tables end as they were sealed: the chains of the journal and the access log, the numbered rows of bodies and of
/// cases' links, and the events of each subscription. Returns a sentence about the difference; "" = none, as far as the tables
/// can be read: failures to read are left to the reads that need them. Reads the last row of each table and the subscriptions
/// only, so that it is cheap at the start; changes before the end are found by a verification.
std::string unlike_sealed_at_the_end(Database& database, const Seal& seal);

}  // namespace vardbron::store
