#pragma once

// Tested by tests/care/project_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/facts.h"
#include "gateway/care/policies.h"

namespace vardbron::care {

/// Applies an arranged chain in event order. The result points into the chain.
Facts fold(Arranged arranged, const Policies& policies, WallTime now);

}  // namespace vardbron::care
