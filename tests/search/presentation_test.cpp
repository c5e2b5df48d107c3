#include "gateway/search/presentation.h"

#include "r4.h"

#include <gtest/gtest.h>

namespace vardbron::search {
namespace {

TEST(Presentation, ReadsTheFiveSummaries) {
  for (const auto& [name, summary] : {std::pair{"true", Summary::True},
                                      {"text", Summary::Text},
                                      {"data", Summary::Data},
                                      {"count", Summary::Count},
                                      {"false", Summary::False}}) {
    Presentation read;
    ASSERT_TRUE(read_summary(name, read).ok());
    EXPECT_EQ(read.summary, summary);
    EXPECT_EQ(read.is_whole(), summary == Summary::False);
  }
  Presentation none;
  for (const char* wrong : {"", "True", "all"}) EXPECT_EQ(read_summary(wrong, none).failure().where, "_summary");
}

TEST(Presentation, ReadsElementsOfTheFirstLevelOnce) {
  struct Row {
    std::string type, value;
    std::vector<std::string> elements;
  };
  for (const Row& row : {Row{"Task", "status", {"status"}}, Row{"Task", "status, owner,Task.status", {"status", "owner"}},
                         Row{"Patient", "deceased", {"deceased"}}, Row{"Patient", "deceasedBoolean", {"deceased"}},
                         Row{"Task", "id,meta", {"id", "meta"}}, Row{"Task", "resourceType,status", {"status"}}}) {
    Presentation read;
    ASSERT_TRUE(read_elements(r4(), r4().find_type(row.type), row.value, read).ok()) << row.value;
    EXPECT_EQ(read.elements, row.elements) << row.value;
    EXPECT_FALSE(read.is_whole());
  }
}

TEST(Presentation, SaysWhichElementWasMeant) {
  Presentation read;
  const fhir::TypeId task = r4().find_type("Task");
  EXPECT_EQ(read_elements(r4(), task, "statsu", read).failure().says,
            "Task has no such element at its first level. Did you mean status?");
  for (const char* wrong : {"", "status,", "Patient.name", "code.text", "restriction.period"})
    EXPECT_EQ(read_elements(r4(), task, wrong, read).failure().where, "_elements") << wrong;
  for (const char* empty : {"", " ", ",", "status,", ",status", "status,,owner"})
    EXPECT_EQ(read_elements(r4(), task, empty, read).failure().says, "The names are separated by commas, and here one is empty.")
        << empty;
}

}  // namespace
}  // namespace vardbron::search
