#pragma once

#include "gateway/access/caller.h"
#include "gateway/base/result.h"
#include "gateway/store/store.h"

#include <span>
#include <string>
#include <string_view>

namespace vardbron::access {

enum class Right { Send, Receive, Operate };

/// Forbidden unless the caller has the right. The text names the right, not the resource.
Result<void> require(const Caller& caller, Right right);

/// A party of the case has permission: an operator sees everything, a receiver the cases it is party to.
bool may_see(const Caller& caller, std::span<const std::string> parties);

/// The organisation that has the case, of the case's key; "" = none: a key of a person, or none.
std::string_view owner_of(std::string_view case_key);
/// The row is the caller's to read: its own organisation did it, with the same organisationsnummer, or its own case was read,
/// sent or changed by another one. An operator reads all. Source: PDL 4 kap. 3 §, 8 kap. 5 §.
bool may_read_log(const Caller& caller, const store::AuditRow& row);

/// The same rule for the store's reads and searches. A caller without the right to receive sees nothing.
store::Reader reader_of(const Caller& caller);

}  // namespace vardbron::access
