#pragma once

#include <string>
#include <string_view>

namespace vardbron::sweden {

/// An identifier as two texts.
struct IdentifierText {
  std::string system, value;
  bool operator==(const IdentifierText&) const = default;
};

/// An identifier that somebody looks for, spelt as the gateway keeps it: without white space around it, a system of ours in its
/// internal spelling, and the value as its register compares it - an HSA-id in capital letters, a personnummer or
/// organisationsnummer without separators. Without a system an HSA-id is known by its form. What breaks its register's rules
/// stays as it came, and so does a short personnummer, which does not tell its century.
IdentifierText normal_identifier(std::string_view system, std::string_view value);

}  // namespace vardbron::sweden
