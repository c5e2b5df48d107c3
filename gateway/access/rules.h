#pragma once

#include "gateway/access/caller.h"
#include "gateway/base/result.h"
#include "gateway/store/store.h"

#include <span>
#include <string>

namespace vardbron::access {

enum class Right { Send, Receive, Operate };

/// Forbidden unless the caller has the right. The text names the right, not the resource.
Result<void> require(const Caller& caller, Right right);

/// A party of the case has permission: an operator sees everything, a receiver the cases it is party to.
bool may_see(const Caller& caller, std::span<const std::string> parties);

/// The same rule for the store's reads and searches. A caller without the right to receive sees nothing.
store::Reader reader_of(const Caller& caller);

}  // namespace vardbron::access
