#pragma once

// Tested by tests/system/store/sqlite/event_pack_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/stored_id.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vardbron::store {

/// Texts of few kinds that rows of events name by number: topics, resource types. One thread.
class EventWords {
 public:
  /// For writing: a new text gets a row.
  explicit EventWords(Database& database);
  void load();
  std::int64_t number_of(std::string_view text);
  /// "" = there is no such number.
  const std::string& text_of(std::int64_t number);

 private:
  Statement select_all_, select_, insert_;
  std::unordered_map<std::string, std::int64_t> numbers_;
  std::unordered_map<std::int64_t, std::string> texts_;
  std::int64_t last_ = 0;
};

/// References as bytes of a row, and back: "Type/id" as the number of the type and the id's 16 bytes where it is a UUID in lower
/// case, every other text unchanged. Other bytes than those of pack_references give the references that could be read.
std::string pack_references(const std::vector<std::string>& references, EventWords& words);
std::vector<std::string> unpack_references(std::string_view bytes, EventWords& words);

}  // namespace vardbron::store
