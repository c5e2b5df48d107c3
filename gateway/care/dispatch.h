#pragma once

#include "gateway/care/facts.h"

#include <vector>

namespace vardbron::care {

/// Who gets which notice, and how far it came. There is one for every notice and everybody it might be for, also while it is held
/// back: so Communications never vanish.
std::vector<Dispatch> dispatches(const Facts& facts);

/// Id of the Communication that carries a notice to a party.
std::string communication_id(const Facts& facts, const ChainEntry& link, std::string_view party);

}  // namespace vardbron::care
