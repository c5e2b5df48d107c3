#include "gateway/exchange/map_registry.h"

#include "gateway/exchange/channel.h"
#include "gateway/formats/json/write.h"
#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>

namespace vardbron::exchange {
namespace {

/// Maps that write which version they are; of the urls http://test/a and, if asked for, http://test/b.
std::shared_ptr<const MapSet> set_of(const std::string& version, bool with_b = true) {
  auto library = std::make_shared<mapping::Library>(empty_library().definitions());
  for (const std::string name : {"a", "b"}) {
    if (name == "b" && !with_b) continue;
    const std::string text = "/// url = 'http://test/" + name + "'\n/// name = '" + name +
                             "'\ngroup g(source in, target out) { in -> out.version = '" + version + "' \"r\"; }";
    CHECK(library->add_map(name + ".fml", text));
  }
  CHECK(library->build().empty());
  return std::make_shared<const MapSet>(MapSet{std::move(library), version});
}

const std::vector<ChannelSetting> settings{{"one", "http://test/a"}, {"two", "http://test/b"}, {"fhir", ""}};

std::string answer(Channels& channels, std::string_view name = "one") {
  Channel* channel = channels.find(name);
  if (channel == nullptr) return "(none)";
  Result<tree::Document> notice = channel->to_notice("application/json", "{}", "sender", WallTime{});
  return notice ? json::write(*notice) : notice.failure().says;
}

TEST(MapRegistry, GivesThePutSetAndTheFormerOneBack) {
  MapRegistry registry(set_of("1"));
  EXPECT_FALSE(registry.roll_back());
  registry.put(set_of("2"));
  EXPECT_EQ(registry.current()->digest, "2");

  EXPECT_TRUE(registry.roll_back());
  EXPECT_EQ(registry.current()->digest, "1");
  EXPECT_TRUE(registry.roll_back());
  EXPECT_EQ(registry.current()->digest, "2");
}

TEST(MapRegistry, ForgetsWhatIsOlderThanTheFormerSet) {
  std::weak_ptr<const MapSet> first;
  std::shared_ptr<const MapSet> kept = set_of("1");
  first = kept;
  MapRegistry registry(std::move(kept));
  registry.put(set_of("2"));
  EXPECT_FALSE(first.expired());

  registry.put(set_of("3"));

  EXPECT_TRUE(first.expired());
}

TEST(ChannelsInTheRegistry, MapWithTheSetOfTheMomentAMessageBegins) {
  MapRegistry registry(set_of("1"));
  Result<Channels> channels = Channels::open(settings, registry);
  ASSERT_TRUE(channels);
  EXPECT_EQ(answer(*channels), R"({"version":"1"})");
  EXPECT_EQ(channels->digest(), "1");

  registry.put(set_of("2"));
  EXPECT_EQ(answer(*channels), R"({"version":"2"})");
  EXPECT_EQ(answer(*channels, "two"), R"({"version":"2"})");
  EXPECT_EQ(channels->digest(), "2");

  registry.roll_back();
  EXPECT_EQ(answer(*channels), R"({"version":"1"})");
}

// The set a message began with lives until the message ends, even if two newer ones came meanwhile.
TEST(ChannelsInTheRegistry, KeepAMessageOnTheSetItBeganWith) {
  MapRegistry registry(set_of("1"));
  Result<Channels> channels = Channels::open(settings, registry);
  ASSERT_TRUE(channels);
  Channel* begun = channels->find("one");
  registry.put(set_of("2"));
  registry.put(set_of("3"));

  Result<tree::Document> notice = begun->to_notice("application/json", "{}", "sender", WallTime{});

  ASSERT_TRUE(notice);
  EXPECT_EQ(json::write(*notice), R"({"version":"1"})");
}

TEST(ChannelsInTheRegistry, GoOnWithTheOldMapsWhereANewSetLacksOne) {
  MapRegistry registry(set_of("1"));
  Result<Channels> channels = Channels::open(settings, registry);
  ASSERT_TRUE(channels);
  registry.put(set_of("2", false));

  EXPECT_EQ(answer(*channels), R"({"version":"1"})");
  EXPECT_EQ(answer(*channels, "two"), R"({"version":"1"})");
  EXPECT_FALSE(Channels::open(settings, registry)) << "whoever puts a set tries it first";
}

TEST(ChannelsInTheRegistry, OfManyThreadsSeeOneSetOrTheOther) {
  MapRegistry registry(set_of("1"));
  const std::shared_ptr<const MapSet> other = set_of("2");
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&] {
      Result<Channels> channels = Channels::open(settings, registry);
      CHECK(channels);
      for (int at = 0; at < 300; ++at) {
        const std::string said = answer(*channels);
        if (said != R"({"version":"1"})" && said != R"({"version":"2"})") ++wrong;
      }
    });
  }
  registry.put(other);
  for (int at = 0; at < 200; ++at) registry.roll_back();
  for (std::thread& each : threads) each.join();

  EXPECT_EQ(wrong, 0);
}

/// What the last stored notice says of the maps that made it.
std::string last_audit(Spine& spine) {
  std::string says;
  for (const store::AuditRow& row : spine.store.tables().audit_rows(0, 1000)) says = row.says;
  return says;
}

TEST(AuditOfANotice, NamesTheMapsThatMadeIt) {
  Spine spine;
  MapRegistry registry(set_of("d1"));
  Result<Channels> channels = Channels::open({{"fhir", ""}}, registry);
  ASSERT_TRUE(channels);
  ASSERT_TRUE(spine.accept(ANotice("admission")));
  EXPECT_EQ(last_audit(spine), "stored") << "maps that never change need no name";

  spine.channels = std::move(*channels);
  ASSERT_TRUE(spine.accept(ANotice("discharge").with_id("M-2")));
  EXPECT_EQ(last_audit(spine), "stored, maps d1");

  registry.put(set_of("d2"));
  ASSERT_TRUE(spine.accept(ANotice("transfer").with_id("M-3")));
  EXPECT_EQ(last_audit(spine), "stored, maps d2");
}

// Whatever the order of changes, channels map with the registry's current set, and the registry never has more than two sets.
TEST(ChannelsInTheRegistry, FollowEveryWalkOfPutsAndRollbacks) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    std::mt19937_64 random(seed);
    int made = 0;
    MapRegistry registry(set_of(std::to_string(made)));
    Result<Channels> channels = Channels::open(settings, registry);
    ASSERT_TRUE(channels);
    std::optional<std::string> former;
    std::string now = "0";
    for (int step = 0; step < 20; ++step) {
      if (random() % 2 == 0) {
        registry.put(set_of(std::to_string(++made)));
        former = std::exchange(now, std::to_string(made));
      } else {
        EXPECT_EQ(registry.roll_back(), former.has_value()) << "seed " << seed;
        if (former) std::swap(now, *former);
      }
      if (random() % 3 != 0) {
        EXPECT_EQ(answer(*channels), R"({"version":")" + now + R"("})") << "seed " << seed;
      }
      EXPECT_EQ(registry.current()->digest, now) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace vardbron::exchange
