// Concern: who was answered 202 can ask what became of its message, and nobody else can.
#include "tests/rest/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <regex>
#include <string>

namespace vardbron::rest {
namespace {

const std::string never_given = "/fhir/$message-status/0195c3f2-7c1e-7a44-9d0b-3f6a51c0e812";

/// A gateway whose backlog works only when the test says so.
struct LaterHouse : House {
  ~LaterHouse() { spine.world.cancel_all(); }
  http::Response send_for_later(const std::string& body) {
    return ask("POST", "/fhir/$process-message", hospital_token, body, {{"Prefer", "respond-async"}});
  }
  void start_working() {
    spine.world.spawn(backlog->run());
    spine.world.run_for(std::chrono::seconds(1));
  }
  /// Nothing that was in memory is left.
  void start_anew() {
    spine.world.cancel_all();
    spine.store.crash();
    spine.open_path({});
    backlog.emplace(spine.store, *spine.path, spine.world.clock, spine.world.io().get_executor());
  }
  std::string place_of(const http::Response& accepted) const {
    const std::string location(http::find(accepted.fields, "Content-Location"));
    CHECK(location.starts_with(base_url));
    return location.substr(base_url.size() - 5);  // "/fhir" and what follows
  }
};

TEST(MessageStatus, IsAcceptedWhileTheMessageWaitsAndTheReceiptOnceItIsStored) {
  LaterHouse house;
  const std::string notice = ANotice("admission").json();
  const http::Response accepted = house.send_for_later(notice);
  ASSERT_EQ(accepted.status, 202u) << accepted.body;
  EXPECT_EQ(http::find(accepted.fields, "Preference-Applied"), "respond-async");
  const std::string there = house.place_of(accepted);

  const http::Response waiting = house.ask("GET", there, hospital_token);
  EXPECT_EQ(waiting.status, 202u) << waiting.body;
  EXPECT_FALSE(http::find(waiting.fields, "Retry-After").empty());
  house.start_working();
  const http::Response stored = house.ask("GET", there, hospital_token);

  EXPECT_EQ(stored.status, 200u) << stored.body;
  EXPECT_EQ(stored.body, house.ask("POST", "/fhir/$process-message", hospital_token, notice).body) << "as when it waits for it";
  EXPECT_EQ(http::find(stored.fields, "X-Journal-Id"), http::find(accepted.fields, "X-Journal-Id"));
  EXPECT_TRUE(holds(house.ask("GET", there, hospital_token, "", {{"Accept", "application/fhir+xml"}}), "<OperationOutcome "));
  EXPECT_EQ(house.ask("POST", there, hospital_token, "{}").status, 405u);
}

TEST(MessageStatus, OutlivesAKillBeforeAndAfterTheMessageIsWorkedOff) {
  LaterHouse house;
  const std::string there = house.place_of(house.send_for_later(ANotice("admission").json()));

  house.start_anew();
  EXPECT_EQ(house.ask("GET", there, hospital_token).status, 202u);
  house.start_working();
  const http::Response stored = house.ask("GET", there, hospital_token);
  house.start_anew();

  EXPECT_EQ(stored.status, 200u) << stored.body;
  EXPECT_EQ(house.ask("GET", there, hospital_token).body, stored.body);
}

TEST(MessageStatus, TellsOfAQuarantinedMessageWhatItsSenderWouldHaveReadAtOnce) {
  LaterHouse house;
  house.spine.rules_limits = {1, 1, 1};
  house.spine.open_path(
      *access::SenderPermissions::open({{exchange::hospital, "", "", true, false, false, {"SE2321990018-MED5"}}}));
  const std::string first = house.place_of(house.send_for_later(ANotice("admission").json()));
  std::string foreign = ANotice("admission").of_case("A-2").json();
  for (std::size_t at = foreign.find("-MED5"); at != std::string::npos; at = foreign.find("-MED5", at))
    foreign.replace(at, 5, "-MED6");
  struct Row {
    std::string body;
    unsigned status;
    std::string says;
  };
  const Row rows[] = {{ANotice("planning").without_class().json(), 422, "class is missing"},
                      {ANotice("admission").with_id("M-2").json(), 413, "decisive_notices_per_case"},
                      {foreign, 403, "may not speak for"}};
  std::vector<std::string> places;
  for (const Row& row : rows) places.push_back(house.place_of(house.send_for_later(row.body)));
  house.start_working();

  EXPECT_EQ(house.ask("GET", first, hospital_token).status, 200u);
  for (std::size_t at = 0; at < places.size(); ++at) {
    const http::Response kept = house.ask("GET", places[at], hospital_token);
    EXPECT_EQ(kept.status, rows[at].status) << kept.body;
    EXPECT_TRUE(holds(kept, rows[at].says)) << kept.body;
    EXPECT_TRUE(holds(kept, "as journal entry " + std::string(http::find(kept.fields, "X-Journal-Id")))) << kept.body;
  }
}

std::string lines_of(const http::Fields& fields) {
  std::string lines;
  for (const http::Field& field : fields) lines += field.name + ": " + field.value + "\n";
  return lines;
}

TEST(MessageStatus, IsThereForItsSenderAlone) {
  LaterHouse house;
  const std::string there = house.place_of(house.send_for_later(ANotice("admission").json()));
  house.start_working();
  ASSERT_EQ(house.ask("GET", there, hospital_token).status, 200u);

  const http::Response foreign = house.ask("GET", there, other_hospital_token);
  const http::Response none = house.ask("GET", never_given, other_hospital_token);

  EXPECT_EQ(foreign.status, 404u);
  EXPECT_EQ(foreign.body, none.body);
  EXPECT_EQ(house.ask("GET", there, "").status, 401u);
  EXPECT_EQ(lines_of(foreign.fields), lines_of(none.fields));
  for (const std::string id : {"0", "1", "-1", "x", "99999999999999999999", "01234567-89ab-7def-8123-456789abcdeg"})
    EXPECT_EQ(house.ask("GET", "/fhir/$message-status/" + id, hospital_token).status, 404u) << id;
}

TEST(MessageStatus, IsForWhoeverMaySendNothingLikeAnIdThatWasNeverGiven) {
  LaterHouse house;
  const std::string there = house.place_of(house.send_for_later(ANotice("admission").json()));
  house.start_working();
  const http::Response none = house.ask("GET", never_given, other_hospital_token);
  ASSERT_EQ(none.status, 404u);

  for (const char* token : {home_care_token, stranger_token, operator_token}) {
    for (const std::string& target : {there, never_given}) {
      const http::Response asked = house.ask("GET", target, token);
      EXPECT_EQ(asked.status, none.status) << target;
      EXPECT_EQ(asked.body, none.body) << target;
      EXPECT_EQ(lines_of(asked.fields), lines_of(none.fields)) << target;
    }
  }
}

/// What a sender reads, with IDs in place of the ids that are given anew to each entry.
std::string words_of(const http::Response& answer) {
  static const std::regex id("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");
  return std::to_string(answer.status) + "\n" + std::regex_replace(lines_of(answer.fields) + answer.body, id, "ID");
}

// Concern: who sends now and then would learn from a number how much all others sent in between.
TEST(MessageStatus, SaysTheSameHoweverMuchOthersSentBefore) {
  LaterHouse quiet, busy;
  const auto send_as_other = [&](const std::string& body) {
    return busy.ask("POST", "/fhir/$process-message", other_hospital_token, body).status;
  };
  for (int each = 0; each < 23; ++each) ASSERT_EQ(send_as_other("{\"number\":" + std::to_string(each) + "}"), 422u);
  const auto both = [&](const std::function<http::Response(LaterHouse&)>& ask) {
    const std::string alone = words_of(ask(quiet));
    EXPECT_EQ(words_of(ask(busy)), alone);
    return alone;
  };
  const auto send = [](const ANotice& notice) { return [notice](LaterHouse& house) { return house.send(notice); }; };
  for (int times = 0; times < 2; ++times) {
    EXPECT_THAT(both(send(ANotice("admission"))), testing::HasSubstr("X-Journal-Id: ID\n"));
    EXPECT_THAT(both(send(ANotice("planning").without_class())), testing::HasSubstr("as journal entry ID,"));
  }
  for (const std::string& body : {ANotice("admission").of_case("A-2").json(), std::string("{}")}) {
    std::map<LaterHouse*, std::string> places;
    const std::string accepted = both([&](LaterHouse& house) {
      http::Response answer = house.send_for_later(body);
      places[&house] = house.place_of(answer);
      return answer;
    });
    EXPECT_THAT(accepted, testing::HasSubstr("/$message-status/ID\n"));
    const auto ask_again = [&](LaterHouse& house) { return house.ask("GET", places[&house], hospital_token); };
    both(ask_again);
    for (LaterHouse* house : {&quiet, &busy}) house->start_working();
    EXPECT_THAT(both(ask_again), testing::HasSubstr("X-Journal-Id: ID\n"));
    for (LaterHouse* house : {&quiet, &busy}) house->start_anew();
    EXPECT_THAT(both(ask_again), testing::HasSubstr("X-Journal-Id: ID\n"));
  }
}

}  // namespace
}  // namespace vardbron::rest
