#pragma once

// Tested by tests/care/consent_test.cpp.

#include "gateway/care/arende/case_writer.h"

#include <string>
#include <string_view>

namespace vardbron::care {

/// Id of the Consent about one scope.
std::string consent_id(const CaseWriter& writer, std::string_view scope);

/// The Consent about one scope. It is for its sender and those to whom the notice went that said it.
Projected consent(const Facts& facts, const CaseWriter& writer, const std::string& scope, const Consents::Entry& entry);

}  // namespace vardbron::care
