#include "gateway/sweden/samordningsnummer.h"

#include "gateway/sweden/luhn.h"
#include "gateway/sweden/personnummer.h"

#include <algorithm>
#include <chrono>

namespace vardbron::sweden {
namespace {

constexpr unsigned day_offset = 60;

Failure refused(std::string says) { return Failure{Cause::Invalid, std::move(says), ""}; }

std::string two(unsigned value) { return {char('0' + value / 10 % 10), char('0' + value % 10)}; }

}  // namespace

Samordningsnummer::Samordningsnummer(std::string_view digits) { std::copy_n(digits.begin(), digits_.size(), digits_.begin()); }

unsigned Samordningsnummer::two_digits(std::size_t at) const {
  return unsigned(digits_[at] - '0') * 10 + unsigned(digits_[at + 1] - '0');
}

int Samordningsnummer::birth_year() const { return int(two_digits(0) * 100 + two_digits(2)); }

std::optional<unsigned> Samordningsnummer::birth_month() const {
  unsigned month = two_digits(4);
  return month == 0 ? std::nullopt : std::optional(month);
}

std::optional<unsigned> Samordningsnummer::birth_day() const {
  unsigned day = two_digits(6) - day_offset;
  std::optional<unsigned> month = birth_month();
  if (!month) return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year(birth_year()), std::chrono::month(*month), std::chrono::day(day)};
  return date.ok() ? std::optional(day) : std::nullopt;
}

std::string Samordningsnummer::birth_date() const {
  std::string date(twelve_digits().substr(0, 4));
  if (std::optional<unsigned> month = birth_month()) date += "-" + two(*month);
  if (std::optional<unsigned> day = birth_day()) date += "-" + two(*day);
  return date;
}

std::string Samordningsnummer::masked() const { return std::string(twelve_digits().substr(0, 8)) + "-****"; }

std::string_view Samordningsnummer::twelve_digits() const { return {digits_.data(), digits_.size()}; }

Result<Samordningsnummer> parse_samordningsnummer(std::string_view text, std::chrono::year_month_day today) {
  const bool is_short = text.size() == 11 && (text[6] == '-' || text[6] == '+');
  if (!is_short) return parse_samordningsnummer(text);
  const std::string ten = std::string(text.substr(0, 6)) + std::string(text.substr(7));
  if (!is_all_digits(ten)) return refused("A short samordningsnummer has six digits, '-' or '+', and four digits.");
  return parse_samordningsnummer(with_century(ten, text[6] == '+', today));
}

Result<Samordningsnummer> parse_samordningsnummer(std::string_view text) {
  std::string digits(text);
  if (digits.size() == 13 && (digits[8] == '-' || digits[8] == '+')) digits.erase(8, 1);
  if (digits.size() != 12 || !is_all_digits(digits)) return refused("A samordningsnummer has twelve digits.");
  Samordningsnummer number(digits);
  // Day 60 is an unknown day; month 00 an unknown month. Days that their month does not have are in use, so they are accepted.
  if (number.two_digits(4) > 12) return refused("The month of the samordningsnummer is none.");
  if (number.two_digits(6) < day_offset || number.two_digits(6) > day_offset + 31)
    return refused("The day of a samordningsnummer lies between 60 and 91.");
  if (!passes_luhn(std::string_view(digits).substr(2))) return refused("The check digit of the samordningsnummer is wrong.");
  return number;
}

}  // namespace vardbron::sweden
