#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp and tests/system/store/sqlite/search_walk_test.cpp.

#include "gateway/store/rules.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/snapshot.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>

namespace vardbron::store {

/// Reads what was written in the order of the commits, as far as a party may see it. One thread.
class ChangeWalk {
 public:
  ChangeWalk(Database& database, Snapshot& snapshot);

  struct Way {
    std::int64_t party = 0, type = 0;
    bool is_descending = false;
    std::int64_t earliest = std::numeric_limits<std::int64_t>::min();  ///< milliseconds, both included
    std::int64_t latest = std::numeric_limits<std::int64_t>::max();
    std::optional<PagePlace> from;  ///< not included
  };
  /// A version in a change.
  struct Written {
    std::int64_t at = 0, change = 0, position = 0;
    VersionHead head;
  };
  /// Calls visit for each version of the type, until it returns false. Between changes the snapshot may be renewed.
  void walk(const Way& way, const std::function<bool(const Written&)>& visit);

 private:
  /// The changes of one party, in the order of the way.
  struct Cursor {
    Statement* rows = nullptr;
    std::int64_t party = 0, at = 0, change = 0;
    bool has_row = false;
  };
  /// Where the way goes on: at this change, or at the next one after it.
  struct Place {
    std::int64_t at = 0, change = 0;
  };
  static void begin(Cursor& cursor, const Way& way, Place from);
  static void advance(Cursor& cursor);

  Snapshot& snapshot_;
  Statement up_, down_, every_up_, every_down_;
};

}  // namespace vardbron::store
