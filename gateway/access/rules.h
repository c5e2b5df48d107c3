#pragma once

#include "gateway/access/caller.h"
#include "gateway/base/result.h"
#include "gateway/store/store.h"

#include <span>
#include <string>

namespace vardbron::access {

enum class Right { Send, Receive, Operate };

/// Forbidden unless the caller has the right. The text names the right, not what it would have opened.
Result<void> require(const Caller& caller, Right right);

/// Party to the case = permission: an operator sees everything, a receiver what one of the parties is it.
bool may_see(const Caller& caller, std::span<const std::string> parties);

/// The same rule as the store applies it in reads and searches. A caller without the right to receive sees nothing.
store::Reader reader_of(const Caller& caller);

}  // namespace vardbron::access
