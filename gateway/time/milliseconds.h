#pragma once

#include <cstdint>

/// Lengths of time in milliseconds, for times counted from 1970.
namespace vardbron::time {

inline constexpr std::int64_t second_ms = 1000, minute_ms = 60 * second_ms, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;

/// Rounded down, before 1970 too.
constexpr std::int64_t floor_div(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

}  // namespace vardbron::time
