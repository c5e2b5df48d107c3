#include "gateway/search/period.h"

#include "gateway/base/text.h"
#include "gateway/time/moment.h"

#include <cstddef>

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

bool lacks_zone(std::string_view texts) {
  for (const std::string_view text : split(texts, ',')) {
    const std::size_t time = text.find('T');
    if (time != std::string_view::npos && text.find_first_of("Z+-", time) == std::string_view::npos) return true;
  }
  return false;
}

// A + in an address is a blank (HTML, application/x-www-form-urlencoded).
std::string_view advice_on_period(std::string_view text) {
  const std::size_t blank = text.rfind(' ');
  const bool is_zone =
      blank != std::string_view::npos && text.find('T') < blank && text.size() == blank + 6 && text[blank + 3] == ':';
  return is_zone ? " In an address a + means a blank: write the zone as %2B01:00." : "";
}

}  // namespace vardbron::search
