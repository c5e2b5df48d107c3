#pragma once

#include "gateway/base/result.h"

#include <array>
#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::sweden {

/// A coordination number: like a personnummer with 60 added to the day. Month 00 and day 60 mean unknown, and one in twelve of
/// the official test numbers names no calendar day at all, so the parts are separate.
class Samordningsnummer {
 public:
  int birth_year() const;
  std::optional<unsigned> birth_month() const;
  std::optional<unsigned> birth_day() const;  ///< only if it is a day of that month
  std::string birth_date() const;             ///< FHIR date as precise as known: "1961-09-13", "1961-09", "1961"
  std::string masked() const;                 ///< "19610973-****"
  std::string_view twelve_digits() const;
  auto operator<=>(const Samordningsnummer&) const = default;

 private:
  explicit Samordningsnummer(std::string_view digits);
  friend Result<Samordningsnummer> parse_samordningsnummer(std::string_view text);
  unsigned two_digits(std::size_t at) const;
  std::array<char, 12> digits_;
};

/// As parse_personnummer: twelve digits, or ten with '-' or '+' whose century follows from `today`.
Result<Samordningsnummer> parse_samordningsnummer(std::string_view text, std::chrono::year_month_day today);
/// Twelve digits, with or without a separator before the last four.
Result<Samordningsnummer> parse_samordningsnummer(std::string_view text);

}  // namespace vardbron::sweden
