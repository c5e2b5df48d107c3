#pragma once

#include "gateway/care/event.h"

#include <string>

namespace vardbron::care {

/// What the sender of a notice reads that no admission notice came before. LUS gives a ground to tell anybody once the need was
/// assessed, and the admission notice is what says so; MedCom's table tells a death in any case, for Danish law does.
std::string nobody_was_told(Event event);

}  // namespace vardbron::care
