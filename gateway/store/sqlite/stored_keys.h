#pragma once

// Tested by tests/store/sqlite/stored_keys_test.cpp.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

/// One value of a search parameter (search::Key), with the numbers of its names (name_tables.h).
struct StoredKey {
  enum class Kind : std::uint8_t {
    Token = 0,
    Reference = 1,         ///< to a resource of this server
    ReferenceByValue = 2,  ///< by a logical identifier, or to elsewhere
    Date = 3,
    String = 4,
    Uri = 5,
    Number = 6,
    Quantity = 7,
    SharedString = 8  ///< a string that many resources have, such as the display of a code
  };
  Kind kind = Kind::Token;
  std::int64_t parameter = 0;
  std::int64_t number = 0;  ///< of the token (also a quantity's unit, a uri, a shared string), or of the resource referred to
  std::string text;         ///< string: normalized; uri and shared string: filled by NameTables::complete
  std::string written;      ///< string: as it was written
  std::int64_t from_ms = 0, to_ms = 0;
  double low = 0, high = 0;
  bool operator==(const StoredKey&) const = default;
};

/// The keys of a resource as bytes of its row, and back. Other bytes than those of pack give the keys that could be read.
std::string pack(const std::vector<StoredKey>& keys);
std::vector<StoredKey> unpack_stored_keys(std::string_view bytes);

}  // namespace vardbron::store
