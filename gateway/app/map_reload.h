#pragma once

// Tested by tests/system/app/reload_test.cpp.

#include "gateway/exchange/channel.h"
#include "gateway/exchange/map_registry.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace vardbron::app {

/// The folders of the maps, and the channels that must work with them.
struct MapPlaces {
  std::filesystem::path definitions, mappings;
  std::vector<exchange::ChannelSetting> channels;
};

/// Reads the folder. Failures are those of the files, the maps and the channels. Then there is no set, unless they are of maps
/// that no channel needs.
struct ReadMaps {
  std::shared_ptr<const exchange::MapSet> set;
  std::vector<Failure> failures;
};
/// Whether all failures are of texts of maps, without which the channels can be opened: a code list or a model is of no map
/// alone.
bool are_of_unused_maps(const std::vector<Failure>& failures, const Result<exchange::Channels>& channels);
ReadMaps read_maps(const MapPlaces& places);

/// Changes to new maps when they compile and their cases pass; this runs on another thread than the callers'. The result is
/// logged.
class MapReload final : public exchange::MapKeeper {
 public:
  /// All outlive it. `there` runs one piece of work at a time.
  MapReload(exchange::MapRegistry& registry, MapPlaces places, asio::any_io_executor there);

  Task<exchange::MapChange> reload() override;
  Task<exchange::MapChange> roll_back() override;
  /// The same at once, on the calling thread: for the thread of `there`.
  exchange::MapChange reload_now();
  exchange::MapChange roll_back_now();

 private:
  /// The maps in use; also logged.
  exchange::MapChange conclude(std::vector<Failure> failures, std::size_t cases, bool is_new) const;

  exchange::MapRegistry& registry_;
  MapPlaces places_;
  asio::any_io_executor there_;
};

}  // namespace vardbron::app
