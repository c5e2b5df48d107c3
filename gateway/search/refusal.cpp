#include "gateway/search/refusal.h"

#include <algorithm>
#include <cstddef>

namespace vardbron::search {

namespace {

constexpr std::size_t named_bytes_max = 96;

bool is_of_a_name(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '_' || letter == '-' || letter == ':' || letter == '.';
}

}  // namespace

std::string shown(std::string_view name) {
  const bool is_name = !name.empty() && name.size() <= named_bytes_max && std::all_of(name.begin(), name.end(), is_of_a_name);
  return is_name ? std::string(name) : std::string("(unprintable)");
}

Failure invalid(std::string says, std::string_view name) { return {Cause::Invalid, std::move(says), shown(name)}; }

Failure unsupported(std::string says, std::string_view name) { return {Cause::Unsupported, std::move(says), shown(name)}; }

}  // namespace vardbron::search
