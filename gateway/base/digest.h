#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace vardbron {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
std::array<std::uint8_t, 20> sha1(std::string_view bytes);
/// Takes the same time whatever the contents; for tokens.
bool equal_in_constant_time(const Sha256& left, const Sha256& right);

std::string to_hex(std::string_view bytes);
std::string to_hex(const Sha256& digest);
std::string to_base64(std::string_view bytes);

}  // namespace vardbron
