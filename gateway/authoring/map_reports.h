#pragma once

#include "gateway/mapping/map.h"
#include "gateway/tree/document.h"

#include <filesystem>
#include <string>

namespace vardbron::authoring {

/// What `vardbron map` may print instead of the output.
struct MapReports {
  std::string explain;    ///< table or json; "" = no
  bool trace = false;     ///< step by step
  bool coverage = false;  ///< what the map read of the message
  bool any() const { return !explain.empty() || trace || coverage; }
};

/// Runs the map and tells of it; what a failed run did before it failed is told too, and then the failure.
Result<std::string> look_into(const mapping::Map& map, const tree::Document& source, const std::filesystem::path& file,
                              mapping::Environment environment, const MapReports& asked);

}  // namespace vardbron::authoring
