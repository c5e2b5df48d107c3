#pragma once

// Tested by tests/rest/audit_events_test.cpp.

#include "gateway/store/store.h"

#include <string>
#include <string_view>

namespace vardbron::rest {

/// A row of the access log as an AuditEvent, JSON. `patient`: "Patient/id", or "". By the shape of IHE's Basic Audit Log
/// Patterns: the client of a read is the destination and the gateway the source; of a search and of a write the other way round;
/// a notification is an export with its receiver as destination. Their profiles are not claimed: a row has no address of the
/// network, and a search not its query, in which a person's number may be. Source: IHE ITI BALP 1.1.3, 3:5.7.
std::string audit_event(const store::AuditRow& row, std::string_view id, std::string_view patient);

}  // namespace vardbron::rest
