#include "gateway/care/chain/persistent_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::care {
namespace {

TEST(PersistentList, ACopySharesWhatIsNotReplacedInIt) {
  PersistentList<std::string> one;
  for (const char* each : {"a", "b", "c"}) one.push_back(each);

  PersistentList<std::string> other = one;
  other.replace(1, "x");
  other.push_back("d");

  EXPECT_EQ(std::vector<std::string>(one.begin(), one.end()), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(std::vector<std::string>(other.begin(), other.end()), (std::vector<std::string>{"a", "x", "c", "d"}));
  EXPECT_TRUE(other.shares(one, 0) && other.shares(one, 2));
  EXPECT_FALSE(other.shares(one, 1) || other.shares(one, 3));
  EXPECT_EQ(&one[0], &other[0]);
}

TEST(PersistentList, OfManyElementsSharesThemToo) {
  PersistentList<int> one;
  for (int number = 0; number < 1000; ++number) one.push_back(number);
  const PersistentList<int> former = one;

  one.replace(500, -1);
  one.push_back(1000);

  ASSERT_EQ(former.size(), 1000u);
  for (int number = 0; number < 1000; ++number) {
    const auto index = static_cast<std::size_t>(number);
    EXPECT_EQ(former[index], number);
    EXPECT_EQ(one[index], number == 500 ? -1 : number);
    EXPECT_EQ(one.shares(former, index), number != 500) << number;
  }
  EXPECT_EQ(one.back(), 1000);
}

TEST(PersistentList, IsComparedByItsElements) {
  PersistentList<std::string> one, other;
  EXPECT_TRUE(one == other && one.empty());
  one.push_back("a");
  EXPECT_FALSE(one == other);
  other.push_back("a");
  EXPECT_TRUE(one == other);
  other.replace(0, "b");
  EXPECT_FALSE(one == other);
}

}  // namespace
}  // namespace vardbron::care
