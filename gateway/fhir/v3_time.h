#pragma once

// Tested by tests/fhir/xsi_type_test.cpp.

#include <string>
#include <string_view>

/// Times of HL7 v3 (CDA R2, data type TS): "20261122101500+0100". They are read as those of v2 are, see v2_value.h.
namespace vardbron::fhir {

/// urn:hl7-org:v3, and what is named after it.
bool is_v3_namespace(std::string_view uri);
/// Whether values of the FHIR type are written as v3 has them in XML of the namespace: dateTime, date, instant.
bool has_v3_times(std::string_view uri, std::string_view type);
/// "2026-11-22T10:15:00+01:00" -> "20261122101500+0100". A text that is no time of FHIR's is returned as it is.
std::string date_time_to_v3(std::string_view text);

}  // namespace vardbron::fhir
