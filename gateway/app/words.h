#pragma once

#include "gateway/tree/document.h"

#include <string>
#include <string_view>

namespace vardbron::app {

/// What a resource of a case says, in one line for people. Encounter, Task and ChargeItem in full, others by type and id.
std::string resource_in_words(tree::Item resource);

/// The value of a Parameters parameter or an extension: its value[x], whatever the type; of a Reference its reference.
std::string_view value_of(tree::Item element);

}  // namespace vardbron::app
