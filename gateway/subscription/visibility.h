#pragma once

#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/store/store.h"
#include "gateway/subscription/notification.h"

#include <string>
#include <vector>

namespace vardbron::subscription {

/// The events as the subscriber may see them now: if it left a case since the event it sees number and time only.
/// Each resource is read once; a single one that cannot be read is Shown::As::Unreadable. Fails with the store's failure if none
/// can be read. `store` outlives the call.
Task<Result<std::vector<ShownEvent>>> redact(store::Store& store, store::Reader reader, std::vector<store::Event> events,
                                             Content content);

/// The same for as many of the first events as may fit into one notification, at least one: all at once could exceed the memory.
Task<Result<std::vector<ShownEvent>>> redact_first(store::Store& store, store::Reader reader, std::vector<store::Event> events,
                                                   Content content);

/// The first resource in them that cannot be read; nullptr if all can.
const Shown* first_unreadable(const std::vector<ShownEvent>& shown);

/// One row per event: shown to the organisation, or withheld from it.
std::vector<store::AuditRow> audit_of(const std::string& organisation, const std::vector<store::Event>& events,
                                      const std::vector<ShownEvent>& shown);

}  // namespace vardbron::subscription
