#pragma once

#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/mapping/library.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace vardbron::exchange {

/// The mappings folder as it was read once: compiled maps that never change.
struct MapSet {
  std::shared_ptr<const mapping::Library> library;  ///< with all it stands on
  std::string digest;                               ///< of the files; says in the audit which maps a change was made with
};

/// What the gateway maps with at this moment, and what it mapped with before. Every message is mapped by one set from its
/// beginning to its end: whoever holds a set keeps it alive. Any thread.
class MapRegistry {
 public:
  explicit MapRegistry(std::shared_ptr<const MapSet> first);
  MapRegistry(const MapRegistry&) = delete;

  std::shared_ptr<const MapSet> current() const;
  /// Counts the changes, so that a thread sees cheaply that there was one.
  std::uint64_t turn() const { return turn_.load(std::memory_order_acquire); }
  /// The set of this moment becomes the former one.
  void put(std::shared_ptr<const MapSet> next);
  /// The former set again; the one of this moment becomes the former, so that rolling back twice changes nothing.
  /// False: there is no former set.
  bool roll_back();

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const MapSet> current_, former_;
  std::atomic<std::uint64_t> turn_{1};
};

/// What came of a wish for other maps. Failures: the maps are what they were.
struct MapChange {
  std::string digest;  ///< of the set that is in use now
  std::size_t maps = 0, cases = 0;
  std::vector<Failure> failures;
  bool is_new = false;  ///< another set than before is in use
};

/// Who brings other maps into use, on an operator's wish.
class MapKeeper {
 public:
  virtual ~MapKeeper() = default;
  /// Reads the folder anew, beside what runs. In use only if every map compiles and every case passes.
  virtual Task<MapChange> reload() = 0;
  virtual Task<MapChange> roll_back() = 0;
};

}  // namespace vardbron::exchange
