#pragma once

#include "gateway/base/result.h"

#include <array>
#include <chrono>
#include <compare>
#include <string>
#include <string_view>

namespace vardbron::sweden {

/// A person's number from the population register: twelve digits that form a calendar date and pass the check. Not printable by
/// accident: no stream operator, and `masked` for display.
class Personnummer {
 public:
  std::chrono::year_month_day birth_date() const;
  std::string masked() const;              ///< "19500907-****"
  std::string_view twelve_digits() const;  ///< for the identifier's value in a resource, nowhere else
  auto operator<=>(const Personnummer&) const = default;

 private:
  explicit Personnummer(std::string_view digits);
  friend Result<Personnummer> parse_personnummer(std::string_view text);
  std::array<char, 12> digits_;
};

/// Twelve digits, with or without a separator before the last four; or ten digits with '-' or '+', whose century follows from
/// `today`: '+' is used from 1 January of the year in which the person turns a hundred (folkbokföringslagen 18 §). Invalid
/// otherwise; a samordningsnummer or organisationsnummer is no personnummer.
Result<Personnummer> parse_personnummer(std::string_view text, std::chrono::year_month_day today);
/// The twelve digits of ten, of a personnummer or samordningsnummer; `turns_hundred` = the separator was '+'. Digits only.
std::string with_century(std::string_view ten_digits, bool turns_hundred, std::chrono::year_month_day today);
/// Twelve digits only, with their century: the form in messages.
Result<Personnummer> parse_personnummer(std::string_view text);

}  // namespace vardbron::sweden
