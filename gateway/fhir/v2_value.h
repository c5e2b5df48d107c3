#pragma once

#include <string>
#include <string_view>

/// HL7 v2's texts of times and numbers in FHIR's spelling (HL7 v2.5.1: 2.A.21 DT, 2.A.22 DTM, 2.A.75 TM, 2.A.47 NM). A text that
/// is none, whatever it is, is given back as it is: what a sender wrote is never lost.
namespace vardbron::fhir {

std::string date_from_v2(std::string_view text);  ///< "20261122" -> "2026-11-22"; of a time its date
/// "202611221015+0100" -> "2026-11-22T10:15:00+01:00"; without hours a date, without zone a local time.
std::string date_time_from_v2(std::string_view text);
std::string time_from_v2(std::string_view text);    ///< "1015" -> "10:15:00"
std::string number_from_v2(std::string_view text);  ///< "+01.50" -> "1.50"

}  // namespace vardbron::fhir
