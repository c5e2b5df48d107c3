#pragma once

#include "gateway/care/project.h"

#include <vector>

namespace vardbron::care {

/// Adds to what a case knows of its person what one more notice says, in event order.
void merge_person(Person& person, const Notice& notice, std::vector<Finding>& findings);

}  // namespace vardbron::care
