#pragma once

// Tested by tests/mappings/refusal_test.cpp and tests/care/person_view_test.cpp.

#include "gateway/care/chain/chain.h"

#include <cstddef>
#include <string>
#include <vector>

namespace vardbron::care {

/// Finding for the sender of `links[index]`: no admission notice came before it; if an effective one happened later, the text
/// says so. Why withheld: under LUS notification is lawful once the need was assessed, which the admission notice states.
/// MedCom's table notifies a death in any case, since Danish law does.
std::string why_nobody_is_notified(const std::vector<ChainEntry>& links, std::size_t index);

/// Finding for a notice that asks somebody for something while another ärende of the patient has the death. "": it asks nobody.
std::string why_nobody_is_asked(const ChainEntry& link);

}  // namespace vardbron::care
