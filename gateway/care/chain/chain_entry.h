#pragma once

// Tested by tests/care/project_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/chain/chain.h"

#include <cstddef>
#include <string>

namespace vardbron::care {

/// The entry of a link by itself, before corrections and cancellations: a version of its own, in effect. What is in the
/// chain of a plan happened when it was taken at the latest: a plan that is dated ahead outlives no withdrawal.
ChainEntry entry_of(const Link& link, std::size_t arrival);

/// Of a notice with a consent: it happened later than it was taken, by the sender's clock.
bool is_ahead(const Notice& consent);
/// Finding for its sender, who can mend the time; "": none of its times is later than when it was taken.
std::string why_not_so_late(const Notice& consent);

}  // namespace vardbron::care
