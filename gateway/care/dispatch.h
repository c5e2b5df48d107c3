#pragma once

// Tested by tests/care/notifications_test.cpp and tests/care/project_test.cpp.

#include "gateway/care/facts.h"

#include <vector>

namespace vardbron::care {

/// One Dispatch for every notice and possible receiver, with its status. Exists also while the notice is withheld, so that
/// Communications never vanish.
std::vector<Dispatch> dispatches(const Facts& facts);

/// Id of the Communication of a notice to a party.
std::string communication_id(const Facts& facts, const ChainEntry& link, std::string_view party);

}  // namespace vardbron::care
