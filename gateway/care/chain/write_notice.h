#pragma once

// Tested by tests/care/write_notice_test.cpp.

#include "gateway/care/chain/notice.h"
#include "gateway/tree/document.h"
#include "gateway/tree/names.h"

namespace vardbron::care {

/// The canonical notice Bundle (fhir-profiles/README.md) of what a party says through the API: read_notice reads the same of it.
/// Of the person the numbers are written, of the stay its identity, status and class; what a party never says of them is left
/// out, and so are payloads. `names` outlives the document.
tree::Document to_bundle(const Notice& notice, const tree::Names& names);

}  // namespace vardbron::care
