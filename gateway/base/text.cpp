#include "gateway/base/text.h"

#include "gateway/base/utf8.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace vardbron {

namespace {

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter; }

void put(char* at, std::size_t width, std::uint64_t number) {
  for (std::size_t i = width; i-- > 0; number /= 10) at[i] = static_cast<char>('0' + number % 10);
}

// Characters that are changed, added, left out, or swapped with their neighbour.
std::size_t edits_between(std::string_view left, std::string_view right) {
  auto same = [&](std::size_t i, std::size_t j) { return lower(left[i - 1]) == lower(right[j - 1]); };
  std::vector<std::size_t> older(right.size() + 1), old(right.size() + 1), row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    older.swap(old);
    old.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      row[j] = std::min({old[j] + 1, row[j - 1] + 1, old[j - 1] + (same(i, j) ? 0 : 1)});
      if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j)) row[j] = std::min(row[j], older[j - 2] + 1);
    }
  }
  return row.back();
}

bool is_visible(std::uint32_t letter) {
  if (letter < 0x20) return letter == '\t' || letter == '\n';
  if (letter >= 0x7F && letter <= 0x9F) return false;
  const bool ends_line = letter == 0x2028 || letter == 0x2029;
  // Source: Unicode UAX #9, explicit directional formatting characters.
  const bool turns = letter == 0x061C || letter == 0x200E || letter == 0x200F || (letter >= 0x202A && letter <= 0x202E) ||
                     (letter >= 0x2066 && letter <= 0x2069);
  return !ends_line && !turns;
}

void append_hex(std::string& to, std::uint32_t number, int width) {
  static constexpr char digits[] = "0123456789ABCDEF";
  for (int shift = (width - 1) * 4; shift >= 0; shift -= 4) to += digits[(number >> shift) & 15];
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    std::size_t end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool equal_without_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) { return lower(a) == lower(b); });
}

std::string to_lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  return lowered;
}

std::optional<std::int64_t> parse_int(std::string_view text) {
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string visible(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text, 0);
    const std::size_t bytes = std::max<std::size_t>(length, 1);
    if (length == 0) {
      append_hex(shown += "\\x", static_cast<unsigned char>(text[0]), 2);
    } else if (const std::uint32_t point = code_point(text.substr(0, length)); is_visible(point)) {
      shown.append(text.substr(0, length));
    } else {
      append_hex(shown += "\\u", point, 4);
    }
    text.remove_prefix(bytes);
  }
  return shown;
}

std::string to_instant(WallTime time) {
  auto day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day date(day);
  auto of_day = static_cast<std::uint64_t>((time - day).count());
  std::string text = "0000-00-00T00:00:00.000Z";
  put(&text[0], 4, static_cast<std::uint64_t>(static_cast<int>(date.year())));
  put(&text[5], 2, static_cast<unsigned>(date.month()));
  put(&text[8], 2, static_cast<unsigned>(date.day()));
  put(&text[11], 2, of_day / 3'600'000);
  put(&text[14], 2, of_day / 60'000 % 60);
  put(&text[17], 2, of_day / 1'000 % 60);
  put(&text[20], 3, of_day % 1'000);
  return text;
}

std::string_view nearest(std::string_view given, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t fewest = (given.size() + 2) / 3;
  for (std::string_view candidate : known) {
    const std::size_t longer = std::max(given.size(), candidate.size()), shorter = std::min(given.size(), candidate.size());
    const bool is_cut_off =
        given.size() > 2 && shorter < candidate.size() && equal_without_case(candidate.substr(0, shorter), given);
    if (!is_cut_off && longer - shorter > fewest) continue;
    const std::size_t edits = is_cut_off ? 1 : edits_between(given, candidate);
    if (edits <= fewest && (best.empty() || edits < fewest)) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

}  // namespace vardbron
