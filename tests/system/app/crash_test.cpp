#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "tests/play/play.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace vardbron::play {
namespace {

// How often the gateway is killed: 50 in a usual run, more by VARDBRON_KILLS.
std::size_t kills_wanted() {
  const char* given = std::getenv("VARDBRON_KILLS");
  return given ? std::stoul(given) : 50;
}

// Numbers 1 .. highest all came. What came twice is bounded by what can be in flight at a kill.
void expect_no_gap(const PlayedReceiver& receiver, std::int64_t counted, std::size_t kills) {
  const std::vector<SeenEvent> seen = receiver.seen();
  std::set<std::int64_t> numbers;
  for (const SeenEvent& event : seen) numbers.insert(event.number);
  EXPECT_EQ(static_cast<std::int64_t>(numbers.size()), counted);
  if (numbers.empty()) return;
  EXPECT_EQ(*numbers.begin(), 1);
  EXPECT_EQ(*numbers.rbegin(), counted);
  EXPECT_LE(seen.size() - numbers.size(), kills * 2 * limits::events_per_notification_max);
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t from = text.find(before);
  if (from == std::string::npos) return {};
  return text.substr(from + before.size(), text.find(after, from + before.size()) - from - before.size());
}

/// Somebody who calls one after the other on a thread of its own; a call that is not answered is an empty answer.
struct OneByOne {
  OneByOne(Play& play, const std::string& token) : caller(play.gateway().port(), token, play.clock()) {}
  http::Response call(std::string method, std::string target, std::string type = "", std::string body = "",
                      http::Fields more = {}) {
    Result<http::Response> answer =
        loop.run(caller.call(std::move(method), std::move(target), std::move(type), std::move(body), std::move(more)));
    if (answer) return *std::move(answer);
    http::Response none;
    none.status = 0;
    return none;
  }
  LoopThread loop;
  PlayedCaller caller;
};

/// What was acknowledged beside notices, until the gateway was killed.
struct Besides {
  std::vector<std::string> taken;     ///< messages that were answered with 202
  std::vector<std::string> places;    ///< where to ask what became of each
  std::vector<std::string> accepted;  ///< Tasks whose new status was answered with 200
  int sent = 0;
};

void send_for_later(Play& play, Besides& besides) {
  OneByOne hospital(play, hospital_token);
  for (;;) {
    const std::string message = "L-" + std::to_string(++besides.sent);
    const http::Response answer =
        hospital.call("POST", "/intake/cosmic", "application/xml", cosmic_notice({"admission", message, "A-" + message}),
                      {{"Prefer", "respond-async"}});
    if (answer.status == 0) return;
    EXPECT_EQ(answer.status, 202u) << answer.body;
    besides.taken.push_back(message);
    const std::string_view place = http::find(answer.fields, "Content-Location");
    besides.places.emplace_back(place.substr(std::min(place.find("/fhir/"), place.size())));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

constexpr const char* a_task = "\"resourceType\":\"Task\",\"id\":\"";

void accept_tasks(Play& play, Besides& besides) {
  OneByOne home_care(play, subscriber_token(0));
  for (;;) {
    const http::Response list = home_care.call("GET", "/fhir/Task?owner=SE2120990011-HSV1&status=requested&_count=1");
    if (list.status == 0) return;
    const std::string id = between(list.body, a_task, "\"");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (id.empty()) continue;
    const std::string body = R"({"resourceType":"Task","id":")" + id + R"(","status":"accepted","intent":"order"})";
    const http::Response answer = home_care.call("PUT", "/fhir/Task/" + id, "application/fhir+json", body);
    if (answer.status == 0) return;
    EXPECT_EQ(answer.status, 200u) << answer.body;
    besides.accepted.push_back(id);
  }
}

void expect_all_there(Play& play, const Besides& besides) {
  OneByOne home_care(play, subscriber_token(0));
  for (const std::string& message : besides.taken) {
    bool is_there = false;
    for (int waits = 0; waits < 600 && !is_there; ++waits) {
      const http::Response found = home_care.call("GET", "/fhir/Encounter?identifier=A-" + message + "&_count=0");
      is_there = found.body.find("\"total\":1") != std::string::npos;
      if (!is_there) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ASSERT_TRUE(is_there) << message << " was answered with 202, and is lost";
  }
  OneByOne hospital(play, hospital_token);
  for (const std::string& place : besides.places) {
    const http::Response receipt = hospital.call("GET", place);
    EXPECT_EQ(receipt.status, 200u) << place << ": " << receipt.body;
    EXPECT_NE(receipt.body.find("Stored: admission of case A-L-"), std::string::npos) << place << ": " << receipt.body;
  }
  for (const std::string& id : besides.accepted) {
    const http::Response task = home_care.call("GET", "/fhir/Task/" + id);
    EXPECT_NE(task.body.find("\"status\":\"accepted\""), std::string::npos) << "Task/" << id << " is what it was before";
  }
}

// An event that comes again comes among the same events and under the same key: the receiver throws the repetition away by it.
void expect_same_keys(const PlayedReceiver& receiver) {
  std::map<std::int64_t, std::string> key_of;
  std::map<std::string, std::vector<std::int64_t>> numbers_under;
  std::size_t again = 0;
  for (const SeenNotification& each : receiver.notifications()) {
    for (std::int64_t number : each.numbers) EXPECT_EQ(key_of.emplace(number, each.key).first->second, each.key) << number;
    auto [known, is_new] = numbers_under.emplace(each.key, each.numbers);
    EXPECT_EQ(known->second, each.numbers);
    if (!is_new) ++again;
  }
  std::printf("%zu notifications, %zu of them came again\n", receiver.notifications().size(), again);
}

TEST(KillNine, LosesNothingAcknowledgedAndLeavesNoGapInAnySubscribersNumbers) {
  const std::size_t kills = kills_wanted();
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("vardbron-crash-" + std::to_string(getpid()));
  {
    Play play(VARDBRON_BINARY_DIR "/bin/vardbron", folder, 2);
    ASSERT_TRUE(play.gateway().start());
    ASSERT_TRUE(play.subscribe());
    SystemRandom random;
    std::vector<Acknowledged> acknowledged;
    Besides besides;
    for (std::size_t kill = 0; kill < kills; ++kill) {
      std::atomic<bool> stop = false;
      std::thread killer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20 + random.below(150)));
        play.gateway().kill();
      });
      std::thread later([&] { send_for_later(play, besides); });
      std::thread tasks([&] { accept_tasks(play, besides); });
      std::vector<Acknowledged> some = play.send(4, stop);
      for (std::thread* each : {&killer, &later, &tasks}) each->join();
      acknowledged.insert(acknowledged.end(), some.begin(), some.end());
      ASSERT_TRUE(play.gateway().start()) << "after kill " << kill;
    }
    // How many messages came through before each kill depends on the machine; the test needs some of each kind.
    EXPECT_FALSE(acknowledged.empty() || besides.taken.empty() || besides.accepted.empty());
    expect_all_there(play, besides);
    ASSERT_TRUE(play.wait_for_delivery(std::chrono::seconds(60)));
    const std::vector<std::int64_t> counted = play.counted();
    for (std::size_t i = 0; i < counted.size(); ++i) expect_no_gap(*play.receivers()[i], counted[i], kills);
    for (const auto& receiver : play.receivers()) expect_same_keys(*receiver);

    // Every acknowledged message is recognised: sent again it gets the same receipt, and no new notification.
    for (const Acknowledged& each : acknowledged) EXPECT_EQ(play.send_again(each.message), each.receipt) << each.message;
    EXPECT_EQ(play.counted(), counted);
    EXPECT_TRUE(play.gateway().terminate());
    std::printf(
        "%zu kills, %zu notices, %zu for later and %zu Task writes acknowledged, none lost; events seen by each subscriber: "
        "%lld, by number of copies: %zu and "
        "%zu\n",
        kills, acknowledged.size(), besides.taken.size(), besides.accepted.size(), static_cast<long long>(counted[0]),
        play.receivers()[0]->seen().size(), play.receivers()[1]->seen().size());
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace vardbron::play
