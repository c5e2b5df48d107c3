#pragma once

// Tested by tests/exchange/kommun_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/chain/link.h"
#include "gateway/care/person/person_view.h"

#include <vector>

namespace vardbron::care {

/// Merges the person of one more notice into the case's. Call in event order. `known`: the patient's other cases.
void merge_person(Person& person, const Notice& notice, const PersonView& known, std::vector<Finding>& findings);

/// Whether merge_person() changes anything but the protection.
bool changes_person(const Person& person, const Person& newer);

}  // namespace vardbron::care
