#include "gateway/formats/hl7v2/escape.h"

#include <gtest/gtest.h>

namespace vardbron::hl7v2 {
namespace {

constexpr Delimiters usual{'|', '^', '~', '\\', '&', '#'};

std::string decoded(std::string_view text, formats::Charset charset = formats::Charset::Utf8, Delimiters delimiters = usual) {
  std::string out;
  unescape(text, delimiters, charset, out);
  return out;
}

struct Escape {
  const char* written;
  const char* means;
};

class Escapes : public testing::TestWithParam<Escape> {};

TEST_P(Escapes, Decode) { EXPECT_EQ(decoded(GetParam().written), GetParam().means); }

INSTANTIATE_TEST_SUITE_P(Delimiters, Escapes,
                         testing::Values(Escape{"a\\F\\b", "a|b"}, Escape{"a\\S\\b", "a^b"}, Escape{"a\\T\\b", "a&b"},
                                         Escape{"a\\R\\b", "a~b"}, Escape{"a\\E\\b", "a\\b"}, Escape{"\\P\\", "#"},
                                         Escape{"\\L\\", "#"}, Escape{"\\F\\\\S\\", "|^"}, Escape{"\\E\\F\\E\\", "\\F\\"}));

INSTANTIATE_TEST_SUITE_P(Layout, Escapes,
                         testing::Values(Escape{"a\\.br\\b", "a\nb"}, Escape{"a\\.sp\\b", "a\nb"},
                                         Escape{"a\\.sp3\\b", "a\n\n\nb"}, Escape{"a\\.sp +2\\b", "a\n\nb"},
                                         Escape{"a\\.ce\\b", "a\nb"}, Escape{"a\\.sk4\\b", "a    b"}, Escape{"a\\.ti-2\\b", "ab"},
                                         Escape{"a\\.in+4\\b", "ab"}, Escape{"\\.fi\\a\\.nf\\", "a"},
                                         Escape{"\\H\\loud\\N\\", "loud"}));

INSTANTIATE_TEST_SUITE_P(Bytes, Escapes,
                         testing::Values(Escape{"a\\X41\\b", "aAb"}, Escape{"\\XC3A5\\", "å"}, Escape{"\\X0D0A\\", "\n"},
                                         Escape{"\\X0d\\", "\n"}, Escape{"\\X0A0A\\", "\n\n"}, Escape{"\\X09\\", "\t"}));

// Escapes without a plain text form stay visible.
INSTANTIATE_TEST_SUITE_P(KeptAsWritten, Escapes,
                         testing::Values(Escape{"\\C2842\\a", "\\C2842\\a"}, Escape{"\\M244A\\", "\\M244A\\"},
                                         Escape{"\\Zvard\\x", "\\Zvard\\x"}, Escape{"\\X00\\", "\\X00\\"},
                                         Escape{"\\X4\\", "\\X4\\"}, Escape{"\\XC3\\", "\\XC3\\"}, Escape{"\\.xx\\", "\\.xx\\"},
                                         Escape{"\\.sp1000\\", "\\.sp1000\\"}, Escape{"\\Q\\", "\\Q\\"},
                                         Escape{"no end \\F", "no end \\F"}, Escape{"\\", "\\"}, Escape{"\\\\", "\\\\"},
                                         Escape{"C:\\temp\\S\\x", "C:\\temp^x"}, Escape{"a\\b\\c", "a\\b\\c"}));

TEST(Escape, ReadsBytesInTheMessagesCharacterSet) {
  EXPECT_EQ(decoded("\\XC5\\", formats::Charset::Windows1252), "Å");
  EXPECT_EQ(decoded("\\XA4\\", formats::Charset::Latin9), "€");
  EXPECT_EQ(decoded("\\X81\\", formats::Charset::Windows1252), "\\X81\\");
  EXPECT_EQ(decoded("\\XC5\\", formats::Charset::Ascii), "\\XC5\\");
}

TEST(Escape, KnowsNoneInAMessageWithoutEscapeLetter) {
  EXPECT_EQ(decoded("a\\F\\b", formats::Charset::Utf8, {'|', '^', 0, 0, 0, 0}), "a\\F\\b");
}

TEST(Escape, KeepsTheEscapeOfADelimiterTheMessageHasNot) {
  EXPECT_EQ(decoded("\\P\\\\F\\", formats::Charset::Utf8, {'|', '^', '~', '\\', '&', 0}), "\\P\\|");
}

}  // namespace
}  // namespace vardbron::hl7v2
