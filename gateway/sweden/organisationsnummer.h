#pragma once

// Tested by tests/sweden/organisation_test.cpp.

#include "gateway/base/result.h"

#include <array>
#include <compare>
#include <string>
#include <string_view>

namespace vardbron::sweden {

/// A legal entity's number: ten digits, the third at least 2, the last a check digit. Never a person.
class Organisationsnummer {
 public:
  std::string_view ten_digits() const { return {digits_.data(), digits_.size()}; }
  auto operator<=>(const Organisationsnummer&) const = default;

 private:
  explicit Organisationsnummer(std::string_view digits);
  friend Result<Organisationsnummer> parse_organisationsnummer(std::string_view text);
  std::array<char, 10> digits_;
};

/// Ten digits with or without a hyphen before the last four, or twelve with the prefix 16. Invalid otherwise.
Result<Organisationsnummer> parse_organisationsnummer(std::string_view text);

/// The same without the check digit: true if the text looks like an organisation's number rather than a person's.
bool looks_like_organisation(std::string_view ten_digits);

}  // namespace vardbron::sweden
