#include "gateway/formats/charset.h"

#include "gateway/base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace vardbron::formats {
namespace {

std::string converted(std::string body, Charset charset) {
  Result<std::string> text = to_utf8(std::move(body), charset);
  return text ? *std::move(text) : text.failure().where + " " + text.failure().says;
}

TEST(Charset, IsKnownByTheNamesInUse) {
  const std::pair<const char*, Charset> table[] = {{"utf-8", Charset::Utf8},         {"UTF8", Charset::Utf8},
                                                   {"UNICODE UTF-8", Charset::Utf8}, {"UNICODE", Charset::Utf8},
                                                   {"us-ascii", Charset::Ascii},     {"ASCII", Charset::Ascii},
                                                   {"8859/1", Charset::Latin1},      {"ISO-8859-1", Charset::Latin1},
                                                   {"iso_8859-1", Charset::Latin1},  {"latin1", Charset::Latin1},
                                                   {"8859/15", Charset::Latin9},     {"ISO8859-15", Charset::Latin9},
                                                   {"8859/9", Charset::Latin5},      {"Windows-1252", Charset::Windows1252},
                                                   {"cp1252", Charset::Windows1252}, {"ISO IR100", Charset::Latin1}};
  for (const auto& [name, charset] : table) EXPECT_EQ(charset_of(name), charset) << name;
  for (const char* name : {"", "iso", "utf-16", "8859/17", "UNICODE UTF-16", "latin", "klingon"})
    EXPECT_EQ(charset_of(name), std::nullopt) << name;
}

TEST(Charset, IsARowOfTheTableForEveryOneByteSet) {
  EXPECT_GE(one_byte_sets().size(), 14u);
  for (const char* name :
       {"8859/2", "8859/3", "8859/4", "8859/5", "8859/6", "8859/7", "8859/8", "windows-1250", "IBM850", "macintosh"})
    EXPECT_TRUE(charset_of(name)) << name;
  EXPECT_EQ(converted("\x86\x84\x94 \x8F\x8E\x99", *charset_of("ibm850")), "åäö ÅÄÖ");
  EXPECT_EQ(converted("\xB1\xE6", *charset_of("8859/2")), "ąć");
  EXPECT_EQ(name_of(Charset::Latin1), "8859/1");
  EXPECT_EQ(name_of(Charset::Windows1252), "windows-1252");
}

TEST(Charset, IsGuessedAsUtf8OnlyWhereEveryByteFits) {
  EXPECT_EQ(guess_charset(""), Charset::Utf8);
  EXPECT_EQ(guess_charset("plain"), Charset::Utf8);
  EXPECT_EQ(guess_charset("Åsa €"), Charset::Utf8);
  EXPECT_EQ(guess_charset("\xC5sa"), Charset::Windows1252);
  EXPECT_EQ(guess_charset("Åsa \xE5"), Charset::Windows1252);
  EXPECT_EQ(guess_charset("\xED\xA0\x80"), Charset::Windows1252);  // a surrogate is no UTF-8
}

TEST(Charset, TurnsBytesIntoCharacters) {
  EXPECT_EQ(converted("\xC5\xE4\xF6", Charset::Latin1), "Åäö");
  EXPECT_EQ(converted("\x80\x93", Charset::Latin1), "\xC2\x80\xC2\x93");
  EXPECT_EQ(converted("\x80\x93", Charset::Windows1252), "€“");
  EXPECT_EQ(converted("\xA4\xA6\xA8\xB4\xB8\xBC\xBD\xBE", Charset::Latin9), "€ŠšŽžŒœŸ");
  EXPECT_EQ(converted("\xD0\xDD\xDE\xF0\xFD\xFE", Charset::Latin5), "ĞİŞğış");
  EXPECT_EQ(converted("abc", Charset::Ascii), "abc");
  EXPECT_EQ(converted("\xFF is not looked at", Charset::Utf8), "\xFF is not looked at");
}

TEST(Charset, RefusesAByteThatIsNoCharacterAndSaysWhere) {
  EXPECT_EQ(converted("a\nb\x81", Charset::Windows1252), "2:2 A byte is no character of windows-1252.");
  EXPECT_EQ(converted("\xE5", Charset::Ascii), "1:1 A byte is no character of ASCII.");
}

TEST(Charset, MakesValidUtf8OfEveryByteOfEverySet) {
  for (std::size_t row = 0; row < one_byte_sets().size(); ++row) {
    const Charset charset = static_cast<Charset>(row + static_cast<std::size_t>(Charset::Latin1));
    for (int byte = 0x20; byte < 0x100; ++byte) {
      const Result<std::string> text = to_utf8(std::string(1, static_cast<char>(byte)), charset);
      const bool is_character = character_of(static_cast<unsigned char>(byte), charset).has_value();
      EXPECT_EQ(text.ok(), is_character) << byte;
      if (text) {
        EXPECT_EQ(utf8_length(*text, 0), text->size()) << byte;
      }
    }
  }
}

}  // namespace
}  // namespace vardbron::formats
