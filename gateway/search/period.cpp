#include "gateway/search/period.h"

#include "gateway/time/moment.h"

namespace vardbron::search {

namespace {

using time::Moment;

// Seconds may be left out in a search, and so may the zone. Source: R4 search.html 3.1.1.4.7.
constexpr time::TextRules search_text{.time_least = Moment::Precision::Minute, .has_leap_second = true};

}  // namespace

std::optional<Period> parse_period(std::string_view text) {
  const std::optional<Moment> moment = Moment::parse(text, Moment::Form::DateTime, search_text);
  if (!moment) return std::nullopt;
  const time::Period period = moment->period();
  return Period{period.first.time_since_epoch().count(), period.last.time_since_epoch().count()};
}

}  // namespace vardbron::search
