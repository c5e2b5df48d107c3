#pragma once

// Tested by tests/system/app/readme_test.cpp.

#include "gateway/mapping/map.h"
#include "gateway/tree/document.h"

#include <filesystem>
#include <string>

namespace vardbron::authoring {

/// What `vardbron map` may print instead of the output.
struct MapReports {
  std::string explain;    ///< table or json; "" = no
  bool trace = false;     ///< step by step
  bool coverage = false;  ///< the elements that the map read
  bool any() const { return !explain.empty() || trace || coverage; }
};

/// Runs the map once per report and returns their text; a trace is printed, also that of a failed run. Fails like the run.
Result<std::string> look_into(const mapping::Map& map, const tree::Document& source, const std::filesystem::path& file,
                              mapping::Environment environment, const MapReports& asked);

}  // namespace vardbron::authoring
