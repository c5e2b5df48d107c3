#pragma once

// Tested by tests/system/store/sqlite/event_pack_test.cpp.

#include "gateway/store/sqlite/database.h"

#include <string>
#include <string_view>

namespace vardbron::store {

/// An id as a column has it: 16 bytes for a UUID in lower case, else its text. And back.
class StoredId {
 public:
  explicit StoredId(std::string_view id);
  bool is_binary() const { return is_binary_; }
  std::string_view bytes() const { return bytes_; }
  BlobOrText column() const { return {bytes_, is_binary_}; }  ///< while this lives

 private:
  std::string bytes_;
  bool is_binary_ = false;
};
/// The id in the column of this row.
std::string id_of(const Statement& row, int column);

}  // namespace vardbron::store
