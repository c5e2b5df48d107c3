#include "gateway/net/tls_tickets.h"

#include "gateway/base/limits.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace vardbron::net {
namespace {

constexpr Instant soon{1};

std::string name_of(const TicketKeys::Key& key) { return {key.name.begin(), key.name.end()}; }

TEST(TicketKeys, SealForTheirTimeAndOpenForAsLongAgain) {
  SeededRandom random(1);
  TicketKeys keys(random, Instant{0});
  const std::string first = name_of(keys.sealing(Instant{0}));

  EXPECT_EQ(name_of(keys.sealing(limits::tls_ticket_key_time - soon)), first);
  const std::string second = name_of(keys.sealing(limits::tls_ticket_key_time));
  EXPECT_NE(second, first);
  EXPECT_TRUE(keys.opening(first, 2 * limits::tls_ticket_key_time - soon));
  EXPECT_FALSE(keys.opening(first, 2 * limits::tls_ticket_key_time));
  EXPECT_TRUE(keys.opening(second, 2 * limits::tls_ticket_key_time));
}

TEST(TicketKeys, OpenWithTheKeyThatSealed) {
  SeededRandom random(1);
  TicketKeys keys(random, Instant{0});
  const TicketKeys::Key sealed = keys.sealing(Instant{0});

  for (const Instant later : {Instant{0}, limits::tls_ticket_key_time, 2 * limits::tls_ticket_key_time - soon}) {
    const std::optional<TicketKeys::Key> opened = keys.opening(name_of(sealed), later);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->cipher, sealed.cipher);
    EXPECT_EQ(opened->mac, sealed.mac);
  }
}

TEST(TicketKeys, AreForgottenWhereNobodyCallsForLong) {
  SeededRandom random(1);
  TicketKeys keys(random, Instant{0});
  const std::string first = name_of(keys.sealing(Instant{0}));

  EXPECT_FALSE(keys.opening(first, 10 * limits::tls_ticket_key_time));
  EXPECT_FALSE(keys.opening(first, 10 * limits::tls_ticket_key_time + soon));
}

TEST(TicketKeys, DoNotOpenWhatIsNotTheirs) {
  SeededRandom random(1);
  TicketKeys keys(random, Instant{0}), others(random, Instant{0});

  EXPECT_FALSE(keys.opening(name_of(others.sealing(Instant{0})), Instant{0}));
  EXPECT_FALSE(keys.opening("", Instant{0}));
  EXPECT_FALSE(keys.opening(std::string(TicketKeys::name_bytes, '\0'), Instant{0})) << "the name of no key";
  const std::string name = name_of(keys.sealing(Instant{0}));
  EXPECT_FALSE(keys.opening(name.substr(1), Instant{0}));
  EXPECT_FALSE(keys.opening(name + "x", Instant{0}));
}

// Whatever the times of calls: a ticket is opened for one key's time at least and two at most, and no key returns.
TEST(TicketKeys, HoldForBetweenOneAndTwoOfTheirTimes) {
  sim::for_each_seed(200, [](std::uint64_t seed) {
    SeededRandom random(seed);
    TicketKeys keys(random, Instant{0});
    std::map<std::string, Instant> sealed;  // when first
    Instant now{0};
    for (int step = 0; step < 60; ++step) {
      now += Instant(static_cast<std::int64_t>(
          random.below(static_cast<std::uint64_t>(limits::tls_ticket_key_time.count()) * (random.below(8) == 0 ? 3 : 1) / 2)));
      for (const auto& [name, since] : sealed) {
        const bool opens = keys.opening(name, now).has_value();
        if (now - since < limits::tls_ticket_key_time) ASSERT_TRUE(opens) << seed << ", step " << step;
        if (now - since >= 2 * limits::tls_ticket_key_time) ASSERT_FALSE(opens) << seed << ", step " << step;
      }
      sealed.try_emplace(name_of(keys.sealing(now)), now);
    }
    EXPECT_GT(sealed.size(), 3u);
  });
}

}  // namespace
}  // namespace vardbron::net
