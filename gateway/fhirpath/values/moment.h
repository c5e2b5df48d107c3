#pragma once

#include "gateway/base/clock.h"
#include "gateway/fhirpath/values/decimal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

/// A date, date with time, or time of day, known up to a precision. Milliseconds count from 1970-01-01T00:00 as the clock on the
/// wall shows it (a time of day: from midnight); parts beyond the precision are zero. A value, any thread.
struct Moment {
  enum class Form : std::uint8_t { Date, DateTime, Time };
  enum class Precision : std::uint8_t { Year, Month, Day, Hour, Minute, Second, Millisecond };
  enum class Step : std::uint8_t { Year, Month, Week, Day, Hour, Minute, Second, Millisecond };

  std::int64_t wall_ms = 0;
  std::int16_t zone_minutes = 0;  ///< meaningful with has_zone
  bool has_zone = false;
  Form form = Form::Date;
  Precision precision = Precision::Day;

  /// What FHIRPath writes behind the @ (form Time: with or without the leading T). nullopt when the text is none.
  static std::optional<Moment> parse(std::string_view text, Form form);
  static Moment of(WallTime now, int zone_minutes);

  /// The text without @: 2014-01-05T10:30:00.000+01:00; a time without T.
  std::string to_string() const;
  Moment as(Form other) const;  ///< Date <-> DateTime

  /// N1 5.2: empty where the precision does not decide, or only one of them has a zone and the zone could decide.
  static std::optional<bool> equal(const Moment& left, const Moment& right);
  static std::optional<int> compare(const Moment& left, const Moment& right);  ///< -1, 0, 1
  static bool equivalent(const Moment& left, const Moment& right);
  /// Equal moments have the same one.
  std::int64_t equality_key() const;

  /// N1 6.7: adds whole steps; parts finer than the precision count by whole units of the precision. nullopt: year
  /// outside 1..9999.
  std::optional<Moment> plus(const Decimal& count, Step step) const;

  Moment low_boundary(Precision wanted) const;
  Moment high_boundary(Precision wanted) const;
  int part(Precision wanted) const;  ///< the number that stands there: 2014, 1 .. 12, ..
  int digits() const;                ///< 4 for a year .. 17 for milliseconds (time: 2 .. 9)

 private:
  std::optional<Moment> plus_ms(std::int64_t ms) const;
};

}  // namespace vardbron::fhirpath
