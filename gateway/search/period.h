#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace vardbron::search {

/// First and last millisecond of a period, UTC since 1970. Open ends reach as far as numbers do.
struct Period {
  std::int64_t from_ms = std::numeric_limits<std::int64_t>::min();
  std::int64_t to_ms = std::numeric_limits<std::int64_t>::max();
  bool operator==(const Period&) const = default;
};

/// The period that a FHIR date, dateTime or instant names: 2026-02 is the whole month, 2026-02-03T10:15Z the whole minute.
/// Without a zone the text is taken as UTC (R4 search.html 3.1.1.4.7: the server's own zone). nullopt: not such a text, or a day
/// that does not exist.
std::optional<Period> parse_period(std::string_view text);

/// Whether one of several times, separated by commas, has no zone.
bool lacks_zone(std::string_view texts);
/// What else to do when parse_period refuses a text that came in an address: a sentence after a blank; "" = nothing.
std::string_view advice_on_period(std::string_view text);

}  // namespace vardbron::search
