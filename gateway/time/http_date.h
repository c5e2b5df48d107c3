#pragma once

#include "gateway/base/clock.h"

#include <optional>
#include <string>
#include <string_view>

/// Times in HTTP fields. Source: RFC 9110, 5.6.7. Any thread.
namespace vardbron::time {

/// IMF-fixdate, in whole seconds: Sun, 06 Nov 1994 08:49:37 GMT. Years 0 to 9999.
std::string http_date(WallTime time);

/// IMF-fixdate and the two obsolete forms that a recipient must read, Sunday, 06-Nov-94 08:49:37 GMT and Sun Nov  6 08:49:37
/// 1994. A year of two digits is at most 50 after that of `now`. A second 60 is the first of the next minute. The day's name is
/// not held against the date. nullopt: anything else, or a day that does not exist.
std::optional<WallTime> parse_http_date(std::string_view text, WallTime now);

}  // namespace vardbron::time
