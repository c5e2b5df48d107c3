#include "gateway/base/utf8.h"
#include "gateway/fhirpath/values/unicode.h"
#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

#include <string>

// Concern: case of letters beyond ASCII. FHIRPath says that upper() and lower() convert all characters and that ~ ignores case
// (N1 5.6.8, 5.6.9, 6.1.2), and leaves the rest to Unicode.
namespace vardbron::fhirpath {
namespace {

using testing::expect_all;

std::string text_of(std::uint32_t scalar) {
  std::string text;
  append_utf8(text, scalar);
  return text;
}

std::string folded(std::string_view text) {
  std::string letters;
  Folding folding(text);
  for (std::uint32_t scalar = 0; folding.next(scalar);) append_utf8(letters, scalar);
  return letters;
}

TEST(FhirPathCase, ALetterThatBecomesSeveralIsWrittenOut) {
  expect_all({{"'straße'.upper()", "STRASSE"},
              {"'ﬁnal'.upper()", "FINAL"},
              {"'ŉ'.upper()", "ʼN"},
              {"'ΐ'.upper()", "\u0399\u0308\u0301"},
              {"'İ'.lower()", "i̇"},
              {"'ẞ'.lower()", "ß"},
              {"'ẞ'.upper()", "ẞ"}});
}

TEST(FhirPathCase, EachCharacterIsConvertedByItself) {
  expect_all({{"'ΟΔΟΣ'.lower()", "οδοσ"},  // no final sigma: the context of a character does not count
              {"'οδος'.upper()", "ΟΔΟΣ"},
              {"'I'.lower()", "i"},  // of no language: Turkish would say ı
              {"'ÿ'.upper()", "Ÿ"},
              {"'żółw Жук ա'.upper()", "ŻÓŁW ЖУК Ա"},
              {"'ǅ'.lower()", "ǆ"},
              {"'ǅ'.upper()", "Ǆ"},
              {"'日本 𐐨'.upper()", "日本 𐐀"}});
}

TEST(FhirPathCase, EquivalenceFoldsCaseInFull) {
  expect_all({{"'Straße' ~ 'STRASSE'", "true"},
              {"'ὈΔΥΣΣΕΎΣ' ~ 'ὀδυσσεύς'", "true"},
              {"'ﬁ' ~ 'FI'", "true"},
              {"'ЖУК' ~ 'жук'", "true"},
              {"'é' ~ 'e'", "false"},
              {"'é' ~ 'e\\u0301'", "false"},  // composed and decomposed: other characters
              {"'ß' ~ 's'", "false"},
              {"'a\\u2003b' ~ 'A b'", "true"},
              {"'a  b' ~ 'a b'", "false"}});
}

TEST(FhirPathCase, EveryCharacterIsEquivalentToItsUpperAndItsLowerCase) {
  for (std::uint32_t scalar = 1; scalar <= 0x10FFFF; ++scalar) {
    if (is_surrogate(scalar) || scalar == 0x131) continue;  // ı is I in upper case, which is no ı again
    const std::string text = text_of(scalar);
    ASSERT_EQ(folded(upper(text)), folded(text)) << std::hex << scalar;
    ASSERT_EQ(folded(lower(text)), folded(text)) << std::hex << scalar;
  }
}

TEST(FhirPathCase, BytesThatAreNoUtf8StayWhatTheyAre) {
  EXPECT_EQ(upper("a\xFF\xC3"), "A\xFF\xC3");
  EXPECT_EQ(lower("A\xE5"), "a\xE5");
}

}  // namespace
}  // namespace vardbron::fhirpath
