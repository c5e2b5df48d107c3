#include "gateway/formats/csv/parse.h"

#include "gateway/base/random.h"
#include "gateway/tree/path.h"
#include "tests/formats/parsing.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::csv {
namespace {

using tree::Document;

using CsvParse = formats::Parsing<ParseOptions, parse>;

TEST_F(CsvParse, MakesARecordOfEachRowAndAnElementOfEachCell) {
  const Document document = parsed("personId,namn\r\n195009072553,Astrid Berg\r\n196101182803,\r\n");

  EXPECT_EQ(text_at(document, "record[0].personId"), "195009072553");
  EXPECT_EQ(text_at(document, "record[0].namn"), "Astrid Berg");
  EXPECT_EQ(text_at(document, "record[1].personId"), "196101182803");
  EXPECT_EQ(text_at(document, "record[1].namn"), "(none)");
  EXPECT_EQ(text_at(document, "record[2]"), "(none)");
  EXPECT_TRUE(document.in_list(find(document, "record[0]")));
}

struct Written {
  const char* text;
  const char* first;
  const char* second;
};

class CsvForms : public CsvParse, public testing::WithParamInterface<Written> {};

TEST_P(CsvForms, GiveTheSameCells) {
  const Document document = parsed(GetParam().text);

  EXPECT_EQ(text_at(document, "record[0].a"), GetParam().first);
  EXPECT_EQ(text_at(document, "record[0].b"), GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(Separators, CsvForms,
                         testing::Values(Written{"a,b\n1,2\n", "1", "2"}, Written{"a;b\n1,5;2\n", "1,5", "2"},
                                         Written{"a\tb\n1;\t2\n", "1;", "2"}, Written{"sep=;\r\na;b\r\n1;2\r\n", "1", "2"},
                                         Written{"sep=|\na|b\n1|2\n", "1", "2"}, Written{"\"x;y;z\",a,b\n0,1,2\n", "1", "2"},
                                         Written{"\xEF\xBB\xBF"
                                                 "a;b\n1;2\n",
                                                 "1", "2"}));

INSTANTIATE_TEST_SUITE_P(LineEnds, CsvForms,
                         testing::Values(Written{"a,b\n1,2", "1", "2"}, Written{"a,b\r\n1,2\r\n", "1", "2"},
                                         Written{"a,b\r1,2\r", "1", "2"}, Written{"\n\na,b\n\n1,2\n\n", "1", "2"}));

INSTANTIATE_TEST_SUITE_P(
    Quotes, CsvForms,
    testing::Values(Written{"a,b\n\"1\",\"2\"\n", "1", "2"}, Written{"a,b\n\"x,y\",\"say \"\"hej\"\"\"\n", "x,y", "say \"hej\""},
                    Written{"a,b\n\"two\nlines\",2\n", "two\nlines", "2"}, Written{"a,b\n\"\",2\n", "(none)", "2"},
                    Written{"a,b\n5\" tum,\"\"\"\"\n", "5\" tum", "\""}, Written{"a,b\n 1 , 2\n", " 1 ", " 2"}));

INSTANTIATE_TEST_SUITE_P(Headings, CsvForms,
                         testing::Values(Written{" a , b \n1,2\n", "1", "2"}, Written{"\"a\",\"b\"\n1,2\n", "1", "2"}));

INSTANTIATE_TEST_SUITE_P(CharacterSets, CsvForms,
                         testing::Values(Written{"a;b\n\xC5sa;\xF6\n", "Åsa", "ö"}, Written{"a;b\nÅsa;ö\n", "Åsa", "ö"}));

TEST_F(CsvParse, DoubtsBytesOfASetThatNobodyNamed) {
  tree::Notes notes;
  const Document document = parsed("a;b\n1;\xC5sa\n", {.notes = &notes});

  EXPECT_EQ(text_at(document, "record[0].b"), "Åsa");
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_TRUE(notes[0].is_doubt);
  EXPECT_NE(notes[0].says.find("(line:column 2:3)"), std::string::npos) << notes[0].says;
  // A DOS or a Windows character: ambiguous.
  EXPECT_TRUE(refusal("a\n\x8Fsa\n").starts_with("2:1 The text is not UTF-8, and nothing says"));
}

TEST_F(CsvParse, ReadsTheCharacterSetAndSeparatorItIsTold) {
  const Document document = parsed("a;b\n\xA4;x,y\n", {.charset = formats::Charset::Latin9});
  const Document by_comma = parsed("a;b,c\n1;2,3\n", {.separator = ','});

  EXPECT_EQ(text_at(document, "record[0].a"), "€");
  EXPECT_EQ(text_at(by_comma, "record[0].c"), "3");
  EXPECT_EQ(refusal("a\n\xC5\n", {.charset = formats::Charset::Utf8}), "2:1 The text is not UTF-8.");
  EXPECT_EQ(refusal("a\n\xC5\n", {.charset = formats::Charset::Ascii}), "2:1 A byte is no character of ASCII.");
}

TEST_F(CsvParse, NamesAColumnWithoutNameByItsNumber) {
  const Document document = parsed("a,,Födelse datum\n1,2,3\n");

  EXPECT_EQ(text_at(document, "record[0].column2"), "2");
  EXPECT_EQ(document.text(document.child(find(document, "record[0]"), "Födelse datum")), "3");
}

TEST_F(CsvParse, GivesEachCellItsPlace) {
  const Document document = parsed("a;b\n1;\"x\ny\"\n3;4\n", {.positions = true});

  EXPECT_EQ(to_string(document.position(find(document, "record[0].b"))), "2:3");
  EXPECT_EQ(to_string(document.position(find(document, "record[1]"))), "4:1");
  EXPECT_EQ(to_string(document.position(find(document, "record[1].b"))), "4:3");
}

TEST_F(CsvParse, RefusesWhatIsNoTableAndSaysWhere) {
  const std::pair<std::string, std::string> table[] = {
      {"", "1:1 There is no heading row."},
      {"\n\n", "1:1 There is no heading row."},
      {"a,b\n1,2\n1,2,3\n", "3:1 The row has 3 cells, the heading has 2."},
      {"a,b\r\n1\r\n", "2:1 The row has 1 cell, the heading has 2."},
      {"a,b,a\n1,2,3\n", "1:1 Two columns have the same name."},
      {"a,b\n1,\"2\n", "2:3 A quoted cell has no end."},
      {"a,b\n\"1\"x,2\n", "2:4 Behind the closing quote of a cell there is more; a quote inside a cell is doubled."},
      {std::string("a,b\n1,\0\n", 8), "2:3 There is a control character."}};
  for (const auto& [body, says] : table) EXPECT_EQ(refusal(body), says);
}

TEST_F(CsvParse, StopsAtItsLimits) {
  EXPECT_EQ(refusal("a,b,c\n", {.columns_max = 2}), "1:5 A row has too many columns.");
  EXPECT_EQ(refusal("a,b\n1,2\n1,2\n", {.nodes_max = 6}), "3:1 There are too many cells.");
}

TEST_F(CsvParse, TellsEveryLineThatHasTooFewOrTooManyCells) {
  tree::Notes notes;
  EXPECT_EQ(refusal("a,b\n1\n1,2\n1,2,3\n\n4\n", {.notes = &notes}), "2:1 The row has 1 cell, the heading has 2.");
  ASSERT_EQ(notes.size(), 3u);
  EXPECT_EQ(notes[0].says, "Line 2 has 1 cell, the heading has 2.");
  EXPECT_EQ(notes[1].says, "Line 4 has 3 cells, the heading has 2.");
  EXPECT_EQ(notes[2].says, "Line 6 has 1 cell, the heading has 2.");
  EXPECT_TRUE(notes[0].is_fault);

  notes.clear();
  std::string many = "a,b\n";
  for (std::size_t each = 0; each < limits::faults_reported_max + 7; ++each) many += "1\n";
  refusal(many, {.notes = &notes});
  ASSERT_EQ(notes.size(), limits::faults_reported_max + 1);
  EXPECT_EQ(notes.back().says, "7 more lines have too few or too many cells.");

  notes.clear();
  EXPECT_EQ(refusal("a,b\n1\n1,\"2\n", {.notes = &notes}).substr(0, 3), "3:3");
  ASSERT_EQ(notes.size(), 2u);
  EXPECT_EQ(notes[1].says.substr(0, 7), "Line 3:");
}

// --- random walk: a table that is written is read back as that table ---

using Table = std::vector<std::vector<std::string>>;

std::string cell_text(SeededRandom& random) {
  static const std::vector<std::string> letters{"a", "Ö", " ", "1", ",", ";", "\t", "\"", "\n", "\r\n", "#"};
  std::string made;
  for (std::uint64_t count = random.below(5); count-- > 0;) made += letters[random.below(letters.size())];
  return made;
}

std::string written(const Table& table, char separator, SeededRandom& random) {
  static const std::vector<std::string> ends{"\n", "\r\n"};
  const std::string end = ends[random.below(2)];
  std::string made;
  for (const std::vector<std::string>& row : table) {
    for (std::size_t at = 0; at < row.size(); ++at) {
      if (at > 0) made += separator;
      const bool must = row[at].find_first_of("\"\r\n,;\t") != std::string::npos || row[at].empty();
      if (!must && random.below(2) == 0) {
        made += row[at];
        continue;
      }
      made += '"';
      for (char letter : row[at]) made += letter == '"' ? std::string("\"\"") : std::string(1, letter);
      made += '"';
    }
    made += end;
  }
  return made;
}

TEST_F(CsvParse, ReadsBackWhatATableWasMadeOf) {
  sim::for_each_seed(200, [&](std::uint64_t seed) {
    SeededRandom random(seed);
    Table table(2 + random.below(5));
    const std::size_t columns = 1 + random.below(5);
    for (std::size_t at = 0; at < columns; ++at) table[0].push_back("c" + std::to_string(at));
    for (std::size_t row = 1; row < table.size(); ++row) {
      for (std::size_t at = 0; at < columns; ++at) table[row].push_back(cell_text(random));
    }
    const char separator = ",;\t"[random.below(3)];
    const std::string body = written(table, separator, random);

    const Document document = parsed(body, {.separator = separator});

    for (std::size_t row = 1; row < table.size(); ++row) {
      for (std::size_t at = 0; at < columns; ++at) {
        const std::string path = "record[" + std::to_string(row - 1) + "].c" + std::to_string(at);
        EXPECT_EQ(text_at(document, path), table[row][at].empty() ? "(none)" : table[row][at]) << path << "\n" << body;
      }
    }
  });
}

}  // namespace
}  // namespace vardbron::csv
