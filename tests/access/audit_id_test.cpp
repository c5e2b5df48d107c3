#include "gateway/access/audit_id.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <set>
#include <string>

namespace vardbron::access {
namespace {

TEST(AuditIds, AreFoundAgainAndDifferByRowAndStore) {
  const AuditIds one("a secret"), other("another");
  std::set<std::string> ids;
  for (std::int64_t number :
       {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, std::int64_t{1} << 32, std::numeric_limits<std::int64_t>::max()}) {
    const std::string id = one.id_of(number);
    EXPECT_EQ(id.size(), 16u);
    EXPECT_TRUE(ids.insert(id).second);
    EXPECT_EQ(one.number_of(id), number);
    EXPECT_NE(other.id_of(number), id);
  }
}

TEST(AuditIds, AreNothingElse) {
  const AuditIds ids("a secret");
  for (const char* text : {"", "1", "0123456789abcdeg", "0123456789ABCDEF", "0123456789abcdef0", "-123456789abcdef"})
    EXPECT_FALSE(ids.number_of(text).has_value() && ids.id_of(*ids.number_of(text)) != text) << text;
  EXPECT_FALSE(ids.number_of("").has_value());
  EXPECT_FALSE(ids.number_of("1").has_value());
  EXPECT_FALSE(ids.number_of(ids.id_of(-7)).has_value()) << "no row has that number";
  EXPECT_FALSE(ids.number_of(ids.id_of(0)).has_value());
}

}  // namespace
}  // namespace vardbron::access
