// Concern: a line of the log is one line, whatever a sender wrote into it.
#include "gateway/base/log.h"

#include <gtest/gtest.h>

namespace vardbron::log {
namespace {

constexpr std::string_view at = "2026-11-22T17:05:09.123Z";

TEST(Log, WritesJsonThatNeverHasAKeyTwice) {
  EXPECT_EQ(as_json(at, Level::Info, "open", {{"at", std::string_view("http://x")}, {"number", std::int64_t{3}}, {"at", true}}),
            R"({"at":"2026-11-22T17:05:09.123Z","level":"info","event":"open","at_":"http://x","number":3,"at__":true})");
}

TEST(Log, WritesNothingThatMovesATerminal) {
  const std::string_view evil =
      "a\xC2\x9B"
      "2Jb\x1B[31mc\x9B\r\nerror: forged";
  EXPECT_EQ(as_json(at, Level::Error, "e", {{"because", evil}}),
            R"({"at":"2026-11-22T17:05:09.123Z","level":"error","event":"e",)"
            R"("because":"a\\u009B2Jb\\u001B[31mc\\x9B\\u000D\nerror: forged"})");
  EXPECT_EQ(as_plain(at, Level::Error, "e", {{"because", evil}}),
            "17:05:09 error: e  because=a\\u009B2Jb\\u001B[31mc\\x9B\\u000D\\nerror: forged");
}

}  // namespace
}  // namespace vardbron::log
