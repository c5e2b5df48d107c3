#include "gateway/http/date.h"

#include <gtest/gtest.h>

namespace vardbron::http {
namespace {

TEST(HttpDate, ComesBackAsItWasWritten) {
  for (std::int64_t second : {0LL, 784'111'777LL, 951'782'400LL, 1'795'798'809LL, 4'102'444'799LL}) {
    const WallTime time{std::chrono::seconds(second)};
    EXPECT_EQ(parse_http_date(http_date(time)), time) << http_date(time);
  }
  EXPECT_EQ(http_date(WallTime{std::chrono::seconds(784'111'777)}), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(HttpDate, IsNoneInAnyOtherForm) {
  for (const char* text : {"", "yesterday", "Sun, 6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 30 Feb 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nob 1994 08:49:37 GMT", "Xun, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:3x GMT", "Sun, 06 Nov 1994 08:49:37 GMT "}) {
    EXPECT_FALSE(parse_http_date(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace vardbron::http
