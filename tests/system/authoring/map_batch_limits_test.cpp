#include "gateway/authoring/map_batch.h"
#include "gateway/base/limits.h"
#include "gateway/formats/json/composer.h"
#include "temporary_directory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

// Concern: a batch of more maps, models and files than are kept answers every line as if it were the first.

namespace vardbron::authoring {
namespace {

std::string line_of(const std::string& url, const std::string& written) {
  std::string text = "map '" + url +
                     "' = 'm'\nuses 'http://hl7.org/fhir/StructureDefinition/Patient' alias S as source\n"
                     "uses 'http://hl7.org/fhir/StructureDefinition/Patient' alias T as target\n"
                     "group main(source s : S, target t : T) { s -> t.id = '" +
                     written + "'; }\n";
  return R"({"id":1,"map":)" + json::as_json(text) + R"(,"input":)" + json::as_json(R"({"resourceType":"Patient"})") + "}";
}

std::string answer_with(const std::string& id) { return R"({"id":1,"result":{"resourceType":"Patient","id":")" + id + "\"}}"; }

TEST(MapBatchLimits, MoreMapsThanAreKeptOfOneSetOfModels) {
  MapBatch batch(std::filesystem::path(VARDBRON_BINARY_DIR) / "share");
  for (std::size_t number = 0; number <= limits::kept_maps_per_model_set_max + 1; ++number) {
    const std::string id = "n" + std::to_string(number);
    ASSERT_EQ(batch.answer(line_of("http://t/m", id)), answer_with(id));
  }
  EXPECT_EQ(batch.answer(line_of("http://t/m", "n0")), answer_with("n0"));
}

TEST(MapBatchLimits, MoreSetsOfModelsThanAreKept) {
  MapBatch batch(std::filesystem::path(VARDBRON_BINARY_DIR) / "share");
  for (std::size_t number = 0; number <= limits::kept_model_sets_max + 1; ++number) {
    const std::string id = "n" + std::to_string(number);
    ASSERT_EQ(batch.answer(line_of("http://t/m" + std::to_string(number), id)), answer_with(id));
  }
  EXPECT_EQ(batch.answer(line_of("http://t/m0", "n0")), answer_with("n0"));
}

TEST(MapBatchLimits, AsManyFaultsOfAResultAreToldAsMayBeAndThatThereAreMore) {
  MapBatch batch(std::filesystem::path(VARDBRON_BINARY_DIR) / "share");
  const std::string map =
      "map 'http://t/m' = 'm'\nuses 'http://hl7.org/fhir/StructureDefinition/Patient' alias S as source\n"
      "uses 'http://hl7.org/fhir/StructureDefinition/Patient' alias T as target\n"
      "group main(source s : S, target t : T) { s.name as n -> t.name as m then { n.text as x -> m.use = x; }; }\n";
  for (const std::size_t more : {0u, 1u}) {
    std::string input = R"({"resourceType":"Patient","name":[)";
    for (std::size_t each = 0; each < limits::result_warnings_max + more; ++each)
      input += each == 0 ? "{\"text\":\"no\"}" : ",{\"text\":\"no\"}";
    const std::string answer =
        batch.answer(R"({"id":1,"map":)" + json::as_json(map) + R"(,"input":)" + json::as_json(input + "]}") + "}");
    std::size_t reported = 0;
    for (std::size_t at = 0; (at = answer.find("].use: ", at)) != std::string::npos; ++at) ++reported;
    EXPECT_EQ(reported, limits::result_warnings_max) << answer;
    EXPECT_EQ(answer.find("It has more such faults.") != std::string::npos, more > 0) << answer;
  }
}

// Imports of a map are searched beside it, among as many files as the limit allows.
TEST(MapBatchLimits, AsManyFilesBesideAMapAsAreLookedAt) {
  const auto answer_among = [](std::size_t neighbours) {
    const TemporaryDirectory folder;
    const std::string uses =
        "uses 'http://hl7.org/fhir/StructureDefinition/Patient' alias S as source\n"
        "uses 'http://hl7.org/fhir/StructureDefinition/Patient' alias T as target\n";
    std::ofstream(folder.path() / "m.map") << "map 'http://t/m' = 'm'\n" + uses +
                                                  "imports 'http://t/more'\n"
                                                  "group main(source s : S, target t : T) { s -> t then more(s, t); }\n";
    std::ofstream(folder.path() / "more.map")
        << "map 'http://t/more' = 'more'\n" + uses + "group more(source s : S, target t : T) { s -> t.id = 'x'; }\n";
    for (std::size_t number = 1; number < neighbours; ++number)
      std::ofstream(folder.path() / ("note" + std::to_string(number) + ".txt")) << "a note";
    MapBatch batch(std::filesystem::path(VARDBRON_BINARY_DIR) / "share");
    return batch.answer(R"({"id":1,"map":)" + json::as_json((folder.path() / "m.map").string()) + R"(,"input":)" +
                        json::as_json(R"({"resourceType":"Patient"})") + "}");
  };

  EXPECT_EQ(answer_among(limits::neighbours_of_map_max), answer_with("x"));
  EXPECT_NE(answer_among(limits::neighbours_of_map_max + 1).find("\"error\""), std::string::npos);
}

}  // namespace
}  // namespace vardbron::authoring
