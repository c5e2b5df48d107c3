#include "gateway/app/store_samples.h"

#include "gateway/app/map_reload.h"
#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/care/chain/policy.h"
#include "gateway/search/indexer.h"
#include "gateway/search/served.h"
#include "temporary_directory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

// Concern: the store learns its bodies from the cases of the maps in use.
namespace vardbron::app {
namespace {

namespace fs = std::filesystem;

const std::vector<exchange::ChannelSetting> channels{{"fhir", ""},
                                                     {"cosmic", "https://vardbron.example/fhir/StructureMap/CosmicNotice"}};

store::Samples samples_of(const fs::path& mappings) {
  const ReadMaps maps = read_maps({VARDBRON_BINARY_DIR "/share/r4.table", VARDBRON_SOURCE_DIR "/mappings", channels});
  CHECK(maps.set);
  const care::Policies policy;
  const search::Indexer indexer(maps.set->library->definitions(), search::served());
  const exchange::CaseRules rules{maps.set->library->definitions().names(), policy, indexer};
  return samples_of_maps(mappings, channels, *maps.set->library, rules);
}

TEST(StoreSamples, ComeFromTheCasesOfTheMapsThatChannelsUse) {
  const store::Samples samples = samples_of(VARDBRON_SOURCE_DIR "/mappings");
  EXPECT_GT(samples.messages.at("cosmic").size(), 15u);
  EXPECT_GT(samples.changes.size(), 15u);
  EXPECT_EQ(samples.messages.at("fhir"), samples.links);
  EXPECT_EQ(samples.messages.count("medcom"), 0u);
  EXPECT_EQ(samples_of(VARDBRON_SOURCE_DIR "/mappings").changes, samples.changes);
  EXPECT_TRUE(samples_of("/nowhere").links.empty());
}

TEST(StoreSamples, AreSoManyOfAMapAtMost) {
  const TemporaryDirectory directory;
  const fs::path cosmic = directory.path() / "cosmic-notice";
  fs::create_directories(cosmic / "cases");
  fs::copy(VARDBRON_SOURCE_DIR "/mappings/cosmic-notice/cosmic-notice.fml", cosmic);
  const auto add = [&](std::size_t number) {
    fs::copy(VARDBRON_SOURCE_DIR "/mappings/cosmic-notice/cases/admission", cosmic / "cases" / ("a" + std::to_string(number)));
  };
  for (std::size_t number = 0; number < limits::samples_of_map_max; ++number) add(number);
  EXPECT_EQ(samples_of(directory.path()).messages["cosmic"].size(), limits::samples_of_map_max);
  add(limits::samples_of_map_max);
  EXPECT_EQ(samples_of(directory.path()).messages["cosmic"].size(), limits::samples_of_map_max);
}

}  // namespace
}  // namespace vardbron::app
