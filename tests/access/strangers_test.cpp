// Concern: callers without a token make nothing grow, and none of their refusals is lost.
#include "gateway/access/strangers.h"

#include "gateway/base/limits.h"
#include "logged.h"
#include "tests/sim/sim_store.h"
#include "tests/sim/sim_world.h"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardbron::access {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::SizeIs;

TEST(Strangers, OfOneNetworkAreToldOfTogether) {
  StrangerCounts counts;
  for (const char* address : {"2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", "192.0.2.7", "::ffff:192.0.2.7", "192.0.2.8"})
    counts.refused(address, "GET", Instant{0});
  const std::vector<Strangers> due = counts.take_due(Instant{0});
  ASSERT_THAT(due, SizeIs(3));
  for (const Strangers& each : due) EXPECT_EQ(each.refusals, each.network == "192.0.2.8" ? 1 : 2) << each.network;
}

TEST(Strangers, GiveOneRowInThatTimeThatCountsTheOthers) {
  StrangerCounts counts;
  Instant now = seconds(5);
  EXPECT_TRUE(counts.refused("192.0.2.7", "GET", now));
  EXPECT_THAT(counts.take_due(now), SizeIs(1));
  for (int at = 0; at < 411; ++at) EXPECT_FALSE(counts.refused("192.0.2.7", "PUT", now));
  EXPECT_THAT(counts.take_due(now + limits::stranger_row_pause - Instant(1)), SizeIs(0));
  EXPECT_EQ(counts.next_look(), now + limits::stranger_row_pause);

  const std::vector<Strangers> due = counts.take_due(now + limits::stranger_row_pause);
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].refusals, 411);
  EXPECT_EQ(due[0].what, "PUT");
}

TEST(Strangers, FromManyNetworksTakeNoMoreRoomThanAHundred) {
  StrangerCounts counts;
  for (int at = 0; at < 70'000; ++at) {
    const std::string address = "2001:db8:" + std::to_string(at % 9999) + ":" + std::to_string(at / 9999) + "::1";
    counts.refused(address, "GET", Instant{0});
  }
  EXPECT_EQ(counts.networks(), limits::stranger_addresses_max + 1);
  std::int64_t reported = 0;
  const std::vector<Strangers> due = counts.take_due(Instant{0});
  for (const Strangers& each : due) reported += each.refusals;
  EXPECT_THAT(due, SizeIs(limits::stranger_addresses_max + 1));
  EXPECT_EQ(reported, 70'000);
}

TEST(Strangers, AreForgottenOnceTheyMightBeToldOfAgain) {
  StrangerCounts counts;
  counts.refused("192.0.2.7", "GET", Instant{0});
  counts.take_due(Instant{0});
  EXPECT_EQ(counts.networks(), 1u);
  EXPECT_THAT(counts.take_due(limits::stranger_row_pause), SizeIs(0));
  EXPECT_EQ(counts.networks(), 0u);
  EXPECT_EQ(counts.next_look(), Instant::max());
}

struct Door {
  sim::SimWorld world;
  sim::SimStore store{world.clock, world.random};
  StrangerLog log{store, world.clock, world.io().get_executor()};
};

TEST(StrangerLog, TellsLaterWhatTheDiskDidNotTakeAndTheRestWhenTheGatewayCloses) {
  Door door;
  door.world.spawn(door.log.run());
  door.store.fail_write(1, Cause::Busy);
  door.log.refused("192.0.2.7", "GET");
  door.world.run_for(seconds(1));
  EXPECT_THAT(door.store.tables().audit_rows(0, 10), SizeIs(0));
  door.log.refused("192.0.2.7", "GET");
  door.world.run_for(minutes(2));
  ASSERT_THAT(door.store.tables().audit_rows(0, 10), SizeIs(1));
  EXPECT_EQ(door.store.tables().audit_rows(0, 10)[0].says, "GET: no valid token; 2 requests from 192.0.2.7");

  door.log.refused("192.0.2.7", "HEAD");
  door.log.stop();
  door.world.run();
  EXPECT_THAT(door.store.tables().audit_rows(0, 10), SizeIs(2));
  EXPECT_EQ(door.world.tasks(), 0u);
}

TEST(StrangerLog, TellsOfAProxyThatIsNotUnderstoodOnceAMinute) {
  Logged logged;
  Door door;
  door.world.spawn(door.log.run());
  for (int at = 0; at < 5; ++at) {
    door.log.malformed_origin("127.0.0.1");
    door.world.run_for(seconds(1));
  }
  door.world.run_for(minutes(2));
  door.log.stop();
  door.world.run();

  const std::vector<std::string> lines = logged.lines("warning");
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0], testing::HasSubstr("\"proxy\":\"127.0.0.1\",\"requests\":1"));
  EXPECT_THAT(lines[1], testing::HasSubstr("\"proxy\":\"127.0.0.1\",\"requests\":4"));
  EXPECT_THAT(door.store.tables().audit_rows(0, 10), SizeIs(0)) << "nobody was refused";
}

}  // namespace
}  // namespace vardbron::access
