#pragma once

#include <string>
#include <string_view>

/// HL7 v2's texts of times and numbers as FHIR writes them (HL7 v2.5.1: 2.A.21 DT, 2.A.22 DTM, 2.A.75 TM, 2.A.47 NM). A text that
/// is none, whatever it is, is returned as it is: what a sender wrote is never lost.
namespace vardbron::fhir {

std::string date_from_v2(std::string_view text);  ///< "20261122" -> "2026-11-22"; of a time its date
/// "202611221015+0100" -> "2026-11-22T10:15:00+01:00"; without hours a date, without zone a local time.
std::string date_time_from_v2(std::string_view text);
/// What a sender wrote where a date or a time belongs, and what was wrong with it.
struct V2Time {
  std::string text;             ///< what is known, as FHIR writes it; what is no date, as it was sent
  std::string_view doubt = {};  ///< half a sentence of what was wrong and what was done; "" = nothing
  bool is_unreadable = false;   ///< `text` is what was sent: no date of the calendar, or of no known form
};
/// As date_time_from_v2, and reads what senders write beside the standard: 00 for an unknown day or month (19500900 is 1950-09),
/// an hour without minutes (FHIR has none, so the date alone is kept), ISO 8601 (20261122T1015), white space around it (no
/// fault). `precision` is the second component of a time, withdrawn in v2.6: Y, L, D, H, M or S; what is more exact is cut off.
/// Nothing is made more exact than it was said.
V2Time read_v2_time(std::string_view text, std::string_view precision = {});
V2Time read_v2_date(std::string_view text);  ///< the same where a date belongs

std::string time_from_v2(std::string_view text);    ///< "1015" -> "10:15:00"
std::string number_from_v2(std::string_view text);  ///< "+01.50" -> "1.50"

}  // namespace vardbron::fhir
