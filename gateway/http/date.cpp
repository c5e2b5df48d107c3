#include "gateway/http/date.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace vardbron::http {

namespace {

constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::string_view pattern = "ddd, 00 mmm 0000 00:00:00 GMT";

// Digits where the pattern has 0, letters where it has one that is not its own, else the very character.
bool has_shape(std::string_view text) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_name = pattern[at] == 'd' || pattern[at] == 'm';
    if (pattern[at] == '0' ? text[at] < '0' || text[at] > '9' : !is_name && text[at] != pattern[at]) return false;
  }
  return true;
}

unsigned number(std::string_view digits) { return static_cast<unsigned>(parse_int(digits).value_or(0)); }

}  // namespace

std::string http_date(WallTime time) {
  using namespace std::chrono;
  auto day = floor<std::chrono::days>(time);
  year_month_day date(day);
  hh_mm_ss clock(floor<seconds>(time - day));
  std::array<char, 40> text{};
  int written =
      std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT", http::days[weekday(day).c_encoding()].data(),
                    static_cast<unsigned>(date.day()), http::months[static_cast<unsigned>(date.month()) - 1].data(),
                    static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                    static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(written)};
}

std::optional<WallTime> parse_http_date(std::string_view text) {
  using namespace std::chrono;
  if (!has_shape(text)) return std::nullopt;
  const auto named = std::find(http::months.begin(), http::months.end(), text.substr(8, 3));
  const auto on = std::find(http::days.begin(), http::days.end(), text.substr(0, 3));
  if (named == http::months.end() || on == http::days.end()) return std::nullopt;
  const auto month_number = static_cast<unsigned>(named - http::months.begin()) + 1;
  const year_month_day date{year(static_cast<int>(number(text.substr(12, 4)))), month(month_number),
                            day(number(text.substr(5, 2)))};
  const unsigned at_hour = number(text.substr(17, 2)), at_minute = number(text.substr(20, 2)),
                 at_second = number(text.substr(23, 2));
  // 60 is a leap second.
  if (!date.ok() || at_hour > 23 || at_minute > 59 || at_second > 60) return std::nullopt;
  return WallTime(sys_days(date) + hours(at_hour) + minutes(at_minute) + seconds(at_second));
}

}  // namespace vardbron::http
