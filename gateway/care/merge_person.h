#pragma once

// Tested by tests/exchange/kommun_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/project.h"

#include <vector>

namespace vardbron::care {

/// Merges the person of one more notice into the case's. Call in event order.
void merge_person(Person& person, const Notice& notice, std::vector<Finding>& findings);

}  // namespace vardbron::care
