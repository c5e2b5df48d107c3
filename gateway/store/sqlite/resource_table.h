#pragma once

// Tested by tests/system/store/sqlite/sqlite_store_test.cpp and tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/hash_index.h"
#include "gateway/store/sqlite/prepared.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace vardbron::store {

/// The parts of a resource's number and of a body's place (see schema.cpp).
inline constexpr int type_bits = 8, slot_bits = 20, index_bits = 20;
inline constexpr std::int64_t type_mask = (std::int64_t{1} << type_bits) - 1;
inline std::int64_t first_of_group(std::int64_t group) { return group << (slot_bits + type_bits); }
inline std::int64_t last_of_group(std::int64_t group) { return first_of_group(group + 1) - 1; }
inline std::int64_t group_of(std::int64_t resource) { return resource >> (slot_bits + type_bits); }

/// Cases with their links, and resources with their versions and postings, as the writer sees them. One thread.
class ResourceWriter {
 public:
  ResourceWriter(Database& database, HashIndex& terms);
  void load();
  WallTime last_time() const { return last_time_; }

  /// Conflict if the case or one of the resources is not what the change was computed on. Writes nothing.
  Result<void> check(const Change& change);
  /// Writes the links and resources of a change, directly after a check() without failure.
  std::vector<ResourceVersion> write(const PreparedChange& prepared, std::int64_t journal_number, WallTime at);

 private:
  struct Current {
    std::int64_t number = 0, version = 0, place = 0;  ///< number 0: never written
  };
  struct CurrentCase {
    std::int64_t group = 0, version = 0, link = 0, seen = 0, next = 0;
  };
  struct Row {
    Current current;
    std::string id;
  };
  struct Posting {
    std::int64_t term = 0, group = 0;
    auto operator<=>(const Posting&) const = default;
  };

  const std::vector<std::int64_t>& groups_of(std::int64_t term);
  const std::vector<Row>& rows_of(std::int64_t group);
  Current look_up(const ResourceWrite& write);
  CurrentCase look_up_case(const std::string& key);
  std::int64_t write_links(const PreparedChange& prepared, std::int64_t journal_number);
  bool has_numbers_for_new(const Change& change);
  std::int64_t new_number(std::int64_t group, const ResourceWrite& write);
  void write_one(const ResourceWrite& write, const PreparedChange::Write& prepared, const VersionHead& head, std::int64_t place,
                 WallTime at);
  void collect_terms(const ResourceWrite& write, std::int64_t group);
  void post();

  HashIndex& hash_index_;
  Statement last_change_, last_link_, last_resource_, last_case_;
  Statement select_case_, insert_case_, update_case_, insert_link_;
  Statement groups_, rows_, parties_, insert_, update_, insert_change_, insert_posting_;
  std::vector<Current> checked_;
  CurrentCase checked_case_;
  std::map<std::int64_t, std::vector<std::int64_t>> known_groups_;  ///< by term; of the change under way only
  std::map<std::int64_t, std::vector<Row>> known_rows_;             ///< by group; of the change under way only
  std::map<std::int64_t, std::int64_t> slots_;                      ///< given in the change under way, by group
  std::vector<Posting> postings_;
  std::int64_t change_ = 0, link_ = 0, group_ = 0;
  WallTime last_time_{};
};

}  // namespace vardbron::store
