#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"

#include <chrono>
#include <string>
#include <string_view>

/// Time as people in Sweden read it off the wall: Europe/Stockholm with its history. The date library lives behind this header.
namespace vardbron::sweden {

using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

/// Why a local time without zone needed a decision.
enum class Guess : unsigned char {
  None,
  Twice,  ///< the hour is there twice (autumn): the first one was taken
  Never   ///< the hour is left out (spring): moved on by the lost hour
};

struct Moment {
  WallTime at{};
  Guess guess = Guess::None;
  bool operator==(const Moment&) const = default;
};

Moment to_wall(LocalTime local);
LocalTime to_local(WallTime moment);
std::chrono::local_days day_of(WallTime moment);  ///< the calendar day in Stockholm
WallTime start_of(std::chrono::local_days day);
WallTime end_of(std::chrono::local_days day);  ///< last millisecond before the next day begins

/// "2025-03-27T11:59:59+01:00", milliseconds only when there are any: a FHIR dateTime.
std::string format_local(WallTime moment);
/// "2025-03-27"
std::string format_day(std::chrono::local_days day);

/// A FHIR dateTime or instant, or a RIV-TA timestamp (YYYYMMDDhhmmss). Without a zone it is Stockholm time; a date alone (or a
/// year, or a month) is its first moment. Invalid: no such form, or no such day.
Result<Moment> parse_moment(std::string_view text);

}  // namespace vardbron::sweden
