#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"

#include <chrono>
#include <string>
#include <string_view>

/// Civil time of Sweden, which is Europe/Stockholm with its history. The date library is not seen through this header. Any
/// thread.
namespace vardbron::time {

using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

/// Why a local time without zone needed a decision.
enum class Guess : unsigned char {
  None,
  Twice,  ///< the hour is there twice (autumn): the first one was taken
  Never   ///< the hour is left out (spring): moved on by the lost hour
};

/// The moment that a local time means, and whether that was a choice.
struct CivilTime {
  WallTime at{};
  Guess guess = Guess::None;
  bool operator==(const CivilTime&) const = default;
};

CivilTime to_wall(LocalTime local);
LocalTime to_local(WallTime moment);
std::chrono::local_days day_of(WallTime moment);  ///< the calendar day in Stockholm
WallTime start_of(std::chrono::local_days day);
WallTime end_of(std::chrono::local_days day);  ///< last millisecond before the next day begins

/// "2025-03-27T11:59:59+01:00", milliseconds only when there are any: a FHIR dateTime.
std::string format_local(WallTime moment);
/// "2025-03-27"
std::string format_day(std::chrono::local_days day);

/// A FHIR dateTime or instant whose seconds may be left out, or a RIV-TA timestamp (YYYYMMDDhhmmss). Without a zone it is
/// Stockholm time; a date alone (or a year, or a month) is its first moment. Invalid: no such form, or no such day.
Result<CivilTime> parse_civil(std::string_view text);

}  // namespace vardbron::time
