#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
/// Of the concatenated parts.
std::array<std::uint8_t, 20> sha1(std::initializer_list<std::string_view> parts);
/// Takes the same time whatever the contents; for tokens.
bool equal_in_constant_time(const Sha256& left, const Sha256& right);

std::string to_hex(std::string_view bytes);
std::string to_hex(const Sha256& digest);
/// Digits in either case. nullopt: an odd number of them, or another character.
std::optional<std::string> from_hex(std::string_view text);
std::string to_base64(std::string_view bytes);

}  // namespace vardbron
