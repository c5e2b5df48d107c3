#pragma once

// Tested by tests/sweden/organisation_test.cpp.

#include "gateway/base/result.h"

#include <compare>
#include <span>
#include <string>
#include <string_view>

namespace vardbron::sweden {

/// True for the 21 counties' codes: 01, 03-10, 12-14, 17-25.
bool is_lan_code(std::string_view two_digits);

/// The 290 municipalities' codes, sorted (kommuner.csv, from which the build makes the table).
std::span<const std::string_view> kommun_codes();

/// A municipality's code: four digits, the first two its county's. A leading zero is part of it.
class Kommunkod {
 public:
  std::string_view text() const { return text_; }
  auto operator<=>(const Kommunkod&) const = default;

 private:
  explicit Kommunkod(std::string_view text) : text_(text) {}
  friend Result<Kommunkod> parse_kommunkod(std::string_view text);
  std::string text_;
};

/// Invalid: no municipality has the code.
Result<Kommunkod> parse_kommunkod(std::string_view text);

}  // namespace vardbron::sweden
