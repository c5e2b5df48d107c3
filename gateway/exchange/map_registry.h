#pragma once

#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/library.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace vardbron::exchange {

/// One state of the mappings folder: compiled maps that never change.
struct MapSet {
  std::shared_ptr<const mapping::Library> library;   ///< with all it refers to
  std::string digest;                                ///< of the files; names in the audit the maps that a change was made with
  std::shared_ptr<const fhir::Definitions> other{};  ///< of the other FHIR release alone; null: no map names its types
};

/// The current set of maps and the former one. Every message is mapped by one set from its beginning to its end: a holder of a
/// set keeps it alive. Any thread.
class MapRegistry {
 public:
  explicit MapRegistry(std::shared_ptr<const MapSet> first);
  MapRegistry(const MapRegistry&) = delete;

  std::shared_ptr<const MapSet> current() const;
  /// Number of changes, so that a thread notices one cheaply.
  std::uint64_t turn() const { return turn_.load(std::memory_order_acquire); }
  /// The current set becomes the former one.
  void put(std::shared_ptr<const MapSet> next);
  /// Exchanges the former set and the current one, so that rolling back twice changes nothing.
  /// False: there is no former set.
  bool roll_back();

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const MapSet> current_, former_;
  std::atomic<std::uint64_t> turn_{1};
};

/// Result of a request for other maps. Failures: the maps are unchanged.
struct MapChange {
  std::string digest;  ///< of the set that is in use now
  std::size_t maps = 0, cases = 0;
  std::vector<Failure> failures;
  bool is_new = false;  ///< the set in use has changed
};

/// Changes the maps in use, at an operator's request.
class MapKeeper {
 public:
  virtual ~MapKeeper() = default;
  /// Reads the folder again, while messages are being mapped. Its maps are used only if every map compiles and every case passes.
  virtual Task<MapChange> reload() = 0;
  virtual Task<MapChange> roll_back() = 0;
};

}  // namespace vardbron::exchange
