#include "gateway/search/period.h"

#include "gateway/fhir/date_time.h"

#include <string>

namespace vardbron::search {

namespace {

constexpr std::size_t minutes_end = 16;  // 2026-02-03T10:15
constexpr std::int64_t minute_ms = 60'000;

// Seconds may be left out in a search. Source: search.html 3.1.1.4.7.
bool is_without_seconds(std::string_view text) {
  return text.size() >= minutes_end && text[10] == 'T' && text[13] == ':' &&
         (text.size() == minutes_end || text[minutes_end] != ':');
}

bool is_without_zone(std::string_view text) {
  std::size_t time = text.find('T');
  return time != std::string_view::npos && text.find_first_of("Z+-", time) == std::string_view::npos;
}

}  // namespace

std::optional<Period> parse_period(std::string_view text) {
  bool minutes = is_without_seconds(text);
  std::string whole(text);
  if (minutes) whole.insert(minutes_end, ":00");
  if (is_without_zone(whole)) whole += 'Z';
  Result<fhir::DateTime> parsed = fhir::DateTime::parse(whole);
  if (!parsed) return std::nullopt;
  fhir::Period period = parsed->period();
  Period found{period.first.time_since_epoch().count(), period.last.time_since_epoch().count()};
  if (minutes) found.to_ms = found.from_ms + minute_ms - 1;
  return found;
}

}  // namespace vardbron::search
