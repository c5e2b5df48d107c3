#pragma once

// Tested by tests/care/refused_consent_test.cpp.

#include "gateway/care/arende/facts.h"

#include <cstddef>
#include <string>
#include <vector>

namespace vardbron::care {

/// What the sender of `links[index]`, which was sent, must know of what the patient refused or withdrew by then: that the notice
/// went out all the same, what it holds and to whom; that no SIP may be made. The gateway holds nothing back: LUS 2:1 and 2:4
/// make it a duty to notify, and whether secrecy hinders a notice of 3:1 or 3:2 its sender alone can judge.
std::vector<Finding> sent_despite_refusal(const Facts& facts, std::size_t index);

}  // namespace vardbron::care
