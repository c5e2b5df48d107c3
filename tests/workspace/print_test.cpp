#include "gateway/workspace/print.h"

#include <gtest/gtest.h>

namespace vardbron::workspace {
namespace {

TEST(Print, APlaceIsFileLineColumnWhateverItIsToldIn) {
  struct Row {
    const char *file, *where, *place;
  };
  for (const Row& row : {Row{"a.xml", "", "a.xml"}, Row{"a.xml", "6:5", "a.xml:6:5"}, Row{"a.xml", "b.c (6:5)", "a.xml:6:5: b.c"},
                         Row{"a.json", " (1:1)", "a.json:1:1"}, Row{"a.json", "Patient.name", "a.json: Patient.name"},
                         Row{"-", "", "standard input"}, Row{"-", "2:1", "standard input:2:1"},
                         Row{"a.json", "name[0].given (10:2)", "a.json:10:2: name[0].given"}}) {
    EXPECT_EQ(place_in(row.file, row.where), row.place);
  }
}

TEST(Print, AWholeNumberHasNoSignAndNothingElse) {
  for (const char* right : {"0", "1", "18446744073709551615"}) EXPECT_EQ(whole_number_fault(right), "");
  for (const char* wrong : {"", "-1", "+1", "1.5", "1e3", "x", "0x10", " 1"}) EXPECT_NE(whole_number_fault(wrong), "") << wrong;
}

}  // namespace
}  // namespace vardbron::workspace
