#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::sweden {

struct IdentifierText {
  std::string system, value;
  bool operator==(const IdentifierText&) const = default;
};

/// Normalises an identifier for a search: without surrounding white space, a known system in its internal URI, and the value as
/// its register compares it - an HSA-id in capital letters, a personnummer or organisationsnummer without separators. Without a
/// system an HSA-id is recognised by its form. A value that breaks its register's rules is kept as sent, and so is a short
/// personnummer if there is no `today`, from which its century follows.
IdentifierText normal_identifier(std::string_view system, std::string_view value,
                                 std::optional<std::chrono::year_month_day> today = {});

}  // namespace vardbron::sweden
