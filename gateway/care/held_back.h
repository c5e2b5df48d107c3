#pragma once

#include "gateway/care/chain.h"

#include <cstddef>
#include <string>
#include <vector>

namespace vardbron::care {

/// What the sender of the notice `links[index]` reads that no admission notice came before; where one counts that happened later,
/// it says so. LUS gives a ground to tell anybody once the need was assessed, and the admission notice is what says so; MedCom's
/// table tells a death in any case, for Danish law does.
std::string nobody_was_told(const std::vector<ChainEntry>& links, std::size_t index);

}  // namespace vardbron::care
