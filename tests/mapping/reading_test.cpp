#include "gateway/base/limits.h"
#include "gateway/mapping/run/reading.h"
#include "gateway/mapping/run/source.h"
#include "tests/mapping/workshop.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

// Concern: elements that a map does not read are reported.
namespace vardbron::mapping {
namespace {

std::string unread_of(const std::string& rules, const std::string& csv) {
  Workshop room;
  room.model("B\nname 0..1 string");
  EXPECT_TRUE(room.library().add_map("m.fml",
                                     "/// url = 'http://test/m'\n/// name = 'm'\nuses \"http://test/B\" alias B as target\n"
                                     "group g(source s, target t : B) {\n" +
                                         rules + "\n}"));
  EXPECT_TRUE(room.library().build().empty());
  const Map* map = room.library().find("m");
  CHECK(map);
  const Result<tree::Document> source = read_source("text/csv", csv, room.library().definitions());
  CHECK(source);
  Marks marks;
  Environment environment;
  environment.marks = &marks;
  const std::array<tree::Item, 1> sources{tree::root(*source)};
  EXPECT_TRUE(run(*map, sources, environment));
  return says_unread(*source, marks.source);
}

constexpr const char* reads_name = "s.record as r then { r.Namn as n -> t.name = n \"n\"; } \"r\";";

TEST(SaysUnread, NamesAMisspeltColumnOnce) {
  EXPECT_EQ(unread_of(reads_name, "Namn;Antal plaster\nA;1\nB;2\n"),
            "Nothing was made of record.Antal plaster: the map neither reads them nor lists them as unused.");
  EXPECT_EQ(unread_of(reads_name, "Namn\nA\n"), "");
  EXPECT_EQ(unread_of(reads_name, "Namn;tom\nA;\n"), "") << "an empty cell says nothing";
}

TEST(SaysUnread, PassesOverWhatARuleListsAsUnused) {
  EXPECT_EQ(unread_of(std::string(reads_name) + "\ns.record as q then { q.ort \"ort\"; } \"q\";", "Namn;ort\nA;1\n"), "");
  EXPECT_NE(
      unread_of(std::string(reads_name) + "\ns.record as q then { q.ort as o check (true) \"ort\"; } \"q\";", "Namn;x\nA;1\n"),
      "");
}

/// A table of that many columns that no rule reads, and that many rows.
std::string unread_columns(std::size_t columns, int rows) {
  std::string heading = "Namn", row = "A";
  for (std::size_t column = 0; column < columns; ++column) {
    heading += ";c" + std::to_string(100 + column) + "x";
    row += ";1";
  }
  std::string table = heading + "\n";
  for (int each = 0; each < rows; ++each) table += row + "\n";
  return unread_of(reads_name, table);
}

TEST(SaysUnread, NamesAsManyAsItMayAndCountsTheRestOnceHoweverOftenTheyCome) {
  for (const int rows : {1, 7}) {
    const std::string all = unread_columns(limits::unread_named_max, rows);
    EXPECT_NE(all.find("c119x: the map neither"), std::string::npos) << all;
    const std::string more = unread_columns(limits::unread_named_max + 10, rows);
    EXPECT_NE(more.find("c119x and 10 more (`vardbron map --coverage` with the map and the message shows all): the map neither"), std::string::npos) << more;
  }
}

TEST(SaysUnread, ShowsNoControlCharactersOfAName) {
  EXPECT_NE(unread_of(reads_name,
                      "Namn;a\xC2\x9B"
                      "31m\nA;1\n")
                .find("record.a\\u009B31m"),
            std::string::npos);
}

}  // namespace
}  // namespace vardbron::mapping
