#include "gateway/base/utf8.h"

#include <gtest/gtest.h>

#include <string>

// Concern: the one reader and the one writer of UTF-8.
namespace vardbron {
namespace {

TEST(Utf8, ReadsBackEveryCodePointThatATextCanHold) {
  for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
    std::string text;
    append_utf8(text, point);
    const std::uint32_t expected = is_surrogate(point) ? replacement_character : point;
    ASSERT_EQ(utf8_length(text, 0), text.size()) << point;
    ASSERT_EQ(code_point(text), expected) << point;
  }
  std::string beyond;
  append_utf8(beyond, 0x110000);
  EXPECT_EQ(beyond, "\xEF\xBF\xBD");
}

TEST(Utf8, IsNoneWhereBytesAreCutOverlongSurrogatesOrTooHigh) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("\xC3\x85sa, \xF0\x9F\x98\x80"));
  for (std::string_view text : {"\x80", "\xC3", "\xC3(", "\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80",
                                "\xE2\x82", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
    EXPECT_FALSE(is_utf8("a" + std::string(text) + "b")) << text;
  }
}

TEST(Utf8, AnEscapedPairIsOneCharacterAndHalfAPairStaysWhatItIs) {
  const auto read = [](std::string_view text) { return read_unicode_escape(text); };
  EXPECT_EQ(read("00e5rest").point, 0xE5u);
  EXPECT_EQ(read("00e5rest").bytes, 4u);
  EXPECT_EQ(read("D83D\\uDE00").point, 0x1F600u);
  EXPECT_EQ(read("d83d\\ude00").bytes, 10u);
  for (std::string_view alone : {"d83d", "d83d\\u", "d83d\\ude0", "d83d\\u0041", "d83dxude00", "d83d\\ud83d"}) {
    EXPECT_EQ(read(alone).point, 0xD83Du) << alone;
    EXPECT_EQ(read(alone).bytes, 4u) << alone;
  }
  EXPECT_EQ(read("de00\\ud83d").point, 0xDE00u);
  for (std::string_view none : {"", "00e", "00g5", "-0e5", "@0e5"}) EXPECT_EQ(read(none).bytes, 0u) << none;
}

}  // namespace
}  // namespace vardbron
