#include "gateway/app/broken_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace vardbron::app {
namespace {

using Facts = std::vector<rest::Check::Fact>;
using testing::HasSubstr;

TEST(BrokenPages, MakeHealthWarnAndAreCounted) {
  Metrics metrics;
  BrokenPages pages(metrics);
  EXPECT_EQ(pages.check().name, "pages");
  EXPECT_EQ(pages.check().health, rest::Health::Ok);
  EXPECT_EQ(pages.check().facts, (Facts{{"broken", 0}}));
  EXPECT_THAT(metrics.text(), HasSubstr("vardbron_store_broken_pages_total 0"));

  pages.met(7);
  EXPECT_EQ(pages.check().health, rest::Health::Warn);
  EXPECT_THAT(pages.check().says, HasSubstr("1 page of the store is not what was written there"));
  EXPECT_THAT(pages.check().says, HasSubstr("put a copy of the store back"));
  EXPECT_EQ(pages.check().facts, (Facts{{"broken", 1}, {"last", 7}}));

  pages.met(9);
  EXPECT_THAT(pages.check().says, HasSubstr("2 pages of the store are not"));
  EXPECT_EQ(pages.check().facts, (Facts{{"broken", 2}, {"last", 9}}));
  EXPECT_THAT(metrics.text(), HasSubstr("vardbron_store_broken_pages_total 2"));
}

}  // namespace
}  // namespace vardbron::app
