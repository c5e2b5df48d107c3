#pragma once

// Tested by tests/system/app/store_samples_test.cpp.

#include "gateway/exchange/samples.h"
#include "gateway/mapping/library.h"

#include <filesystem>
#include <vector>

namespace vardbron::app {

/// Samples for the store, made from the cases of the maps that the channels use: their inputs are invented. The bodies of a
/// channel without a map are canonical notices, as links are. Files that cannot be read are left out.
store::Samples samples_of_maps(const std::filesystem::path& mappings, const std::vector<exchange::ChannelSetting>& channels,
                               const mapping::Library& library, const exchange::CaseRules& rules);

}  // namespace vardbron::app
