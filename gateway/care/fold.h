#pragma once

#include "gateway/care/facts.h"
#include "gateway/care/policy.h"

namespace vardbron::care {

/// Goes through an arranged chain in event order and says what is true at its end. The result points into the chain.
Facts fold(Arranged arranged, const Policy& policy, WallTime now);

/// All organisations that any of the hospital's notices was for, sorted; it only grows with the chain.
std::vector<std::string> everybody_addressed(const std::vector<ChainEntry>& links);

}  // namespace vardbron::care
