#pragma once

// Tested by tests/care/project_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/chain/chain.h"

#include <cstddef>

namespace vardbron::care {

/// The entry of a link by itself, before corrections and cancellations: a version of its own, in effect.
ChainEntry entry_of(const Link& link, std::size_t arrival);

}  // namespace vardbron::care
