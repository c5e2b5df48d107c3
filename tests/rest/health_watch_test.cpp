// Concern: what operators see of the gateway's health, and what strangers can do with it.
#include "gateway/rest/health_watch.h"

#include "exposition.h"
#include "gateway/base/limits.h"
#include "gateway/formats/json/value.h"
#include "tests/rest/house.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace vardbron::rest {
namespace {

using testing::HasSubstr;

TEST(Health, TellsWhatItAskedAndFailsWhenTheDiskDoes) {
  House house;
  http::Response well = house.ask("GET", "/health", "");
  EXPECT_EQ(well.status, 200u);
  for (const char* part : {"\"status\":\"ok\"", "\"store\":{", "\"delivery\":{", "\"clock\":{", "\"disk\":{"})
    EXPECT_TRUE(holds(well, part)) << part << " in " << well.body;
  EXPECT_EQ(house.ask("GET", "/ready", "").status, 200u);

  house.spine.store.set_faults({.broken = 1'000'000});
  http::Response refused = house.ask("POST", "/fhir/Subscription", hospital_token, "{\"resourceType\":\"Subscription\"}");
  EXPECT_EQ(refused.status, 503u);
  EXPECT_NE(http::find(refused.fields, "Retry-After"), "");
  http::Response ill = house.ask("GET", "/health", "");
  EXPECT_EQ(ill.status, 503u);
  EXPECT_TRUE(holds(ill, "\"status\":\"fail\"")) << ill.body;
  EXPECT_EQ(house.ask("GET", "/ready", "").status, 503u);

  house.spine.store.set_faults({});
  house.spine.world.complete(looked(*house.health));
  EXPECT_EQ(house.ask("GET", "/health", "").status, 200u);
  EXPECT_EQ(house.ask("GET", "/ready", "").status, 200u);
}

TEST(Health, IsOneJsonValueWithTheFactsOfEachCheck) {
  House house;
  house.health->watch([] { return Check{"odd", Health::Warn, "It says \"å\"\n\x01.", {{"seconds", 7}, {"of", "a\"b"}}}; });

  const std::string body = house.ask("GET", "/health", "").body;

  ASSERT_TRUE(body.ends_with("\n"));
  const Result<json::Value> read = json::read_value(body);
  ASSERT_TRUE(read) << body;
  EXPECT_EQ(read->text_of("status"), "warn");
  const json::Value& checks = *read->find("checks");
  EXPECT_EQ(checks.find("odd")->written, R"({"status":"warn","says":"It says \"å\"\n\u0001.","seconds":7,"of":"a\"b"})");
  for (const char* number : {"database_bytes", "log_bytes"})
    EXPECT_TRUE(checks.find("disk")->find(number)->is(json::Value::Kind::Number)) << body;
  EXPECT_TRUE(checks.find("delivery")->find("oldest_undelivered_seconds")->is(json::Value::Kind::Number)) << body;
  EXPECT_EQ(checks.find("clock")->text_of("time").size(), std::string_view("2026-03-28T10:00:00.000Z").size());
  EXPECT_TRUE(json::read_value(house.ask("GET", "/ready", "").body));
}

TEST(Health, ACommitThatComesThroughMakesItReadyAtOnce) {
  House house;
  house.spine.store.set_faults({.broken = 1'000'000});
  house.spine.world.complete(looked(*house.health));
  ASSERT_EQ(house.ask("GET", "/ready", "").status, 503u);
  house.spine.store.set_faults({});
  ASSERT_EQ(house.ask("GET", "/fhir/Task", home_care_token).status, 200u);  // which is noted in the access log
  EXPECT_EQ(house.ask("GET", "/ready", "").status, 200u);
}

TEST(Health, IsReadyWithinASecondOrTwoWhenTheDiskIsWellAlthoughNobodyWrites) {
  House house;
  house.spine.world.spawn(house.health->run());
  house.spine.store.set_faults({.broken = 1'000'000});
  house.spine.world.run_for(std::chrono::minutes(1));
  ASSERT_EQ(house.ask("GET", "/ready", "").status, 503u);
  house.spine.store.set_faults({});
  house.spine.world.run_for(std::chrono::seconds(2));
  EXPECT_EQ(house.ask("GET", "/ready", "").status, 200u);
  house.health->stop();
  house.spine.world.run_for(std::chrono::minutes(1));
}

TEST(Health, WhoIsRefusedIsToldToWaitAsLongAgainAsTheDiskHasFailed) {
  House house;
  house.spine.world.spawn(house.health->run());
  const auto wait = [&] {
    const http::Response refused = house.send(ANotice("admission"));
    EXPECT_EQ(refused.status, 503u);
    return std::stoi(std::string(http::find(refused.fields, "Retry-After")));
  };
  house.spine.store.set_faults({.busy = 1'000'000});
  house.spine.world.run_for(std::chrono::seconds(11));
  EXPECT_LE(wait(), 11);
  house.spine.world.run_for(std::chrono::seconds(20));
  EXPECT_GE(wait(), 20);
  EXPECT_LE(wait(), 32);
  house.spine.world.run_for(std::chrono::minutes(10));
  EXPECT_EQ(wait(), 60);
  house.spine.store.set_faults({});
  house.spine.world.run_for(std::chrono::seconds(2));
  house.spine.store.fail_write(1, Cause::Busy);
  EXPECT_EQ(wait(), 1);
  house.health->stop();
  house.spine.world.run_for(std::chrono::minutes(1));
}

TEST(Health, AFloodOfQuestionsWritesNothing) {
  House house;
  const std::uint64_t before = house.spine.store.writes();
  for (int asked = 0; asked < 500; ++asked) house.ask("GET", asked % 2 == 0 ? "/health" : "/ready", "");
  EXPECT_EQ(house.spine.store.writes(), before);
}

TEST(Health, FailsByItselfWhenTheStoreDoesNotAnswer) {
  House house;
  house.spine.world.spawn(house.health->run());
  house.spine.store.set_faults({.write_min = std::chrono::hours(9), .write_max = std::chrono::hours(9)});
  house.spine.world.run_for(std::chrono::minutes(2));
  const Instant before = house.spine.world.clock.now();
  http::Response answer = house.ask("GET", "/health", "");
  EXPECT_EQ(answer.status, 503u);
  EXPECT_TRUE(holds(answer, "does not answer")) << answer.body;
  EXPECT_LT(house.spine.world.clock.now() - before, std::chrono::seconds(1));
  house.health->stop();
  house.spine.world.run_for(std::chrono::hours(10));
}

TEST(Health, WarnsOfAFullDiskAndOfAClockInDoubtAndStaysReady) {
  House house;
  house.spine.world.clock.shift_wall(std::chrono::hours(48));
  house.spine.world.complete(looked(*house.health));
  http::Response answer = house.ask("GET", "/health", "");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_TRUE(holds(answer, "\"status\":\"warn\"")) << answer.body;
  EXPECT_TRUE(holds(answer, "\"ahead_seconds\":172800")) << answer.body;
  EXPECT_EQ(house.ask("GET", "/ready", "").status, 200u);
  const Exposition reported(house.ask("GET", "/metrics", "").body);
  EXPECT_EQ(reported.value("vardbron_clock_in_doubt"), 1);
  EXPECT_EQ(reported.value("vardbron_health_status{check=\"clock\"}"), 1);
  EXPECT_EQ(reported.value("vardbron_health_status{check=\"store\"}"), 0);
}

TEST(OperateClock, TellsAcceptsAndRepairsAndIsForOperatorsAlone) {
  House house;
  for (const char* token : {hospital_token, home_care_token}) {
    EXPECT_EQ(house.ask("GET", "/operate/clock", token).status, 404u);
    EXPECT_EQ(house.ask("POST", "/operate/clock", token).status, 404u);
  }
  house.spine.world.clock.shift_wall(std::chrono::hours(48));
  EXPECT_TRUE(holds(house.ask("GET", "/operate/clock", operator_token), "\"in_doubt\":true"));
  EXPECT_EQ(house.ask("POST", "/operate/clock/repair", operator_token).status, 409u);
  http::Response accepted = house.ask("POST", "/operate/clock", operator_token);
  EXPECT_EQ(accepted.status, 200u);
  EXPECT_TRUE(holds(accepted, "\"in_doubt\":false")) << accepted.body;
  EXPECT_EQ(house.spine.store.tables().audit_rows(0, 100).back().at, house.guard.wall()) << "the next start asks for it";
  http::Response repaired = house.ask("POST", "/operate/clock/repair", operator_token);
  EXPECT_EQ(repaired.status, 200u);
  EXPECT_TRUE(holds(repaired, "{\"cases\":0,\"failed\":0,\"all\":true}")) << repaired.body;
  int noted = 0;
  for (const store::AuditRow& row : house.spine.store.tables().audit_rows(0, 100))
    if (row.action == "operate" && row.subject == "clock") ++noted;
  EXPECT_EQ(noted, 3);
}

TEST(Service, AStrangerDoesNotFillTheDisk) {
  House house;
  house.spine.world.spawn(house.strangers->run());
  const std::uint64_t before = house.spine.store.writes();
  for (int asked = 0; asked < 3000; ++asked) {
    if (asked % 3 == 1) house.peer = "2001:db8:0:7::" + std::to_string(asked);  // one network, many addresses
    if (asked % 3 == 2) house.peer = "192.0.2.7";
    ASSERT_EQ(house.ask("GET", "/fhir/Task", "no-token-of-this-gateway").status, 401u);
  }
  house.spine.world.run_for(std::chrono::seconds(61));

  EXPECT_LE(house.spine.store.writes() - before, 4u);
  std::int64_t reported = 0;
  const std::vector<store::AuditRow> rows = house.spine.store.tables().audit_rows(0, 100);
  for (const store::AuditRow& row : rows) {
    EXPECT_EQ(row.action, "refuse");
    reported += std::stoll(row.says.substr(row.says.find("; ") + 2));
  }
  EXPECT_EQ(reported, 3000);
  EXPECT_LE(rows.size(), 4u);
  EXPECT_TRUE(holds(house.ask("GET", "/metrics", ""), "vardbron_http_refusals_total{reason=\"Unauthorized\"} 3000"));
  house.strangers->stop();
  house.spine.world.run();
}

TEST(Service, AStrangerIsRefusedAlthoughTheDiskDoesNotAnswer) {
  House house;
  house.spine.store.set_faults({.write_min = std::chrono::hours(1), .write_max = std::chrono::hours(1)});
  const Instant before = house.spine.world.clock.now();
  EXPECT_EQ(house.ask("GET", "/fhir/Task", "").status, 401u);
  EXPECT_LT(house.spine.world.clock.now() - before, std::chrono::seconds(1));
}

TEST(Service, NotesEveryRefusalOfSomebodyItKnows) {
  House house;
  for (int asked = 0; asked < 3; ++asked) {
    house.ask("POST", "/fhir/$process-message", home_care_token, ANotice("admission").json());
    house.ask(asked == 0 ? "POST" : "GET", asked == 0 ? "/fhir/$reload-maps" : "/operate/quarantine", home_care_token);
    house.ask("PUT", "/fhir/Task/x", hospital_token, "{\"resourceType\":\"Task\",\"id\":\"x\"}");
    house.ask("POST", "/fhir/Subscription", hospital_token, "{\"resourceType\":\"Subscription\"}");
    house.ask("GET", "/fhir/Task/x", home_care_token);
  }
  std::map<std::string, int> noted;
  for (const store::AuditRow& row : house.spine.store.tables().audit_rows(0, 100))
    if (row.action == "refuse" && !row.caller.empty()) ++noted[row.says.substr(0, row.says.find(':'))];
  EXPECT_EQ(noted, (std::map<std::string, int>{{"intake", 3}, {"operate", 3}, {"read", 3}, {"subscribe", 3}, {"update", 3}}));
}

TEST(Service, ListsTheQuarantineWithoutAValueOfAMessage) {
  House house;
  const std::string number = "19121212-1212";
  house.ask("POST", "/fhir/$process-message", hospital_token, "{\"resourceType\":\"Bundle\",\"type\":\"" + number + "\"}");
  house.ask("POST", "/fhir/$process-message", hospital_token, "{\"resourceType\":\"" + number + "\"}");
  house.ask("POST", "/fhir/$process-message", hospital_token, "{\"resourceType\":\"Bundle\",\"" + number + "\":{}}");
  house.ask("POST", "/fhir/$process-message", hospital_token, "{\"resourceType\":\"Bundle\",\"type\":" + number + "}");
  std::string event = ANotice("admission").json();
  event.replace(event.find("\"admission\"") + 1, 9, number);
  house.ask("POST", "/fhir/$process-message", hospital_token, event);
  std::string unit = ANotice("admission").json();
  for (std::size_t at; (at = unit.find("SE2321990018-MED5")) != std::string::npos;) unit.replace(at, 17, "SE9" + number);
  house.ask("POST", "/fhir/$process-message", hospital_token, unit);

  http::Response list = house.ask("GET", "/operate/quarantine", operator_token);
  EXPECT_TRUE(holds(list, "\"number\":6")) << list.body;
  EXPECT_FALSE(holds(list, number)) << list.body;
  EXPECT_TRUE(holds(list, "\"diagnostics\":\"It was not understood. Why was told to its sender in the answer")) << list.body;
}

// --- the limits of what is vouched for --------------------------------------------------------------------------------

constexpr std::chrono::milliseconds a_little{1};

std::string asked_anew(House& house) {
  house.spine.world.complete(looked(*house.health));
  return house.health->health().body;
}

TEST(HealthLimits, TheDiskIsNearlyFullBelowItsFreeBytes) {
  House house;
  house.spine.store.set_free_bytes(limits::health_free_bytes_min);
  EXPECT_THAT(asked_anew(house), HasSubstr("\"status\":\"ok\",\"checks\""));
  house.spine.store.set_free_bytes(limits::health_free_bytes_min - 1);
  EXPECT_THAT(asked_anew(house), HasSubstr("\"disk\":{\"status\":\"warn\",\"says\":\"The disk of the store is nearly full.\""));
}

TEST(HealthLimits, AnEventThatNobodyTakesIsToldOfWhenItIsOldEnough) {
  House house;
  house.spine.watch("home-care", exchange::home_care, "admission");
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const WallTime came = house.spine.events("home-care").at(0).at;
  house.spine.world.run_for(came + limits::health_undelivered_age_max - house.spine.world.clock.wall());
  EXPECT_THAT(asked_anew(house), HasSubstr("\"delivery\":{\"status\":\"ok\""));
  house.spine.world.run_for(a_little);
  EXPECT_THAT(asked_anew(house), HasSubstr("\"delivery\":{\"status\":\"warn\",\"says\":\"A subscriber has not taken an event"));
}

TEST(HealthLimits, AStoreThatIsSlowIsWaitedForAsLongAsThat) {
  for (const bool is_too_slow : {false, true}) {
    House house;
    HealthWatch watch(house.watched, nullptr, house.guard, house.metrics, house.spine.world.io().get_executor());
    const Instant slow = limits::health_look_time_max + (is_too_slow ? a_little : -a_little);
    house.spine.store.set_faults({.write_min = slow, .write_max = slow});
    const Instant before = house.spine.world.clock.now();
    house.spine.world.complete(looked(watch));
    EXPECT_EQ(house.spine.world.clock.now() - before, std::min<Instant>(slow, limits::health_look_time_max));
    EXPECT_EQ(watch.health().status, is_too_slow ? 503u : 200u) << watch.health().body;
    EXPECT_EQ(Exposition(house.metrics.text()).value("vardbron_health_status{check=\"store\"}"), is_too_slow ? 2 : 0);
  }
}

TEST(HealthLimits, AnOldAnswerVouchesForNothing) {
  House house;
  house.spine.world.run_for(limits::health_age_max);
  EXPECT_EQ(house.ask("GET", "/ready", "").status, 200u);
  house.spine.world.run_for(Instant(1));
  http::Response late = house.ask("GET", "/ready", "");
  EXPECT_EQ(late.status, 503u);
  EXPECT_TRUE(holds(late, "The store does not answer.")) << late.body;
}

TEST(HealthLimits, TheClockAndTheStoreAreLookedAtAsOftenAsThat) {
  House house;
  house.spine.world.spawn(house.health->run());
  house.spine.world.run_for(Instant{0});
  house.spine.world.clock.shift_wall(std::chrono::hours(48));
  const std::uint64_t before = house.spine.store.writes();

  house.spine.world.run_for(limits::clock_look_pause - a_little);
  EXPECT_THAT(house.metrics.text(), HasSubstr("vardbron_clock_in_doubt 0"));
  house.spine.world.run_for(a_little);
  EXPECT_THAT(house.metrics.text(), HasSubstr("vardbron_clock_in_doubt 1"));

  house.spine.world.run_for(limits::health_look_pause - limits::clock_look_pause - a_little);
  EXPECT_EQ(house.spine.store.writes(), before);
  house.spine.world.run_for(a_little);
  EXPECT_EQ(house.spine.store.writes(), before + 1);
  house.health->stop();
  house.spine.world.run();
}

}  // namespace
}  // namespace vardbron::rest
