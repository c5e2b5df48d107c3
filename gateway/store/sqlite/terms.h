#pragma once

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/siphash.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vardbron::store {

/// The texts that are looked up, as numbers (see schema.cpp). One thread.
class Terms {
 public:
  explicit Terms(Database& database);

  std::int64_t find(std::string_view text);  ///< 0 when the text never stood anywhere
  std::int64_t make(std::string_view text);  ///< finds it or gives it the next number
  std::uint64_t hash(std::string_view text) const { return sip_hash(key_, text); }

  /// Number of a resource type, 1 .. 255; 0 when no resource of it was ever written.
  std::int64_t find_type(std::string_view name);
  std::int64_t make_type(std::string_view name);
  std::string_view type_name(std::int64_t number);

  /// Whether values of the parameter may be missing from the postings.
  bool is_common(std::string_view parameter);
  void note_common(std::string_view parameter);

  /// What was learned in a transaction that did not come to be must be forgotten.
  void forget();

 private:
  std::int64_t look_up(std::uint64_t hashed);
  std::int64_t next_number();
  void load_types();

  SipKey key_;
  Statement select_, insert_, reserved_select_, reserve_, types_, insert_type_, common_, insert_common_;
  std::unordered_map<std::uint64_t, std::int64_t> known_;
  std::map<std::string, std::int64_t, std::less<>> type_numbers_;
  std::map<std::string, bool, std::less<>> common_known_;
  std::int64_t last_ = 0, reserved_ = -1;  ///< numbers up to reserved_ are ours to give; -1 = not known yet
};

/// How the terms of different kinds of things are kept apart.
inline std::string resource_term(std::string_view type, std::string_view id) { return std::string(type) + '/' + std::string(id); }
inline std::string case_term(std::string_view key) { return "case\x1f" + std::string(key); }

}  // namespace vardbron::store
