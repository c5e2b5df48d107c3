#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "tests/mapping/workshop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

// Concern: the map that ships with the gateway turns the sample exports into notices.
namespace vardbron::mapping {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

const std::filesystem::path folder = std::filesystem::path(VARDBRON_SOURCE_DIR) / "mappings" / "cosmic-notice";

class CosmicNotice : public testing::Test {
 protected:
  CosmicNotice() : library_(r4()) {
    Result<void> added = library_.add_map("cosmic-notice.fml", read_file(folder / "cosmic-notice.fml"));
    EXPECT_TRUE(added.ok());
    // The model is written in FSH and compiled with the profiles; here the export is a plain tree.
    for (const Failure& failure : library_.build({.unknown_models_are_untyped = true}))
      ADD_FAILURE() << failure.where << ": " << failure.says;
  }

  std::string notice(const std::string& name) {
    Result<tree::Document> source = xml::parse(read_file(folder / "cases" / name / "input.xml"), library_.definitions().names());
    EXPECT_TRUE(source.ok());
    const Map* map = library_.find("CosmicNotice");
    if (!source || map == nullptr) return {};
    tree::Item item = tree::root(*source);
    Environment environment;
    environment.identity = name;
    Result<tree::Document> result = run(*map, {&item, 1}, environment);
    return result ? json::write(*result) : result.failure().where + ": " + result.failure().says;
  }

  Library library_;
};

TEST_F(CosmicNotice, MapsADischarge) {
  EXPECT_THAT(
      notice("discharge"),
      AllOf(HasSubstr(R"("resourceType":"Bundle")"), HasSubstr(R"("type":"message")"),
            HasSubstr(R"("eventCoding":{"system":"https://vardbron.example/fhir/CodeSystem/notice-event","code":"discharge"})"),
            HasSubstr(R"("status":"finished")"), HasSubstr(R"("system":"http://electronichealth.se/identifier/personnummer")")));
}

TEST_F(CosmicNotice, GivesTheSameBytesForTheSameMessage) {
  std::string once = notice("discharge");
  EXPECT_EQ(notice("discharge"), once);
  EXPECT_THAT(once, HasSubstr("urn:uuid:"));
}

}  // namespace
}  // namespace vardbron::mapping
