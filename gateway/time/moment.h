#pragma once

#include "gateway/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::time {

struct TextRules;

/// Source: FHIR R4 datatypes.html#dateTime.
inline constexpr int offset_minutes_max = 14 * 60;

/// First and last millisecond of what a moment says, UTC.
struct Period {
  WallTime first{}, last{};
  bool operator==(const Period&) const = default;
};

/// A date, a date with time, or a time of day, known up to a precision, with a zone or without: FHIR's date, dateTime, instant
/// and time, and what FHIRPath and maps calculate with. Milliseconds count from 1970-01-01T00:00 as the clock on the wall shows
/// it (a time of day: from midnight); parts beyond the precision are zero. A value, any thread.
struct Moment {
  enum class Form : std::uint8_t { Date, DateTime, Time };
  enum class Precision : std::uint8_t { Year, Month, Day, Hour, Minute, Second, Millisecond };
  enum class Step : std::uint8_t { Year, Month, Week, Day, Hour, Minute, Second, Millisecond };
  struct Parts {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
  };

  std::int64_t wall_ms = 0;
  std::int16_t zone_minutes = 0;  ///< east of Greenwich; meaningful with has_zone
  bool has_zone = false;
  Form form = Form::Date;
  Precision precision = Precision::Day;

  /// nullopt when the text is none by the rules, or names a day that does not exist. The years are 1 to 9999, an offset is at
  /// most 14:00, and what is finer than a millisecond is cut off.
  static std::optional<Moment> parse(std::string_view text, Form form, const TextRules& rules);
  static Moment of(WallTime now, int zone_minutes);
  /// Without zone; parts beyond the precision do not count. nullopt: no such date or time.
  static std::optional<Moment> of(const Parts& parts, Form form, Precision precision);

  /// 2014-01-05T10:30:00.000+01:00, and Z for an offset of nothing; a time without T.
  std::string to_string() const;
  Moment as(Form other) const;       ///< Date <-> DateTime, and the Time of a DateTime
  int part(Precision wanted) const;  ///< 2014, 1 .. 12, ..
  int digits() const;                ///< 4 for a year .. 17 for milliseconds (time: 2 .. 9)
  /// Not of a time of day. Without a zone the moment is taken as UTC.
  Period period() const;

  /// FHIRPath N1 5.2: empty where the precision does not decide, or only one of them has a zone and the zone could decide.
  static std::optional<bool> equal(const Moment& left, const Moment& right);
  static std::optional<int> compare(const Moment& left, const Moment& right);  ///< -1, 0, 1
  static bool equivalent(const Moment& left, const Moment& right);
  /// Equal moments have the same one.
  std::int64_t equality_key() const;

  /// FHIRPath N1 6.7: steps finer than the precision count by whole units of the precision. nullopt: year outside 1..9999.
  std::optional<Moment> plus(std::int64_t count, Step step) const;
  /// The first and the last moment that this one may mean, to a precision.
  Moment low_boundary(Precision wanted) const;
  Moment high_boundary(Precision wanted) const;

 private:
  std::optional<Moment> plus_ms(std::int64_t ms) const;
};

/// What a standard's texts have beside YYYY, YYYY-MM, YYYY-MM-DD, a time after the T, and an offset or Z after the time.
struct TextRules {
  Moment::Precision time_least = Moment::Precision::Hour;  ///< a time of day says at least so much
  bool needs_zone = false;                                 ///< a dateTime with a time has a zone
  bool has_leap_second = false;                            ///< a second 60 is one, and counts as 59
  bool has_next_second = false;                            ///< it counts as the second after it, but at the end of a time of day
  bool is_basic = false;                                   ///< without separators: 20260313153000.5+0100
  bool has_free_t = false;                                 ///< 2026-03-13T is a dateTime, T15:30 a time
  bool has_stray_zone = false;                             ///< an offset after a date or a time of day is read and dropped
};

/// FHIR R4 datatypes.html#dateTime: seconds and zone are mandatory with a time.
inline constexpr TextRules fhir_text{.time_least = Moment::Precision::Second, .needs_zone = true, .has_leap_second = true};
/// FHIRPath N1, what is written after the @: any precision.
inline constexpr TextRules fhirpath_text{.has_free_t = true};
/// FHIR's data in FHIRPath: a leap second is later than the one before it.
inline constexpr TextRules fhirpath_data{.has_leap_second = true, .has_next_second = true, .has_free_t = true};

/// A FHIR instant: to the second at least, with its zone.
std::optional<Moment> parse_instant(std::string_view text);

/// +01:00, and +00:00 for nothing.
std::string offset_text(int minutes);

}  // namespace vardbron::time
