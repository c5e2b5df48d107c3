#include "gateway/formats/csv/rows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::csv {
namespace {

using Row = std::vector<std::string>;

std::vector<Row> rows_of(std::string_view text, RowOptions options = {}) {
  std::vector<Row> found;
  Rows rows(text, options);
  while (rows.next()) {
    Row& row = found.emplace_back();
    for (const Cell& cell : rows.cells()) row.push_back(cell.text);
  }
  if (rows.failed()) found.push_back({"refused", rows.failure().where, rows.failure().says});
  return found;
}

TEST(Rows, GivesEachRowItsCells) {
  EXPECT_EQ(rows_of("a,b\n,\n\"\",c,\n"), (std::vector<Row>{{"a", "b"}, {"", ""}, {"", "c", ""}}));
  EXPECT_EQ(rows_of(""), std::vector<Row>{});
  EXPECT_EQ(rows_of("\r\n\n\r"), std::vector<Row>{});
  EXPECT_EQ(rows_of("a"), (std::vector<Row>{{"a"}}));
  EXPECT_EQ(rows_of("a,"), (std::vector<Row>{{"a", ""}}));
}

TEST(Rows, TellsTheSeparatorFromTheFirstRow) {
  EXPECT_EQ(rows_of("a;b,c;d\n"), (std::vector<Row>{{"a", "b,c", "d"}}));
  EXPECT_EQ(rows_of("\"a;b;c\",d\n1;2,3\n"), (std::vector<Row>{{"a;b;c", "d"}, {"1;2", "3"}}));
  EXPECT_EQ(rows_of("a b\n1;2\n"), (std::vector<Row>{{"a b"}, {"1;2"}}));
  EXPECT_EQ(rows_of("sep=|\na|b;c\n"), (std::vector<Row>{{"a", "b;c"}}));
  EXPECT_EQ(rows_of("sep=;\na;b\n", {.separator = ','}), (std::vector<Row>{{"a;b"}}));
}

TEST(Rows, PassesOverCommentsWhereTheyAreWanted) {
  const char* text = "# first, \"with a quote\na,b\n#c\n1,2#\n";

  EXPECT_EQ(rows_of(text, {.comment = '#'}), (std::vector<Row>{{"a", "b"}, {"1", "2#"}}));
  EXPECT_EQ(rows_of("#a,b\n"), (std::vector<Row>{{"#a", "b"}}));
}

TEST(Rows, KnowsWhereARowBegins) {
  Rows rows("a\r\n\"x\ny\",2\rz\n");
  std::vector<std::string> places;
  while (rows.next()) places.push_back(rows.place(rows.offset()));

  EXPECT_EQ(places, (std::vector<std::string>{"1:1", "2:1", "4:1"}));
}

TEST(Rows, StopsAtTheFirstRowItCannotRead) {
  EXPECT_EQ(rows_of("a,b\n1,\"2\n3,4\n"), (std::vector<Row>{{"a", "b"}, {"refused", "2:3", "A quoted cell has no end."}}));
  EXPECT_EQ(rows_of("a,b\n1,2\n", {.columns_max = 1}), (std::vector<Row>{{"refused", "1:3", "A row has too many columns."}}));
}

}  // namespace
}  // namespace vardbron::csv
