// Concern: each refusal is one line of the log and one figure, neither two nor none, and nobody outside makes either grow.
#include "gateway/rest/answer_log.h"

#include "exposition.h"
#include "gateway/base/limits.h"
#include "json_text.h"
#include "logged.h"
#include "tests/rest/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace vardbron::rest {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string message = "/fhir/$process-message";
constexpr const char* wrong_token = "no-token-of-this-gateway";

struct Kind {
  std::string name;
  unsigned status;
  std::function<http::Response(House&)> ask;
  std::string line;  // what the log must hold
};

std::string task_of(House& house) {
  EXPECT_EQ(house.send(ANotice("admission")).status, 200u);
  return house.first_id("Task");
}

http::Request a_head(const House& house, const std::string& token) {
  http::Request head;
  head.method = "POST";
  head.target = "/fhir/$process-message";
  if (!token.empty()) head.fields.push_back({"Authorization", "Bearer " + token});
  head.peer = house.peer;
  return head;
}

// Unknown callers: reported together, once per minute and network.
std::vector<Kind> kinds_of_strangers() {
  const std::string no_token = "requests without a valid token were refused", unread = "requests were refused before";
  return {
      {"no token", 401, [](House& house) { return house.ask("GET", "/fhir/Task", ""); }, no_token},
      {"a wrong token", 401, [](House& house) { return house.ask("POST", "/intake/x", wrong_token, "x"); }, no_token},
      {"health is written to", 405, [](House& house) { return house.ask("POST", "/health", ""); }, unread},
      {"a broken path", 400, [](House& house) { return house.ask("GET", "/fhir/%zz", wrong_token); }, unread},
      {"another format", 406,
       [](House& house) {
         return house.ask("GET", "/fhir/Task", "", "", {{"Accept", "image/png"}});
       },
       unread},
      {"a body that is refused unread", 415,
       [](House& house) {
         return house.service->refuse(a_head(house, wrong_token), {415, "Encoded content is not taken here."});
       },
       unread},
      {"no head", 400,
       [](House& house) {
         http::Request nothing;
         nothing.peer = house.peer;
         return house.service->refuse(std::move(nothing), {400, "The head is no head."});
       },
       unread},
  };
}

std::vector<Kind> kinds_of_access() {
  const std::string known = "\"event\":\"a request was refused\"";
  return {
      {"no right to send", 403,
       [](House& house) { return house.ask("POST", message, home_care_token, ANotice("admission").json()); }, known},
      {"no right to receive", 403, [](House& house) { return house.ask("GET", "/fhir/Task", hospital_token); }, known},
      {"no right to subscribe", 403, [](House& house) { return house.ask("POST", "/fhir/Subscription", hospital_token, "{}"); },
       known},
      {"no right to operate", 404, [](House& house) { return house.ask("GET", "/operate/quarantine", home_care_token); }, known},
      {"a broken path", 400, [](House& house) { return house.ask("GET", "/fhir/%zz", hospital_token); }, known},
      {"another format", 406,
       [](House& house) {
         return house.ask("GET", "/fhir/Task", home_care_token, "", {{"Accept", "image/png"}});
       },
       known},
      {"a body that is refused unread", 415,
       [](House& house) {
         return house.service->refuse(a_head(house, hospital_token), {415, "Encoded content is not taken here."});
       },
       known},
      {"a parameter that is none", 400,
       [](House& house) { return house.ask("GET", "/fhir/Subscription/x/$status?x=1", home_care_token); }, known},
      {"no such channel", 404, [](House& house) { return house.ask("POST", "/intake/none", hospital_token, "x"); }, known},
      {"nothing there", 404, [](House& house) { return house.ask("GET", "/nowhere", home_care_token); }, known},
      {"no such Task", 404, [](House& house) { return house.ask("GET", "/fhir/Task/none", home_care_token); }, known},
      {"no such version", 404, [](House& house) { return house.ask("GET", "/fhir/Task/none/_history/0", home_care_token); },
       known},
      {"no such type", 404, [](House& house) { return house.ask("GET", "/fhir/Nonsense", home_care_token); }, known},
      {"another method", 405, [](House& house) { return house.ask("GET", message, hospital_token); }, known},
      {"a search by what is not offered", 400,
       [](House& house) { return house.ask("GET", "/fhir/Task?colour=red", home_care_token); }, known},
      {"a version that is none", 400,
       [](House& house) {
         return house.ask("PUT", "/fhir/Task/x", home_care_token, "{}", {{"If-Match", "three"}});
       },
       known},
  };
}

std::vector<Kind> kinds_of_content() {
  const std::string known = "\"event\":\"a request was refused\"";
  return {
      {"a Task that says it is text", 415,
       [](House& house) {
         return house.ask("PUT", "/fhir/Task/x", home_care_token, R"({"resourceType":"Task","id":"x","status":"accepted"})",
                          {{"Content-Type", "text/plain"}});
       },
       known},
      {"an id that is another", 400,
       [](House& house) {
         return house.ask("PUT", "/fhir/Task/x", home_care_token, R"({"resourceType":"Task","id":"y","status":"accepted"})");
       },
       known},
      {"a version of before", 412,
       [](House& house) {
         const std::string id = task_of(house);
         return house.ask("PUT", "/fhir/Task/" + id, home_care_token,
                          R"({"resourceType":"Task","id":")" + id + R"(","status":"accepted"})", {{"If-Match", "W/\"9\""}});
       },
       known},
      {"a Subscription that is too large", 413,
       [](House& house) {
         return house.ask("POST", "/fhir/Subscription", home_care_token, std::string(limits::subscription_bytes_max + 1, ' '));
       },
       known},
      {"the store is busy", 503,
       [](House& house) {
         house.spine.store.fail_write(1, Cause::Busy);
         return house.send(ANotice("admission"));
       },
       known},
      {"the maps are refused", 422,
       [](House& house) {
         house.keeper.next.failures.push_back({Cause::Invalid, "A map is broken.", ""});
         return house.ask("POST", "/fhir/$reload-maps", operator_token);
       },
       known},
      {"an entry that is not there is replayed", 404,
       [](House& house) { return house.ask("POST", "/operate/quarantine/7/replay", operator_token); }, known},
  };
}

// Kept messages: reported by the quarantine.
std::vector<Kind> kinds_of_quarantine() {
  const std::string kept = "\"event\":\"a message is kept in quarantine\"";
  return {
      {"not understood", 422, [](House& house) { return house.send(ANotice("admission").without_class()); }, kept},
      {"over a limit", 413,
       [](House& house) {
         house.spine.rules_limits = {1, 1, 1};
         house.spine.open_path({});
         EXPECT_EQ(house.send(ANotice("admission")).status, 200u);
         return house.send(ANotice("admission").with_id("M-2"));
       },
       kept},
      {"a Task over a limit", 413,
       [](House& house) {
         const std::string id = task_of(house);
         house.spine.rules_limits = {1, 1, 0};
         house.spine.open_path({});
         return house.ask("PUT", "/fhir/Task/" + id, home_care_token,
                          R"({"resourceType":"Task","id":")" + id + R"(","status":"accepted"})");
       },
       kept},
  };
}

double refusals_counted(House& house) {
  const Exposition own(house.metrics.text()), path(house.spine.metrics.text());
  return own.sum("vardbron_http_refusals_total") + path.sum("vardbron_quarantined_total") +
         path.sum("vardbron_quarantined_again_total");
}

void expect_one_line_and_one_figure(const Kind& kind) {
  Logged logged;
  House house;
  house.spine.world.spawn(house.strangers->run());
  EXPECT_EQ(refusals_counted(house), 0);
  const http::Response answer = kind.ask(house);
  EXPECT_EQ(answer.status, kind.status) << kind.name << ": " << answer.body;
  house.spine.world.run_for(seconds(61));
  const std::vector<std::string> lines = logged.lines("warning");
  ASSERT_THAT(lines, SizeIs(1)) << kind.name;
  EXPECT_THAT(lines[0], HasSubstr(kind.line)) << kind.name;
  from_json(lines[0]);  // no key twice
  EXPECT_EQ(refusals_counted(house), 1) << kind.name;
  house.strangers->stop();
  house.spine.world.run();
}

TEST(AnswerLog, EachRefusalIsOneLineAndOneFigure) {
  for (const std::vector<Kind>& kinds : {kinds_of_strangers(), kinds_of_access(), kinds_of_content(), kinds_of_quarantine()})
    for (const Kind& kind : kinds) expect_one_line_and_one_figure(kind);
}

TEST(AnswerLog, AMessageThatComesAgainWhileItIsInQuarantineIsALineAndAFigureOfItsOwn) {
  Logged logged;
  House house;
  std::string id;
  for (int times = 0; times < 3; ++times) {
    const http::Response kept = house.send(ANotice("admission").without_class());
    ASSERT_EQ(kept.status, 422u);
    id = http::find(kept.fields, "X-Journal-Id");
  }
  EXPECT_EQ(house.ask("GET", "/fhir/$message-status/" + id, hospital_token).status, 422u) << "on request the answer is repeated";
  const std::vector<std::string> lines = logged.lines("warning");
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines[0], HasSubstr("\"event\":\"a message is kept in quarantine\""));
  EXPECT_THAT(lines[2], HasSubstr("\"event\":\"a message that is kept in quarantine came again\""));
  const Exposition reported(house.spine.metrics.text());
  EXPECT_EQ(reported.sum("vardbron_quarantined_total"), 1);
  EXPECT_EQ(reported.sum("vardbron_quarantined_again_total"), 2);
  EXPECT_EQ(Exposition(house.metrics.text()).sum("vardbron_http_refusals_total"), 0);
}

TEST(AnswerLog, NoRefusalIsTold) {
  Logged logged;
  House house;
  EXPECT_EQ(house.send(ANotice("admission")).status, 200u);
  for (const std::string path : {"/metrics", "/fhir/metadata", "/health"}) EXPECT_EQ(house.ask("GET", path, "").status, 200u);
  house.health->stop();
  EXPECT_EQ(house.ask("GET", "/ready", "").status, 503u) << "whom a balancer asks each second";
  EXPECT_EQ(house.ask("GET", "/fhir/Task?owner=" + std::string(exchange::home_care), home_care_token).status, 200u);
  EXPECT_EQ(refusals_counted(house), 0);
  EXPECT_EQ(Exposition(house.metrics.text()).sum("vardbron_http_requests_total"), 6);
  EXPECT_THAT(logged.lines("warning"), IsEmpty());
}

std::string of_number(std::string_view text, int number) { return std::string(text) + std::to_string(number); }

// Everything that a stranger may choose is another each time: address, method, path, token, body.
void flood(House& house, int from, int to) {
  const char* const methods[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"};
  const char* const paths[] = {"/fhir/Task/",          "/fhir/",  "/intake/", "/", "/operate/quarantine/",
                               "/fhir/Subscription/$", "/fhir/%z"};
  for (int at = from; at < to; ++at) {
    house.peer = "2001:db8:" + std::to_string(at % 9999) + ":" + std::to_string(at / 9999) + "::1";
    const std::string method = at % 9 == 8 ? of_number("X", at) : methods[at % 9];
    house.ask(method, of_number(paths[at % 7], at), of_number("token-of-nobody-", at), of_number("body", at));
    house.answers->unread(house.peer, 400 + static_cast<unsigned>(at) % 100);
  }
}

TEST(AnswerLog, TenThousandStrangersMakeNeitherTheFiguresNorTheLogGrow) {
  Logged logged;
  House house;
  house.spine.world.spawn(house.strangers->run());
  flood(house, 0, 1000);
  const std::set<std::string> before = Exposition(house.metrics.text()).series();
  flood(house, 1000, 11'000);
  house.spine.world.run_for(seconds(59));
  const Exposition after(house.metrics.text());
  EXPECT_EQ(after.series(), before);
  EXPECT_LT(after.series().size(), 1000u);
  EXPECT_EQ(after.sum("vardbron_http_refusals_total"), 22'000);
  EXPECT_THAT(after.faults(), IsEmpty());
  house.strangers->stop();
  house.spine.world.run();

  std::int64_t reported = 0;
  const std::vector<std::string> lines = logged.lines("warning");
  for (const std::string& line : lines) reported += std::stoll(line.substr(line.find("\"requests\":") + 11));
  EXPECT_EQ(reported, 22'000);
  EXPECT_LE(lines.size(), 4 * (limits::stranger_addresses_max + 1));
}

TEST(AnswerLog, SendersWhoAreKnownMakeNoSeriesEither) {
  House house;
  for (int at = 0; at < 20; ++at) house.ask("GET", of_number("/fhir/Task/", at), home_care_token);
  for (int at = 0; at < 20; ++at) house.ask("POST", of_number("/intake/c", at), hospital_token, "x");
  const std::size_t before = Exposition(house.metrics.text()).series().size();
  for (int at = 20; at < 500; ++at) {
    house.ask("GET", of_number("/fhir/Task/", at), home_care_token);
    house.ask("GET", of_number("/fhir/Type", at), home_care_token);
    house.ask("POST", of_number("/intake/c", at), hospital_token, "x");
    house.send(ANotice("admission").without_class().with_id(of_number("M-", at)).of_case(of_number("A-", at)));
  }
  // The first notice that is kept makes the histogram of its receipt, and its outcome.
  EXPECT_LE(Exposition(house.metrics.text()).series().size(), before + 40);
  EXPECT_LT(Exposition(house.spine.metrics.text()).series().size(), 30u);
}

}  // namespace
}  // namespace vardbron::rest
