// Concern: a party's write is checked against the Task at the time of the commit, with other writers at the same time.
#include "gateway/base/limits.h"
#include "gateway/exchange/message_path.h"
#include "gateway/formats/json/parse.h"
#include "tests/exchange/spine.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::exchange {
namespace {

constexpr const char* kvittens = "kvittera-inskrivning";

ANotice admission() { return ANotice("admission").with_id("M-1"); }
ANotice planning() { return ANotice("planning").with_id("M-2").at("2026-03-11T10:00:00+01:00"); }

struct Party : Spine {
  explicit Party(std::uint64_t seed = 1) : Spine(seed) {
    CHECK(accept(admission()));
    current = task("A-1", kvittens, home_care);
  }
  TaskWrite wish(const std::string& status, std::int64_t version = 0) const { return wish_of(current.id, status, version); }
  static TaskWrite wish_of(const std::string& id, const std::string& status, std::int64_t version = 0) {
    Result<tree::Document> document = json::parse(R"({"resourceType":"Task","id":")" + id + R"(","status":")" + status + "\"}",
                                                  empty_library().definitions().names());
    CHECK(document);
    return {{home_care, "", false, true, false}, id, std::move(*document), version};
  }
  Result<std::optional<store::Resource>> put(TaskWrite wish) { return world.complete(path->write_task(std::move(wish))); }
  void slow_down() {
    sim::StoreFaults slow;
    slow.write_max = slow.sync_max = slow.read_max = Instant(5'000'000);
    store.set_faults(slow);
  }
  store::Resource now() {
    const store::Reader all{"", true};
    Result<store::Resource> read = store.tables().read(all, "Task", current.id, 0);
    CHECK(read);
    return std::move(*read);
  }

  store::Resource current;
};

Task<> put_into(MessagePath& path, TaskWrite wish, Result<std::optional<store::Resource>>& into) {
  Result<std::optional<store::Resource>> written = co_await path.write_task(std::move(wish));
  into = std::move(written);
}

Task<> accept_into(MessagePath& path, ANotice notice, Result<Receipt>& into) {
  Envelope envelope{Spine::caller(), "fhir", "application/fhir+json", notice.json()};
  Result<Receipt> receipt = co_await path.accept(std::move(envelope));
  into = std::move(receipt);
}

// Scenario C 30 through the message path: refused by name, then taken over, and the same again adds nothing.
TEST(Scenario30, APartyCompletesTheTaskWithTheNameOfTheContact) {
  Party party;
  const store::Resource task = party.task("A-1", "utse-fast-vardkontakt", health_centre);
  party.watch("municipality", home_care, "update", {"event=fast-vardkontakt"});
  const auto put = [&](const std::string& more) {
    Result<tree::Document> body =
        json::parse(R"({"resourceType":"Task","id":")" + task.id + R"(","status":"completed")" + more + "}",
                    empty_library().definitions().names());
    CHECK(body);
    return party.put({{health_centre, "", false, true, false}, task.id, std::move(*body), 0});
  };
  const Result<std::optional<store::Resource>> nameless = put("");
  ASSERT_FALSE(nameless);
  EXPECT_EQ(nameless.failure().where, "Task.output");
  EXPECT_EQ(nameless.failure().cause, Cause::Unsupported);
  EXPECT_EQ(party.stored_case("A-1").version, 1) << "nothing was added";

  const std::string output =
      R"(,"output":[{"type":{"text":"Fast vårdkontakt"},"valueReference":{"type":"PractitionerRole","display":"Bo Lind"}}])";
  const Result<std::optional<store::Resource>> named = put(output);
  ASSERT_TRUE(named) << named.failure().says;
  EXPECT_NE((*named)->body.find("\"status\":\"completed\""), std::string::npos);
  EXPECT_NE((*named)->body.find("\"reference\":\"CareTeam/"), std::string::npos) << (*named)->body;
  EXPECT_EQ(party.events("municipality").size(), 1u);
  const std::vector<store::CaseResource> resources = party.stored_case("A-1").resources;
  EXPECT_EQ(std::count_if(resources.begin(), resources.end(), [](const auto& each) { return each.type == "CareTeam"; }), 1);

  const std::int64_t version = party.stored_case("A-1").version;
  ASSERT_TRUE(put(output));
  EXPECT_EQ(party.stored_case("A-1").version, version) << "the same again adds nothing";
}

// Source: FHIR R4 http.html#concurrency.
TEST(TaskWrite, OfTwoThatNameTheSameVersionOneIsTakenWhereverTheyAreWorkedOn) {
  sim::for_each_seed(100, [](std::uint64_t seed) {
    Party party(seed);
    MessagePath other(party.parts());  // of another process, which does not wait for our turn
    party.slow_down();
    Result<std::optional<store::Resource>> here = Failure{}, there = Failure{};
    party.world.spawn(put_into(*party.path, party.wish("accepted", 1), here));
    party.world.spawn(put_into(other, party.wish("in-progress", 1), there));
    party.world.run();

    ASSERT_TRUE(here && there);
    EXPECT_NE(here->has_value(), there->has_value()) << "both, or neither";
    EXPECT_EQ(party.now().version, 2);
    EXPECT_EQ(party.stored_case("A-1").version, 2);
  });
}

TEST(TaskWrite, AndANoticeAtTheSameMomentAreBothInTheCase) {
  sim::for_each_seed(50, [](std::uint64_t seed) {
    Party party(seed);
    MessagePath other(party.parts());
    party.slow_down();
    Result<std::optional<store::Resource>> written = Failure{};
    Result<Receipt> receipt = Failure{};
    party.world.spawn(put_into(*party.path, party.wish("completed"), written));
    party.world.spawn(accept_into(other, planning(), receipt));
    party.world.run();

    ASSERT_TRUE(written && receipt);
    EXPECT_EQ(receipt->outcome, store::Outcome::Stored);
    EXPECT_EQ(party.stored_case("A-1").links.size(), 3u);
    EXPECT_NE(party.now().body.find("\"status\":\"completed\""), std::string::npos);
  });
}

TEST(TaskWrite, IsTriedAgainAsOftenAsItMayWhenOthersComeFirst) {
  for (const int conflicts : {1, limits::commit_conflict_retries_max - 1, limits::commit_conflict_retries_max}) {
    Party party;
    for (int nth = 1; nth <= conflicts; ++nth) party.store.fail_write(static_cast<std::uint64_t>(nth), Cause::Conflict);
    Result<std::optional<store::Resource>> written = party.put(party.wish("accepted"));
    ASSERT_EQ(written.ok(), conflicts < limits::commit_conflict_retries_max) << conflicts;
    if (written) continue;
    EXPECT_EQ(written.failure(), (Failure{Cause::Busy, "The case is changing at this moment. Send the Task again.", ""}));
    EXPECT_EQ(party.now().version, 1);
  }
}

TEST(TaskWrite, IsRefusedByWhatTheTaskAllowsAndNothingIsKept) {
  struct Row {
    const char* what;
    const char* first;   ///< a write before it; "": none
    const char* status;  ///< wanted
    std::int64_t version;
    Cause cause;
    const char* where;
  };
  for (const Row& row :
       {Row{"what is done is done", "completed", "in-progress", 0, Cause::Conflict, "Task.status"},
        Row{"what is done is done, at its version", "completed", "in-progress", 2, Cause::Conflict, "Task.status"},
        Row{"a status that is not the owner's to set", "", "nonsense", 0, Cause::Conflict, "Task.status"}}) {
    Party party;
    if (*row.first != '\0') ASSERT_TRUE(party.put(party.wish(row.first))) << row.what;
    const std::vector<std::string> before = party.bodies("A-1");
    const std::uint64_t writes = party.store.writes();

    Result<std::optional<store::Resource>> written = party.put(party.wish(row.status, row.version));

    ASSERT_FALSE(written) << row.what;
    EXPECT_EQ(written.failure().cause, row.cause) << row.what << ": " << written.failure().says;
    EXPECT_EQ(written.failure().where, row.where) << row.what;
    EXPECT_EQ(party.store.writes(), writes) << row.what;
    EXPECT_EQ(party.bodies("A-1"), before) << row.what;
  }
}

TEST(TaskWrite, ThatNamesAnotherVersionIsAnotherAnswerThanARefusal) {
  for (const auto& [first, version] : {std::pair("accepted", 1), std::pair("", 7)}) {
    Party party;
    if (*first != '\0') ASSERT_TRUE(party.put(party.wish(first)));
    const std::uint64_t writes = party.store.writes();
    Result<std::optional<store::Resource>> written = party.put(party.wish("completed", version));
    ASSERT_TRUE(written) << written.failure().says;
    EXPECT_FALSE(*written) << version;
    EXPECT_EQ(party.store.writes(), writes) << version;
  }
}

TEST(TaskWrite, OfATaskThatIsNotThereIsNotFound) {
  Party party;
  Result<std::optional<store::Resource>> written = party.put(Party::wish_of("00000000-0000-5000-8000-00000000ffff", "accepted"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.failure().cause, Cause::NotFound);
}

// Each call of the store fails once, one after the other.
TEST(TaskWrite, IsCarriedOutWhollyOrNotAtAllWhicheverCallOfTheStoreFails) {
  for (const bool reading : {true, false}) {
    bool is_through = false;
    for (std::uint64_t nth = 1; !is_through; ++nth) {
      ASSERT_LT(nth, 20u);
      Party party;
      const std::uint64_t calls = reading ? party.store.reads() : party.store.writes();
      reading ? party.store.fail_read(nth, Cause::Busy) : party.store.fail_write(nth, Cause::Busy);

      Result<std::optional<store::Resource>> written = party.put(party.wish("accepted"));

      is_through = (reading ? party.store.reads() : party.store.writes()) < calls + nth;
      if (!written) EXPECT_EQ(written.failure().cause, Cause::Busy);
      EXPECT_TRUE(!is_through || written.ok());
      const bool is_stored = party.store.tables().load_case(party.current.case_key).version == 2;
      EXPECT_EQ(party.now().version, is_stored ? 2 : 1);
      EXPECT_EQ(party.notified.size(), is_stored ? 2u : 1u);
      if (written) EXPECT_TRUE(is_stored);
    }
  }
}

TEST(TaskWrite, ThatWantsNothingIsNotedAndCommitsNothing) {
  Party party;
  Result<std::optional<store::Resource>> first = party.put(party.wish("accepted"));
  ASSERT_TRUE(first && *first);
  Result<std::optional<store::Resource>> again = party.put(party.wish("accepted", (*first)->version));
  ASSERT_TRUE(again && *again);
  EXPECT_EQ((*again)->version, (*first)->version);
  EXPECT_EQ(party.stored_case("A-1").version, 2);
  EXPECT_EQ(party.notified.size(), 2u);
  EXPECT_EQ(party.store.tables().audit_rows(0, 100).back().says, "as it was");
}

}  // namespace
}  // namespace vardbron::exchange
