#pragma once

#include "gateway/store/store.h"
#include "tests/system/store/sqlite_house.h"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace vardbron::store {

/// Something the store has said is kept.
struct Kept {
  enum class What : std::uint8_t { Change, Message, Outcome, Status, DeadLettered, Audit };
  What what{};
  int number = 0;
};

/// A stretch of a store's life with a bit of everything in it: changes of three cases, small and large, messages that are settled
/// later, deliveries, reads, the log copied into the file, a close and a new start. Every step may fail; then the story goes on
/// with what the store says it has. The same calls each time.
class StoreStory {
 public:
  /// `kept` is called when the store has said so, before it is asked anything else.
  explicit StoreStory(std::function<void(const Kept&)> kept = {}) : reported_(std::move(kept)) {}

  /// The house may be closed or open, and is either afterwards. `copies_log`: by a connection of the test's own, too.
  void play(SqliteHouse& house, bool copies_log);

  const std::vector<Kept>& kept() const { return kept_; }

  static constexpr int changes = 24, cases = 3;

 private:
  void step(SqliteHouse& house, int number);
  void change(Store& store, SqliteHouse& house, int number);
  void deliver(Store& store, SqliteHouse& house);
  void look(Store& store, SqliteHouse& house, int number);
  void keep(Kept::What what, int number);

  std::function<void(const Kept&)> reported_;
  std::vector<Kept> kept_;
  std::map<int, std::int64_t> journalled_;  ///< number in the story, number in the journal
};

/// A store that is open and whose disk is well again takes a change within half a minute, without a new start.
void expect_it_goes_on(SqliteHouse& house);

/// What a store promises of a story that came to an end somewhere: what it said was kept is there and readable; a change is there
/// with its journal entry, link, resources, events and audit row, or not at all; events have no gap; how far deliveries came fits
/// the rows that say so; the chains verify; the file is whole; and the store takes another change. The house is open.
void expect_promises(SqliteHouse& house, const std::vector<Kept>& kept);

}  // namespace vardbron::store
