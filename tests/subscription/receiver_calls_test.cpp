// Concern: the subscriptions of one system that is down keep no other from its notifications, and do not call it all at once.
#include "gateway/subscription/receiver_calls.h"

#include "gateway/base/limits.h"
#include "gateway/base/reached.h"
#include "tests/sim/sim_world.h"
#include "tests/subscription/stage.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

Url url(const std::string& text) {
  Result<Url> read = parse_url(text);
  CHECK(read);
  return *read;
}

// --- alone -------------------------------------------------------------------------------------------------------------

/// Those that asked for a call, by name.
struct Asking {
  explicit Asking(ReceiverCalls::Bounds bounds) : calls(bounds, world.io().get_executor()) {}

  void ask(const std::string& name, const std::string& to, bool is_repeat = false, bool must_call = false) {
    Task<> asking = wait_for(name, {url(to), is_repeat, must_call});
    world.spawn(std::move(asking));
    world.run_for(1ms);
  }
  void answer(const std::string& name, bool was_answered) {
    taken.at(name)->ended(was_answered);
    taken.erase(name);
    world.run_for(1ms);
  }
  std::string calling() const {
    std::string names;
    for (const auto& [name, call] : taken) names += name;
    return names;
  }

  sim::SimWorld world;
  ReceiverCalls calls;
  std::map<std::string, std::unique_ptr<ReceiverCalls::Call>> taken;
  std::string unanswered, left;

 private:
  Task<> wait_for(std::string name, ReceiverCalls::Wanted wanted) {
    ReceiverCalls::Taken came = co_await calls.take(std::move(wanted), this);
    if (came.is_unanswered) unanswered += name;
    if (!came.call && !came.is_unanswered) left += name;
    if (came.call) taken[name] = std::move(came.call);
  }
};

TEST(ReceiverCalls, OfOneAddressAreBoundedAndThoseOfOthersAreNot) {
  Asking asking({.per_address = 2, .per_endpoint = 2});
  asking.ask("a", "https://one.example/1");
  asking.ask("b", "https://one.example/2");
  asking.ask("c", "https://one.example/3");
  asking.ask("d", "https://one.example/4");
  asking.ask("e", "https://other.example/1");
  asking.ask("f", "https://one.example:8443/1");
  EXPECT_EQ(asking.calling(), "abef");
  EXPECT_EQ(asking.calls.waiting(), 2u);

  asking.answer("b", true);
  EXPECT_EQ(asking.calling(), "acef");
  asking.answer("a", true);
  EXPECT_EQ(asking.calling(), "cdef");
}

TEST(ReceiverCalls, OfOneEndpointLeaveRoomForTheOthersOfItsAddress) {
  Asking asking({.per_address = 3, .per_endpoint = 2});
  for (const char* name : {"a", "b", "c"}) asking.ask(name, "https://one.example/1");
  asking.ask("d", "https://one.example/2");
  EXPECT_EQ(asking.calling(), "abd");
  asking.answer("a", true);
  EXPECT_EQ(asking.calling(), "bcd");
}

TEST(ReceiverCalls, ThatWaitForASilentEndpointShareItsSilenceAndThenGoOneByOne) {
  Asking asking({.per_address = 10, .per_endpoint = 2});
  for (const char* name : {"a", "b", "c", "d"}) asking.ask(name, "https://one.example/1");
  asking.ask("o", "https://one.example/other");
  asking.answer("a", false);
  EXPECT_EQ(asking.unanswered, "cd");
  EXPECT_EQ(asking.calling(), "bo");

  asking.ask("e", "https://one.example/1");
  EXPECT_EQ(asking.calling(), "bo") << "one by one";
  asking.ask("h", "https://one.example/1", false, true);
  EXPECT_EQ(asking.calling(), "bho") << "a handshake calls by itself";
  asking.answer("h", true);
  EXPECT_EQ(asking.calling(), "beo") << "it answers again";
  asking.answer("b", true);
  asking.answer("e", false);
  for (const char* name : {"f", "g"}) asking.ask(name, "https://one.example/1");
  EXPECT_EQ(asking.calling(), "fo") << "also when nothing was under way";
  asking.answer("f", false);
  EXPECT_EQ(asking.unanswered, "cdg");
  EXPECT_GE(times_reached("subscription: the silence of an endpoint is shared"), 2u);
}

TEST(ReceiverCalls, ThatRepeatHaveHalfOfAnAddress) {
  Asking asking({.per_address = 4, .per_endpoint = 1});
  for (const char* name : {"a", "b", "c"}) asking.ask(name, std::string("https://one.example/") + name, true);
  EXPECT_EQ(asking.calling(), "ab");
  for (const char* name : {"d", "e", "f"}) asking.ask(name, std::string("https://one.example/") + name);
  EXPECT_EQ(asking.calling(), "abde");
  asking.answer("d", true);
  EXPECT_EQ(asking.calling(), "abef");
  asking.answer("a", true);
  EXPECT_EQ(asking.calling(), "bcef");
}

TEST(ReceiverCalls, EndWhenTheirOwnersLeaveOrTheGatewayStops) {
  Asking asking({.per_address = 1, .per_endpoint = 1});
  asking.ask("a", "https://one.example/1");
  asking.ask("b", "https://one.example/2");
  asking.calls.leave(&asking);
  asking.world.run_for(1ms);
  EXPECT_EQ(asking.left, "b");
  asking.ask("c", "https://one.example/2");
  asking.calls.close();
  asking.world.run_for(1ms);
  asking.ask("d", "https://other.example/2");
  EXPECT_EQ(asking.left, "bcd");
  asking.answer("a", true);
  EXPECT_EQ(asking.calls.waiting(), 0u);
}

// --- with subscriptions ------------------------------------------------------------------------------------------------

/// The most calls that began within one attempt's time.
std::size_t most_at_once(const std::vector<Received>& calls) {
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < calls.size(); ++last) {
    while (calls[last].at - calls[first].at >= limits::delivery_time_max) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

std::vector<Received> after(const std::vector<Received>& all, std::size_t begin) {
  return {all.begin() + static_cast<std::ptrdiff_t>(begin), all.end()};
}

struct ManyOfOneSystem : testing::Test {
  Stage stage;
  Receiver& down = stage.receiver("a.example");
  Receiver& well = stage.receiver("b.example");
  std::vector<std::string> ids;

  /// Half of them of each organisation.
  void subscribe(std::size_t many, const std::function<std::string(std::size_t)>& endpoint) {
    for (std::size_t at = 0; at < many; ++at) {
      Wish wish = to("a.example");
      wish.endpoint = endpoint(at);
      Result<store::Resource> made = stage.create(at % 2 == 0 ? nacka : huddinge, wish);
      ASSERT_TRUE(made);
      ids.push_back(made->id);
    }
    stage.run_for(5s);
  }
};

// 180 subscriptions of one endpoint that takes connections and never answers. Without a bound there are 180 calls at any time.
TEST_F(ManyOfOneSystem, ThatNeverAnswersDelayNobodyElseAndDoNotCallItAllAtOnce) {
  stage.subscribe(nacka, to("b.example"));
  subscribe(180, [](std::size_t) { return "https://a.example/hook"; });
  down.thinks_for = 1h;
  const std::size_t before = down.all().size();
  for (int minute = 0; minute < 20; ++minute) {
    const std::size_t known = well.numbers().size();
    stage.happen({nacka, huddinge}, "admission", "e" + std::to_string(minute));
    stage.run_for(1s);
    EXPECT_EQ(well.numbers().size(), known + 1) << "in time";
    stage.run_for(59s);
  }
  EXPECT_LE(most_at_once(after(down.all(), before)), limits::calls_per_endpoint_max);
  for (const std::string& id : ids) EXPECT_EQ(stage.state(id).status, "error");

  down.thinks_for = 0s;
  stage.run_for(limits::retry_pause_max + 1min);
  for (const std::string& id : ids) EXPECT_EQ(stage.state(id).delivered, 20) << "all of it, once it answers";
}

TEST_F(ManyOfOneSystem, WithAnEndpointEachAreBoundedTooAndThoseThatAnswerThereGetTheirs) {
  Wish answering = to("a.example");
  answering.endpoint = "https://a.example/well";
  const std::string good = stage.subscribe(huddinge, answering);
  subscribe(120, [](std::size_t at) { return "https://a.example/" + std::to_string(at); });
  down.answer = [this](const Received& read) {
    down.thinks_for = read.request.target == "/well" ? Instant{0} : Instant{1h};
    return 200u;
  };
  const std::size_t before = down.all().size();
  stage.happen({nacka, huddinge});
  stage.run_for(10min);
  for (int at = 1; at <= 10; ++at) {
    stage.happen({huddinge}, "admission", "e" + std::to_string(at));
    stage.run_for(2s);
    EXPECT_EQ(stage.state(good).delivered, at + 1) << "repeats leave it room";
  }
  std::vector<Received> calls = after(down.all(), before);
  std::erase_if(calls, [](const Received& read) { return read.request.target == "/well"; });
  EXPECT_LE(most_at_once(calls), limits::calls_per_address_max);
  EXPECT_GT(calls.size(), 120u);
}

TEST_F(ManyOfOneSystem, ThatIsChangedWhileItWaitsGetsItsHandshakeAtOnce) {
  subscribe(60, [](std::size_t) { return "https://a.example/hook"; });
  down.thinks_for = 1h;
  stage.happen({nacka, huddinge});
  stage.run_for(1s);
  for (std::size_t at = 0; at < ids.size(); ++at) {
    Wish moved = to("b.example");
    moved.further = "\"id\":\"" + ids[at] + "\",";
    store::Reader owner{at % 2 == 0 ? nacka : huddinge, false};
    ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(std::move(owner), ids[at], moved.json(), 0)));
  }
  stage.run_for(2s);
  EXPECT_EQ(well.taken("handshake").size(), ids.size() - limits::calls_per_endpoint_max)
      << "all but those whose call is under way";
  EXPECT_EQ(well.numbers().size(), ids.size() - limits::calls_per_endpoint_max);
}

}  // namespace
}  // namespace vardbron::subscription
