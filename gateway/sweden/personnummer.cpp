#include "gateway/sweden/personnummer.h"

#include "gateway/sweden/luhn.h"
#include "gateway/sweden/organisationsnummer.h"

#include <algorithm>

namespace vardbron::sweden {
namespace {

using std::chrono::year_month_day;

int number(std::string_view digits) {
  int value = 0;
  for (char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

year_month_day date_in(std::string_view eight_digits) {
  return {std::chrono::year(number(eight_digits.substr(0, 4))), std::chrono::month(number(eight_digits.substr(4, 2))),
          std::chrono::day(number(eight_digits.substr(6, 2)))};
}

Failure refused(std::string says) { return Failure{Cause::Invalid, std::move(says), ""}; }

/// The text without the separator before the last four, or empty if it has no such form.
std::string without_separator(std::string_view text, std::size_t digits) {
  std::string plain(text);
  if (plain.size() == digits + 1 && (plain[digits - 4] == '-' || plain[digits - 4] == '+')) plain.erase(digits - 4, 1);
  return plain.size() == digits && is_all_digits(plain) ? plain : std::string();
}

}  // namespace

std::string with_century(std::string_view ten_digits, bool turns_hundred, year_month_day today) {
  const int year_of_century = number(ten_digits.substr(0, 2));
  // The latest such year up to today; with '+' the latest up to a hundred years ago.
  const int latest = int(today.year()) - (turns_hundred ? 100 : 0);
  int year = latest - ((latest - year_of_century) % 100 + 100) % 100;
  // A birth in the future is none; a sender that wrote '-' before the hundredth birthday means the century before.
  const year_month_day born{std::chrono::year(year), std::chrono::month(number(ten_digits.substr(2, 2))),
                            std::chrono::day(number(ten_digits.substr(4, 2)) % 60)};
  if (!turns_hundred && born > today) year -= 100;
  return std::to_string(year / 100) + std::string(ten_digits);
}

Personnummer::Personnummer(std::string_view digits) { std::copy_n(digits.begin(), digits_.size(), digits_.begin()); }

year_month_day Personnummer::birth_date() const { return date_in(twelve_digits()); }

std::string Personnummer::masked() const { return std::string(twelve_digits().substr(0, 8)) + "-****"; }

std::string_view Personnummer::twelve_digits() const { return {digits_.data(), digits_.size()}; }

Result<Personnummer> parse_personnummer(std::string_view text) {
  std::string digits = without_separator(text, 12);
  if (digits.empty()) return refused("A personnummer has twelve digits: year, month, day and four more.");
  if (digits.starts_with("16") && looks_like_organisation(std::string_view(digits).substr(2)))
    return refused("This is an organisationsnummer, not a person's number.");
  if (!date_in(digits).ok()) return refused("The first eight digits of the personnummer are no day of the calendar.");
  if (!passes_luhn(std::string_view(digits).substr(2))) return refused("The check digit of the personnummer is wrong.");
  return Personnummer(digits);
}

Result<Personnummer> parse_personnummer(std::string_view text, year_month_day today) {
  if (text.size() != 11) return parse_personnummer(text);
  std::string ten = without_separator(text, 10);
  if (ten.empty()) return refused("A short personnummer has six digits, '-' or '+', and four digits.");
  if (looks_like_organisation(ten)) return refused("This is an organisationsnummer, not a person's number.");
  return parse_personnummer(with_century(ten, text[6] == '+', today));
}

}  // namespace vardbron::sweden
