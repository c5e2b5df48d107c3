// Concern: what an operator's machines read of a running gateway, its figures and its log, is well-formed, and the alerts that we
// hand out are about figures that there are.
#include "exposition.h"
#include "gateway/formats/json/parse.h"
#include "tests/play/bad_receiver.h"
#include "tests/play/play.h"
#include "tests/play/raw_caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace vardbron::play {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

std::string text_of(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class Operated : public testing::Test {
 protected:
  Operated() : gateway_(VARDBRON_BINARY_DIR "/bin/vardbron", folder_, players()) { gateway_.log_as_json(); }
  ~Operated() override {
    gateway_.kill();
    fs::remove_all(folder_);
  }
  static std::vector<Player> players() {
    return {{"SE2321990018-MED5", hospital_token, {"send"}},
            {"SE2120990011-HSV1", subscriber_token(0), {"receive"}},
            {"SE2321990018-DRIFT", operator_token, {"operate"}}};
  }
  http::Response ask(const std::string& method, const std::string& target, const std::string& token, std::string body = "",
                     const std::string& type = "application/xml") {
    PlayedCaller caller(gateway_.port(), token, clock_);
    Result<http::Response> answer = loop_.run(caller.call(method, target, body.empty() ? "" : type, std::move(body)));
    CHECK(answer);
    return std::move(*answer);
  }
  std::string metrics() { return ask("GET", "/metrics", "").body; }
  /// Until the figure is so high; half a minute at most.
  bool comes(const std::string& series, double value) {
    const Deadline until = clock_.in(std::chrono::seconds(30));
    while (!clock_.passed(until)) {
      if (Exposition(metrics()).value(series) >= value) return true;
      loop_.run(pause());
    }
    return false;
  }
  Task<> pause() {
    const bool slept = co_await clock_.sleep_until(clock_.now() + std::chrono::milliseconds(50));
    (void)slept;
  }
  /// A notice, one in quarantine, a stranger, nonsense, a subscriber that fails: something of everything.
  void live_a_little() {
    EXPECT_EQ(ask("POST", "/intake/cosmic", hospital_token, cosmic_notice({"admission", "M-1", "C-1"})).status, 200u);
    EXPECT_EQ(ask("POST", "/intake/cosmic", hospital_token, "<nonsense/>").status, 422u);
    EXPECT_EQ(ask("GET", "/fhir/Task", "").status, 401u);
    EXPECT_EQ(ask("GET", "/nowhere", operator_token).status, 404u);
    RawCaller raw(gateway_.port());
    raw.say("BREW /coffee HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(raw.hear("", 5000), HasSubstr("501 Not Implemented"));
    const std::string wish = subscription_to(receiver_.endpoint(), "id-only");
    EXPECT_EQ(ask("POST", "/fhir/Subscription", subscriber_token(0), wish, "application/fhir+json").status, 201u);
    EXPECT_TRUE(comes("vardbron_subscriptions{status=\"active\"}", 1));
    EXPECT_EQ(ask("POST", "/intake/cosmic", hospital_token, cosmic_notice({"admission", "M-2", "C-2"})).status, 200u);
    EXPECT_TRUE(comes("vardbron_delivery_attempts_total{outcome=\"no answer\",type=\"event-notification\"}", 1));
    EXPECT_TRUE(comes("vardbron_delivery_events_waiting{status=\"active\"}", 1));
  }
  std::vector<std::string> log_lines() const {
    std::vector<std::string> found;
    std::istringstream lines(text_of(gateway_.log()));
    for (std::string line; std::getline(lines, line);) found.push_back(line);
    return found;
  }

  const fs::path folder_ = fs::temp_directory_path() / ("vardbron-operated-" + std::to_string(getpid()));
  RealClock clock_;
  LoopThread loop_;
  BadReceiver receiver_{loop_, clock_, Behaviour::HangsUp};
  GatewayProcess gateway_;
};

TEST_F(Operated, TheFiguresOfAGatewayAreWellFormedAndSayWhatHappened) {
  ASSERT_TRUE(gateway_.start());
  live_a_little();
  const Exposition reported(metrics());
  EXPECT_THAT(reported.faults(), IsEmpty());
  EXPECT_EQ(reported.value("vardbron_notices_total{outcome=\"stored\"}"), 2);
  EXPECT_EQ(reported.value("vardbron_quarantined_total{cause=\"invalid\"}"), 1);
  EXPECT_EQ(reported.value("vardbron_http_refusals_total{reason=\"Unauthorized\"}"), 1);
  EXPECT_EQ(reported.value("vardbron_http_refusals_total{reason=\"Not Found\"}"), 1);
  EXPECT_EQ(reported.value("vardbron_http_refusals_total{reason=\"Not Implemented\"}"), 1);
  EXPECT_EQ(reported.sum("vardbron_http_refusals_total"), 3);
  EXPECT_EQ(reported.value("vardbron_delivery_attempts_total{outcome=\"delivered\",type=\"handshake\"}"), 1);
  EXPECT_GE(reported.value("vardbron_store_commit_seconds_count{operation=\"commit\"}"), 3);
  EXPECT_GE(reported.value("vardbron_http_connections"), 1);
  EXPECT_GT(reported.value("vardbron_store_database_bytes"), 0);
  EXPECT_GE(reported.value("process_open_fds"), static_cast<double>(10));
  EXPECT_LE(std::abs(reported.value("process_resident_memory_bytes") / 1024 - static_cast<double>(gateway_.resident_kib())),
            8192);
}

TEST_F(Operated, PromtoolFindsNothingWrongWithTheFiguresNorWithTheAlerts) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) GTEST_SKIP() << "promtool is not installed (Debian: prometheus)";
  ASSERT_TRUE(gateway_.start());
  live_a_little();
  std::ofstream(folder_ / "metrics") << metrics();
  const std::string place = "cd '" + folder_.string() + "' && ";
  EXPECT_EQ(std::system((place + "promtool check metrics < metrics > said 2>&1").c_str()), 0) << text_of(folder_ / "said");
  EXPECT_EQ(text_of(folder_ / "said"), "");
  fs::copy_file(VARDBRON_SOURCE_DIR "/deploy/alerts.yml", folder_ / "alerts.yml");
  fs::copy_file(VARDBRON_SOURCE_DIR "/tests/system/app/alerts_test.yml", folder_ / "alerts_test.yml");
  EXPECT_EQ(std::system((place + "promtool check rules alerts.yml > said 2>&1").c_str()), 0) << text_of(folder_ / "said");
  EXPECT_EQ(std::system((place + "promtool test rules alerts_test.yml > said 2>&1").c_str()), 0) << text_of(folder_ / "said");
}

// Those of the alerts before anything has happened: what is not there before it rises is not seen to rise.
TEST_F(Operated, EveryFigureThatAnAlertOrTheReadmeNamesIsThere) {
  ASSERT_TRUE(gateway_.start());
  ASSERT_TRUE(comes("vardbron_due_cases_overdue_seconds", 0));
  const Exposition at_first(metrics());
  const auto names_in = [](const std::string& file) {
    static const std::regex name("\\b(vardbron|process)_[a-z_]+[a-z]\\b");
    const std::string all = text_of(file);
    std::set<std::string> names;
    for (std::sregex_iterator at(all.begin(), all.end(), name), end; at != end; ++at) names.insert(at->str());
    return names;
  };
  const std::set<std::string> alerted = names_in(VARDBRON_SOURCE_DIR "/deploy/alerts.yml");
  EXPECT_GT(alerted.size(), 15u);
  for (const std::string& name : alerted) EXPECT_TRUE(at_first.has_name(name)) << name;
  live_a_little();
  const std::string text = metrics();
  // What needs a disk that fails, a second place of the access log, a receiver that nobody knows, a message that comes twice, or
  // an operator.
  const std::set<std::string> rare{"vardbron_store_failures_total",    "vardbron_unknown_receivers_total",
                                   "vardbron_quarantined_again_total", "vardbron_store_verify_findings",
                                   "vardbron_audit_fallback_rows",     "vardbron_audit_fallback_set_aside"};
  for (const std::string& name : names_in(VARDBRON_SOURCE_DIR "/README.md")) {
    const bool is_there = text.find("# TYPE " + name + " ") != std::string::npos;
    EXPECT_TRUE(is_there || rare.count(name) == 1) << name;
  }
}

TEST_F(Operated, EveryLineOfTheLogIsJsonWithoutAKeyTwiceAndTellsOfStartAndStop) {
  gateway_.surround_with({{"VARDBRON_TOKEN", ""}});
  ASSERT_TRUE(gateway_.start());
  live_a_little();
  const std::uint16_t port = gateway_.port();
  ASSERT_TRUE(gateway_.terminate());
  const std::vector<std::string> lines = log_lines();
  const tree::Names names;
  for (const std::string& line : lines) {
    const Result<tree::Document> read = json::parse(line, names);
    ASSERT_TRUE(read) << line << ": " << read.failure().says;
    EXPECT_FALSE(tree::root(*read).text_of("at").empty());
    EXPECT_FALSE(tree::root(*read).text_of("event").empty());
  }
  const auto count = [&](const std::string& part) {
    return std::count_if(lines.begin(), lines.end(),
                         [&](const std::string& line) { return line.find(part) != std::string::npos; });
  };
  const std::string listen = "\"listen\":\"http://127.0.0.1:" + std::to_string(port) + "\"";
  const std::string store = "\"store\":\"" + (folder_ / "data").string() + "\"";
  for (const std::string& part : {std::string("\"event\":\"the gateway is open\""), std::string("\"version\":\"0."), listen,
                                  store, std::string("\"schema\":"), std::string("\"event\":\"the gateway is closed\""),
                                  std::string("\"event\":\"a message is kept in quarantine\""),
                                  std::string("\"event\":\"requests without a valid token were refused\""),
                                  std::string("\"event\":\"requests were refused before their sender was looked at\""),
                                  std::string("\"event\":\"a request was refused\"")}) {
    EXPECT_EQ(count(part), 1) << part;
  }
  EXPECT_THAT(lines.back(), HasSubstr("\"event\":\"the gateway is closed\""));
}

}  // namespace
}  // namespace vardbron::play
