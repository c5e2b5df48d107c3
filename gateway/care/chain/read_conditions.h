#pragma once

#include "gateway/care/chain/notice.h"
#include "gateway/tree/children.h"

#include <string_view>

namespace vardbron::care {

/// Reads what a notice's Encounter says of the conditions of the municipality's liability: whether a SIP is due, obstacles in the
/// öppenvård, when the need was assessed, the kind of care. Invalid: a value that cannot be read; `path` is the Encounter's.
/// Source: LUS 2:3, 4:1, 5:5; the extensions in fhir-profiles/README.md.
Result<void> read_conditions(tree::Item encounter, std::string_view path, Notice& notice);

}  // namespace vardbron::care
