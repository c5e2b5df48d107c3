#pragma once

// Tested by tests/system/store/sqlite/sqlite_store_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/siphash.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace vardbron::store {

/// The hashes of texts (see schema.cpp), and the numbers of the resource types. One thread.
class HashIndex {
 public:
  explicit HashIndex(Database& database);

  /// The hash of a text. Different texts may have the same one, so texts must be compared as well. Texts that end in ids of one
  /// family (UUIDs of version 8, RFC 9562 5.8, with the same first 48 bits) have the same one on purpose: the resources of a case
  /// are found in one place.
  std::int64_t of(std::string_view text) const;
  std::int64_t of_name(std::string_view type, std::string_view id) const;
  std::int64_t of_case(std::string_view key) const;

  /// Number of a resource type, 1 .. 255; 0 when no resource of it was ever written.
  std::int64_t find_type(std::string_view name);
  std::int64_t make_type(std::string_view name);
  std::string_view type_name(std::int64_t number);

  /// Whether values of the parameter may be missing from the postings.
  bool is_common(std::string_view parameter);
  void note_common(std::string_view parameter);

  /// Forgets additions of a transaction that was rolled back.
  void forget();

 private:
  std::int64_t hash(std::string_view text) const;
  void load_types();

  SipKey key_;
  Statement types_, insert_type_, common_, insert_common_;
  std::map<std::string, std::int64_t, std::less<>> type_numbers_;
  std::map<std::string, bool, std::less<>> common_known_;
};

}  // namespace vardbron::store
