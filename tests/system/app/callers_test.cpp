#include "gateway/base/limits.h"
#include "tests/play/play.h"
#include "tests/play/raw_caller.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

// Concern: what strangers do to the gateway's door is nothing to those who have business there.
namespace vardbron::play {
namespace {

constexpr const char* other_token = "token-of-a-municipality";
constexpr const char* ask_for_health = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

class Callers : public testing::Test {
 protected:
  Callers()
      : gateway_(VARDBRON_BINARY_DIR "/bin/vardbron", folder_,
                 {{"SE2321990018-MED5", hospital_token, {"send"}}, {"SE2120990011-HSV1", other_token, {"send"}}}) {}
  ~Callers() override {
    gateway_.kill();
    std::filesystem::remove_all(folder_);
  }
  /// Somebody else on another address is answered within the time.
  void expect_others_are_served() {
    RawCaller other(gateway_.port(), "127.0.0.77");
    ASSERT_TRUE(other.is_connected());
    ASSERT_TRUE(other.say(ask_for_health));
    EXPECT_EQ(other.hear("\r\n", 5000).substr(0, 15), "HTTP/1.1 200 OK");
  }

  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("vardbron-callers-" + std::to_string(getpid()));
  GatewayProcess gateway_;
};

// A shell gives a program 1,024 descriptors, and so many connections may come from one address.
TEST_F(Callers, OfOneAddressLeaveRoomForOthersHoweverFewDescriptorsAShellGives) {
  open_many_descriptors();
  gateway_.surround_with({}, 1024);
  ASSERT_TRUE(gateway_.start());
  std::vector<std::unique_ptr<RawCaller>> crowd;
  for (std::size_t at = 0; at < limits::connections_per_address_max + 50; ++at)
    crowd.push_back(std::make_unique<RawCaller>(gateway_.port()));

  expect_others_are_served();
  std::size_t turned_away = 0;
  for (const std::unique_ptr<RawCaller>& each : crowd) turned_away += each->is_hung_up_on(0) ? 1 : 0;
  EXPECT_EQ(turned_away, crowd.size() - limits::connections_per_address_max);
}

// Concern: one address, or some, hold all the sockets they can get, and honest requests come in between.
TEST_F(Callers, OfOneAddressLeaveRoomForOthersWhereTheMachineHasFewDescriptors) {
  open_many_descriptors();
  gateway_.hold_to_descriptors(1024);
  ASSERT_TRUE(gateway_.start());
  std::vector<std::unique_ptr<RawCaller>> crowd;
  for (const char* greedy : {"127.0.0.2", "127.0.0.3"})
    for (std::size_t at = 0; at < 1200; ++at) crowd.push_back(std::make_unique<RawCaller>(gateway_.port(), greedy));

  std::size_t served = 0;
  for (int at = 0; at < 100; ++at) {
    RawCaller other(gateway_.port(), "127.0.0." + std::to_string(50 + at));
    if (other.say(ask_for_health) && other.hear("\r\n", 5000).starts_with("HTTP/1.1 200 OK")) ++served;
  }

  EXPECT_EQ(served, 100u);
}

// Concern: bodies of one token take all the memory that it can get, from many addresses, and another one's notice is taken.
TEST_F(Callers, OfOneTokenLeaveRoomForTheBodiesOfAnother) {
  ASSERT_TRUE(gateway_.start());
  const auto head = [](const char* token, std::size_t bytes) {
    return "POST /intake/cosmic HTTP/1.1\r\nHost: l\r\nAuthorization: Bearer " + std::string(token) +
           "\r\nContent-Type: application/xml\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n";
  };
  const std::string almost(limits::body_bytes_max - 1, 'x');
  std::vector<std::unique_ptr<RawCaller>> greedy;
  std::size_t refused = 0;
  for (std::size_t held = 0; held < limits::bodies_under_way_bytes_max + limits::body_bytes_max; held += almost.size()) {
    greedy.push_back(std::make_unique<RawCaller>(gateway_.port(), "127.0.0." + std::to_string(2 + greedy.size())));
    greedy.back()->say(head(hospital_token, limits::body_bytes_max));
    greedy.back()->say(almost);
    if (greedy.back()->hear("\r\n", 200).starts_with("HTTP/1.1 503")) ++refused;
  }
  EXPECT_GT(refused, greedy.size() / 2);

  RawCaller other(gateway_.port());
  const std::string notice = cosmic_notice({.message = "M-1", .of_case = "A-1"});
  ASSERT_TRUE(other.say(head(other_token, notice.size()) + notice));
  const std::string answer = other.hear("\r\n", 10'000);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.1 403")) << answer << ": read, whatever it says";
}

// The proxy has one address, and its callers are known by theirs.
TEST_F(Callers, BehindATrustedProxyAreKnownByTheirOwnAddresses) {
  gateway_.add_server_setting("trusted_proxies = [\"127.0.0.1\"]");
  gateway_.log_as_json();
  ASSERT_TRUE(gateway_.start());
  const auto ask = [this](const char* from, const std::string& fields) {
    RawCaller caller(gateway_.port(), from);
    ASSERT_TRUE(caller.say("GET /fhir/Task HTTP/1.1\r\nHost: l\r\n" + fields + "\r\n"));
    EXPECT_EQ(caller.hear("\r\n", 5000).substr(0, 12), "HTTP/1.1 401");
  };
  ask("127.0.0.1", "Forwarded: for=198.51.100.7\r\n");
  ask("127.0.0.1", "X-Forwarded-For: 2001:db8:1:2::3\r\n");
  ask("127.0.0.1", "Forwarded: for=2001:db8::3\r\n");
  ask("127.0.0.77", "Forwarded: for=198.51.100.8\r\n");
  ASSERT_TRUE(gateway_.terminate());

  std::ifstream log(gateway_.log());
  const std::string lines{std::istreambuf_iterator<char>(log), {}};
  for (const char* reported : {"\"network\":\"198.51.100.7\"", "\"network\":\"2001:db8:1:2::/64\"", "\"network\":\"127.0.0.1\"",
                               "\"network\":\"127.0.0.77\"", "\"proxy\":\"127.0.0.1\""})
    EXPECT_NE(lines.find(reported), std::string::npos) << reported << " in " << lines;
  EXPECT_EQ(lines.find("198.51.100.8"), std::string::npos) << "nobody whom we trust said so";
}

// Headers that never end, bodies that drip, connections that say nothing: all at once, and none of it is waited for.
TEST_F(Callers, WhoAreSlowDelayNobody) {
  ASSERT_TRUE(gateway_.start());
  std::vector<std::unique_ptr<RawCaller>> slow;
  for (int at = 0; at < 300; ++at) {
    slow.push_back(std::make_unique<RawCaller>(gateway_.port()));
    ASSERT_TRUE(slow.back()->is_connected());
    if (at % 3 == 0) slow.back()->say("GET /health HTTP/1.1\r\nHost: l");
    if (at % 3 == 1) slow.back()->say("POST /intake/cosmic HTTP/1.1\r\nHost: l\r\nContent-Length: 100000\r\n\r\n<a>");
  }

  for (int round = 0; round < 20; ++round) expect_others_are_served();
}

TEST_F(Callers, WhoSendManyRequestsAtOnceAreAnsweredInTheirOrder) {
  ASSERT_TRUE(gateway_.start());
  RawCaller caller(gateway_.port());
  std::string all;
  for (int at = 0; at < 200; ++at) all += at % 2 == 0 ? ask_for_health : "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";
  all += "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  ASSERT_TRUE(caller.say(all));
  const std::string heard = caller.hear("", 20'000);

  std::vector<std::string> statuses;
  for (std::size_t at = heard.find("HTTP/1.1 "); at != std::string::npos; at = heard.find("HTTP/1.1 ", at + 1))
    statuses.push_back(heard.substr(at + 9, 3));
  ASSERT_EQ(statuses.size(), 201u);
  for (std::size_t at = 0; at < statuses.size(); ++at)
    EXPECT_EQ(statuses[at] == "200", at % 2 == 0) << at << ": " << statuses[at];
}

// A caller that has not finished its request does not delay the gateway's end.
TEST_F(Callers, WhomNobodyKnowsAreTurnedAwayBeforeTheirBodyComes) {
  ASSERT_TRUE(gateway_.start());
  RawCaller stranger(gateway_.port());
  ASSERT_TRUE(stranger.say("POST /intake/cosmic HTTP/1.1\r\nHost: l\r\nContent-Length: 4000000\r\n\r\n"));

  EXPECT_EQ(stranger.hear("\r\n", 5000).substr(0, 12), "HTTP/1.1 401");
}

TEST_F(Callers, WhoAreSlowDoNotKeepAGatewayThatIsToEnd) {
  ASSERT_TRUE(gateway_.start());
  RawCaller sending(gateway_.port()), silent(gateway_.port());
  ASSERT_TRUE(sending.say("POST /intake/cosmic HTTP/1.1\r\nHost: l\r\nAuthorization: Bearer " + std::string(hospital_token) +
                          "\r\nExpect: 100-continue\r\nContent-Length: 4000000\r\n\r\n"));
  ASSERT_NE(sending.hear("100 Continue\r\n\r\n", 5000), "");
  std::string much(1'000'000, 'x');
  sending.say(much);  // ahead of the least rate for a thousand seconds
  const auto began = std::chrono::steady_clock::now();

  EXPECT_TRUE(gateway_.terminate());

  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_GE(took, limits::shutdown_time_max - std::chrono::seconds(1)) << "a running request is given its time";
  EXPECT_LT(took, limits::shutdown_time_max + std::chrono::seconds(10)) << "and no more: body_time_max is longer";
}

}  // namespace
}  // namespace vardbron::play
