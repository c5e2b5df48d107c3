#pragma once

#include "gateway/care/chain/notice.h"
#include "gateway/exchange/message_path.h"
#include "gateway/search/indexer.h"
#include "gateway/workspace/load.h"
#include "tests/sim/sim_store.h"
#include "tests/sim/sim_world.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron {

/// The maps of mappings/ with the models of fhir-profiles/, loaded as the program loads them; once for all tests.
const workspace::LoadedMaps& real_maps();
inline const mapping::Library& real_library() { return real_maps().workspace->library; }

inline std::filesystem::path mappings_folder() { return VARDBRON_SOURCE_DIR "/mappings"; }

std::string text_of_file(const std::filesystem::path& file);

/// The notice of a body; its bytes are its identity, as in `vardbron map`.
Result<tree::Document> mapped(const mapping::Map& map, const std::string& body);

/// A gateway without HTTP: maps, message path and a simulated store, with the channels cosmic, medcom and adt.
struct House {
  House();

  exchange::Receipt send(const std::string& channel, const std::string& body);
  /// The clock says that it is then, a time as messages have it.
  void be_at(std::string_view time);
  /// The newest body of the only resource of that type in the only case; "" if there is none.
  std::string resource(std::string_view type);
  /// Of every resource of that type, in the order of their ids.
  std::vector<std::string> resources(std::string_view type);
  store::Case only_case();

  sim::SimWorld world;
  sim::SimStore store;
  exchange::Channels channels;
  care::Policies policy = care::law();
  search::Indexer indexer;
  std::shared_ptr<const subscription::Matcher> matcher = std::make_shared<const subscription::Matcher>();
  std::vector<store::Committed> notified;
  std::optional<exchange::MessagePath> path;
  std::string case_key;  ///< of the last message that was stored
};

}  // namespace vardbron
