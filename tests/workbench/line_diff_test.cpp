#include "gateway/workbench/line_diff.h"

#include "gateway/base/limits.h"

#include <gtest/gtest.h>

#include <random>

namespace vardbron::workbench {
namespace {

struct DiffCase {
  std::string name, before, after, reported;
};

class LineDiff : public testing::TestWithParam<DiffCase> {};

TEST_P(LineDiff, TellsWhatChanges) { EXPECT_EQ(line_diff(GetParam().before, GetParam().after), GetParam().reported); }

INSTANTIATE_TEST_SUITE_P(
    Table, LineDiff,
    testing::Values(DiffCase{"Nothing", "a\nb", "a\nb", ""},
                    DiffCase{"OneLine", "a\nb\nc\nd\ne", "a\nb\nC\nd\ne", "@@ 1 @@\n a\n b\n-c\n+C\n d\n e\n"},
                    DiffCase{"Added", "a", "a\nb", "@@ 1 @@\n a\n+b\n"}, DiffCase{"Taken", "a\nb", "b", "@@ 1 @@\n-a\n b\n"},
                    DiffCase{"FarApart", "1\n2\n3\n4\n5\n6\n7\n8\n9", "x\n2\n3\n4\n5\n6\n7\n8\ny",
                             "@@ 1 @@\n-1\n+x\n 2\n 3\n@@ 7 @@\n 7\n 8\n-9\n+y\n"}),
    [](const auto& of) { return of.param.name; });

TEST(LineDiff, HoldsEveryLineThatWasAddedOrTaken) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::string before, after;
    for (int i = 0; i < 12; ++i) before += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
    for (int i = 0; i < 12; ++i) after += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
    const std::string reported = line_diff(before, after);
    long balance = 0;
    for (std::size_t at = 0; at < reported.size(); at = reported.find('\n', at) + 1)
      balance += reported[at] == '+' ? 1 : reported[at] == '-' ? -1 : 0;
    EXPECT_EQ(balance, 0) << reported;
  }
}

// Above the limit the changed middle is one block, without common lines.
TEST(LineDiff, FindsALineAgainAmongAsManyPairsAsItMay) {
  static_assert(limits::line_pairs_max == 4096u * 4096u);
  const auto found = [](std::size_t lines) {
    std::string before, after;
    for (std::size_t at = 0; at < lines; ++at) {
      const bool is_same = at == lines / 2;
      before += is_same ? "the same\n" : "a" + std::to_string(at) + "\n";
      after += is_same ? "the same\n" : "b" + std::to_string(at) + "\n";
    }
    return line_diff(before, after).find("\n the same\n") != std::string::npos;
  };

  EXPECT_TRUE(found(4096));
  EXPECT_FALSE(found(4097));
}

}  // namespace
}  // namespace vardbron::workbench
