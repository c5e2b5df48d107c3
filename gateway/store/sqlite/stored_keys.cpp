#include "gateway/store/sqlite/stored_keys.h"

#include "gateway/search/match.h"
#include "gateway/store/sqlite/varint.h"

#include <limits>
#include <utility>

namespace vardbron::store {

namespace {

constexpr std::uint64_t kind_mask = 0x0F, open_start = 0x10, open_end = 0x20, has_text = 0x10;
constexpr std::int64_t earliest = std::numeric_limits<std::int64_t>::min(), latest = std::numeric_limits<std::int64_t>::max();

// In unsigned numbers, which do not overflow.
std::int64_t difference(std::int64_t left, std::int64_t right) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) - static_cast<std::uint64_t>(right));
}

void put_date(std::string& bytes, const StoredKey& key) {
  if (key.from_ms != earliest) put_signed(bytes, key.from_ms);
  if (key.to_ms != latest) put_signed(bytes, key.from_ms == earliest ? key.to_ms : difference(key.to_ms, key.from_ms));
}

// The normalized form is computed again, unless it was given differently.
void put_string(std::string& bytes, const StoredKey& key, bool is_given) {
  put_text(bytes, key.written);
  if (is_given) put_text(bytes, key.text);
}

std::uint64_t flags_of(const StoredKey& key) {
  if (key.kind == StoredKey::Kind::Date) return (key.from_ms == earliest ? open_start : 0) | (key.to_ms == latest ? open_end : 0);
  if (key.kind == StoredKey::Kind::String) return search::normalized(key.written) == key.text ? 0 : has_text;
  return 0;
}

void take(StoredKey& key, std::uint64_t flags, Unpacker& bytes) {
  switch (key.kind) {
    case StoredKey::Kind::Token:
    case StoredKey::Kind::Reference:
    case StoredKey::Kind::ReferenceByValue:
    case StoredKey::Kind::Uri:
    case StoredKey::Kind::SharedString: key.number = static_cast<std::int64_t>(bytes.number()); break;
    case StoredKey::Kind::Date:
      key.from_ms = (flags & open_start) != 0 ? earliest : bytes.signed_number();
      key.to_ms = (flags & open_end) != 0 ? latest : bytes.signed_number();
      if ((flags & open_start) == 0 && (flags & open_end) == 0) key.to_ms = difference(key.to_ms, difference(0, key.from_ms));
      break;
    case StoredKey::Kind::String:
      key.written = bytes.text();
      key.text = (flags & has_text) != 0 ? std::string(bytes.text()) : search::normalized(key.written);
      break;
    case StoredKey::Kind::Quantity: key.number = static_cast<std::int64_t>(bytes.number()); [[fallthrough]];
    case StoredKey::Kind::Number:
      key.low = bytes.real();
      key.high = bytes.real();
      break;
  }
}

}  // namespace

std::string pack(const std::vector<StoredKey>& keys) {
  std::string bytes;
  for (const StoredKey& key : keys) {
    const std::uint64_t flags = flags_of(key);
    put_number(bytes, static_cast<std::uint64_t>(key.kind) | flags);
    put_number(bytes, static_cast<std::uint64_t>(key.parameter));
    switch (key.kind) {
      case StoredKey::Kind::Token:
      case StoredKey::Kind::Reference:
      case StoredKey::Kind::ReferenceByValue:
      case StoredKey::Kind::Uri:
      case StoredKey::Kind::SharedString: put_number(bytes, static_cast<std::uint64_t>(key.number)); break;
      case StoredKey::Kind::Date: put_date(bytes, key); break;
      case StoredKey::Kind::String: put_string(bytes, key, flags != 0); break;
      case StoredKey::Kind::Quantity: put_number(bytes, static_cast<std::uint64_t>(key.number)); [[fallthrough]];
      case StoredKey::Kind::Number:
        put_double(bytes, key.low);
        put_double(bytes, key.high);
        break;
    }
  }
  return bytes;
}

std::vector<StoredKey> unpack_stored_keys(std::string_view packed) {
  std::vector<StoredKey> keys;
  Unpacker bytes(packed);
  while (bytes.more()) {
    StoredKey key;
    const std::uint64_t head = bytes.number();
    if ((head & kind_mask) > static_cast<std::uint64_t>(StoredKey::Kind::SharedString)) return keys;
    key.kind = static_cast<StoredKey::Kind>(head & kind_mask);
    key.parameter = static_cast<std::int64_t>(bytes.number());
    take(key, head & ~kind_mask, bytes);
    if (bytes.good()) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace vardbron::store
