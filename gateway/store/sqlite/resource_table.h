#pragma once

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/prepared.h"
#include "gateway/store/sqlite/terms.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <string>
#include <vector>

namespace vardbron::store {

/// Cases with their links, and resources with their versions and postings, as the writer sees them. One thread.
class ResourceWriter {
 public:
  ResourceWriter(Database& database, Terms& terms);
  void load();
  WallTime last_time() const { return last_time_; }

  /// Conflict when the case or one of the resources is not what the change was computed on. Writes nothing.
  Result<void> check(const Change& change);
  /// Writes the links and resources of a change that check() was content with just before.
  std::vector<ResourceVersion> write(const PreparedChange& prepared, std::int64_t journal_number, WallTime at,
                                     Squeezer& squeezer);

 private:
  struct Current {
    std::int64_t id = 0, version = 0, change = 0;  ///< id 0: never written
    std::vector<std::int64_t> terms;
  };
  struct CurrentCase {
    std::int64_t id = 0, version = 0, link = 0, seen = 0, next = 0;
  };

  Current look_up(const ResourceWrite& write);
  CurrentCase look_up_case(const std::string& key);
  std::int64_t write_links(const Change& change, std::int64_t journal_number, Squeezer& squeezer);
  ResourceVersion write_one(const ResourceWrite& write, const PreparedChange::Write& prepared, Current& current,
                            std::int64_t case_id, WallTime at, Squeezer& squeezer);
  std::vector<std::int64_t> terms_of(const ResourceWrite& write, std::int64_t case_id, const Current& current);
  void post(std::int64_t resource, const std::vector<std::int64_t>& before, const std::vector<std::int64_t>& after);

  Terms& terms_;
  Statement last_change_, last_link_, select_case_, insert_case_, update_case_, insert_link_;
  Statement select_, parties_, insert_, update_, insert_version_, insert_posting_, delete_posting_;
  std::vector<Current> checked_;
  CurrentCase checked_case_;
  std::int64_t change_ = 0, link_ = 0;
  WallTime last_time_{};
};

}  // namespace vardbron::store
