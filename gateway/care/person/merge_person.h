#pragma once

// Tested by tests/exchange/kommun_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/chain/link.h"

#include <vector>

namespace vardbron::care {

/// Merges the person of one more notice into the case's. Call in event order.
void merge_person(Person& person, const Notice& notice, std::vector<Finding>& findings);

/// Whether merge_person() changes anything but the protection.
bool changes_person(const Person& person, const Person& newer);

}  // namespace vardbron::care
