#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::fhir {

enum class DatePrecision : std::uint8_t { Year, Month, Day, Second, Millisecond };

/// First and last millisecond of what a date says, UTC.
struct Period {
  WallTime first{}, last{};
  bool operator==(const Period&) const = default;
};

/// A FHIR date, dateTime or instant: a moment known up to a precision, with a zone or not. A value made only by parsing, so it
/// is always a day that exists. Source: FHIR R4 datatypes.html#dateTime. What FHIRPath does with such values is in
/// fhirpath/moment.h.
class DateTime {
 public:
  /// Exactly the forms of the standard: YYYY, YYYY-MM, YYYY-MM-DD, and with time and zone; seconds are mandatory, 24:00 is not
  /// allowed, a second 60 counts as 59. Invalid: anything else.
  static Result<DateTime> parse(std::string_view text);
  static Result<DateTime> parse_date(std::string_view text);     ///< without time
  static Result<DateTime> parse_instant(std::string_view text);  ///< with time and zone

  DatePrecision precision() const { return precision_; }
  bool has_zone() const { return has_zone_; }
  int zone_minutes() const { return zone_minutes_; }
  /// As a period; a text without zone is taken at `zone_minutes` east of Greenwich.
  Period period(int zone_minutes = 0) const;
  /// Empty when the precision or a missing zone leaves it open.
  static std::optional<std::strong_ordering> compare(const DateTime& left, const DateTime& right);

 private:
  std::int64_t local_ms_ = 0;  // of the first moment, as the clock on the wall shows it
  std::int16_t zone_minutes_ = 0;
  bool has_zone_ = false;
  DatePrecision precision_ = DatePrecision::Day;
};

/// hh:mm:ss with optional fraction.
bool is_time(std::string_view text);

/// "2025-03-27T10:59:59.120Z": an instant with milliseconds.
std::string format_instant(WallTime moment);

}  // namespace vardbron::fhir
