#pragma once

// Tested by tests/care/consent_test.cpp.

#include "gateway/care/chain/notice.h"
#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::care {

/// Reads a notice's Consent (fhir-profiles/README.md) into notice.consent; what is not taken over becomes a doubt of the notice.
/// Invalid: it says not what was decided, or not about what; `path` is the Consent's.
Result<void> read_consent(tree::Item consent, std::string_view path, Notice& notice);

}  // namespace vardbron::care
