#pragma once

#include "gateway/tree/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::clients {

/// A resource of a case in one line for people. Encounter, Task, ChargeItem and MeasureReport in full, others by type and id.
std::string resource_in_words(tree::Item resource);

/// An answer of the gateway, line by line: the entries of a Bundle or of the quarantine, or a single one, and the next page of a
/// list. {"nothing"} for an empty list; {} if the answer is neither a resource nor of the quarantine.
std::vector<std::string> summary_of(tree::Item answer);

/// The value of a Parameters parameter or an extension: its value[x], whatever the type; of a Reference its reference.
std::string_view value_of(tree::Item element);

}  // namespace vardbron::clients
