#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/random.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron {

/// 128 bits, RFC 9562.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const Uuid&) const = default;
};

/// 8-4-4-4-12 hex digits, lower case.
std::array<char, 36> text_of(const Uuid& uuid);
std::string to_string(const Uuid& uuid);
/// True for 8-4-4-4-12 hex digits of either case.
bool is_uuid(std::string_view text);
/// The 16 bytes of a text that is_uuid(); all zero otherwise.
Uuid parse_uuid(std::string_view text);
/// The bytes of a text that to_string() gives; nothing for every other one, also for upper case.
std::optional<Uuid> canonical_uuid(std::string_view text);

/// The namespace of all ids that the gateway derives from others' names.
extern const Uuid uuid_root;

/// The same name below the same root always gives the same id (SHA-1, RFC 9562 5.5).
Uuid uuid_v5(const Uuid& root, std::string_view name);
/// Ordered by time, then random (RFC 9562 5.7): for ids that have no source, because ordered keys are cheap to store.
Uuid uuid_v7(WallTime now, Random& random);

}  // namespace vardbron
