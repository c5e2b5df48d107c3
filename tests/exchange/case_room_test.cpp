// Concern: what somebody adds to a case never shuts out what another has to say, and what there is no room for is kept.
#include "gateway/base/limits.h"
#include "gateway/exchange/message_path.h"
#include "gateway/formats/json/parse.h"
#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace vardbron::exchange {
namespace {

constexpr const char* kvittens = "kvittera-inskrivning";

ANotice admission() { return ANotice("admission").with_id("M-1"); }
ANotice planning(int number) {
  return ANotice("planning").with_id("P-" + std::to_string(number)).at("2026-03-11T10:00:00+01:00");
}

/// A case in which little has room, and parties that move their Tasks.
struct Narrow : Spine {
  Narrow() { open_with({3, 2, 3}); }
  void open_with(care::CaseLimits room) {
    rules_limits = room;
    open_path({});
  }
  Result<store::Resource> put(const std::string& owner, const std::string& status, std::int64_t version = 0) {
    const store::Resource current = task("A-1", kvittens, owner);
    std::string wish = R"({"resourceType":"Task","id":")" + current.id + R"(","status":")" + status + "\"}";
    Result<tree::Document> document = json::parse(std::move(wish), empty_library().definitions().names());
    CHECK(document);
    access::Caller caller{owner, "", false, true, false};
    Result<std::optional<store::Resource>> written =
        world.complete(path->write_task({caller, current.id, std::move(*document), version}));
    if (!written) return std::move(written).failure();
    CHECK(*written);
    return std::move(**written);
  }
  /// Moves the Task to and fro until there is no room.
  Result<store::Resource> put_to_and_fro(const std::string& owner) {
    Result<store::Resource> written = put(owner, "accepted");
    for (int each = 0; written && each < 20; ++each) written = put(owner, each % 2 == 0 ? "in-progress" : "on-hold");
    return written;
  }
  std::vector<store::JournalEntry> quarantine() { return store.tables().journal_entries(store::Outcome::Quarantined, 0, 1000); }
  store::AuditRow last_row() { return store.tables().audit_rows(0, 100'000).back(); }
};

TEST(CaseRoom, ATaskThatIsPutAsItIsAddsNothingHoweverOften) {
  Narrow narrow;
  narrow.watch("hospital", hospital, "task");
  ASSERT_TRUE(narrow.accept(admission()));
  Result<store::Resource> first = narrow.put(home_care, "accepted");
  ASSERT_TRUE(first) << first.failure().says;
  const store::Case before = narrow.stored_case("A-1");
  const std::size_t reported = narrow.events("hospital").size();

  for (int each = 0; each < 50; ++each) {
    Result<store::Resource> again = narrow.put(home_care, "accepted", first->version);
    ASSERT_TRUE(again) << again.failure().says;
    EXPECT_EQ(again->version, first->version);
    EXPECT_EQ(again->body, first->body);
  }

  EXPECT_EQ(narrow.stored_case("A-1").version, before.version);
  EXPECT_EQ(narrow.events("hospital").size(), reported);
  EXPECT_TRUE(narrow.quarantine().empty());
  EXPECT_EQ(narrow.last_row().action, "update");
  EXPECT_EQ(narrow.last_row().says, "as it was");
}

TEST(CaseRoom, ATaskOfAnotherIsNotPutAsItIs) {
  Narrow narrow;
  ASSERT_TRUE(narrow.accept(admission()));
  ASSERT_TRUE(narrow.put(home_care, "accepted"));
  const store::Resource theirs = narrow.task("A-1", kvittens, home_care);
  Result<tree::Document> wish = json::parse(R"({"resourceType":"Task","id":")" + theirs.id + R"(","status":"accepted"})",
                                            empty_library().definitions().names());
  ASSERT_TRUE(wish);
  access::Caller caller{health_centre, "", false, true, false};
  const auto written = narrow.world.complete(narrow.path->write_task({caller, theirs.id, std::move(*wish), 0}));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.failure().cause, Cause::Forbidden);
}

TEST(CaseRoom, AMunicipalityThatPutsItsTaskWithoutEndDoesNotShutOutDischargeAndDeath) {
  Narrow narrow;
  ASSERT_TRUE(narrow.accept(admission()));
  Result<store::Resource> over = narrow.put_to_and_fro(home_care);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.failure().cause, Cause::TooLarge);

  for (ANotice& notice :
       std::vector<ANotice>{planning(1), ANotice("discharge-ready").with_id("M-2").at("2026-03-12T10:00:00+01:00"),
                            ANotice("discharge").with_id("M-3").at("2026-03-13T13:45:00+01:00").with_status("finished"),
                            ANotice("death").with_id("M-4").at("2026-03-13T14:45:00+01:00"),
                            ANotice("nullified").with_id("M-5").at("2026-03-13T15:00:00+01:00").replacing("M-4")}) {
    Result<Receipt> receipt = narrow.accept(notice);
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->outcome, store::Outcome::Stored) << receipt->text;
  }
  EXPECT_TRUE(narrow.put(health_centre, "accepted")) << "another party has room of its own";
}

TEST(CaseRoom, AFloodOfPlanningDoesNotShutOutWhatEndsTheStay) {
  Narrow narrow;
  ASSERT_TRUE(narrow.accept(admission()));
  for (int each = 1; each <= 3; ++each) EXPECT_EQ(narrow.accept(planning(each))->outcome, store::Outcome::Stored);

  Result<Receipt> over = narrow.accept(planning(4));
  ASSERT_TRUE(over) << "kept, not refused: " << over.failure().says;
  EXPECT_EQ(over->outcome, store::Outcome::Quarantined);
  ASSERT_TRUE(over->refused);
  EXPECT_EQ(over->refused->cause, Cause::TooLarge);
  EXPECT_NE(over->text.find("kept as it came, as journal entry " + over->journal_id + ","), std::string::npos) << over->text;
  EXPECT_NE(over->text.find("notices_per_case"), std::string::npos) << over->text;
  EXPECT_EQ(narrow.last_row().says, "quarantined: over a limit");

  EXPECT_EQ(narrow.accept(ANotice("discharge").with_id("M-3").at("2026-03-13T13:45:00+01:00").with_status("finished"))->outcome,
            store::Outcome::Stored);
}

TEST(CaseRoom, WhatIsOverTheLimitIsKeptOnceHoweverOftenItComes) {
  Narrow narrow;
  ASSERT_TRUE(narrow.accept(admission()));
  for (int each = 1; each <= 3; ++each) ASSERT_TRUE(narrow.accept(planning(each)));
  Result<Receipt> first = narrow.accept(planning(4));
  ASSERT_TRUE(first);
  for (int each = 0; each < 20; ++each) {
    Result<Receipt> again = narrow.accept(planning(4));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->journal_number, first->journal_number);
    EXPECT_EQ(again->journal_id, first->journal_id);
    EXPECT_EQ(again->text, first->text);
  }
  EXPECT_EQ(narrow.quarantine().size(), 1u);
  ASSERT_TRUE(narrow.accept(planning(5)));
  EXPECT_EQ(narrow.quarantine().size(), 2u) << "another message is another entry";
}

TEST(CaseRoom, NoMoreIsRememberedOfWhatIsKeptThanMayBe) {
  Narrow narrow;
  ASSERT_TRUE(narrow.accept("{}"));
  for (std::size_t each = 0; each < limits::quarantined_remembered_max; ++each)
    ASSERT_TRUE(narrow.accept("{\"number\":" + std::to_string(each) + "}"));
  ASSERT_TRUE(narrow.accept("{}"));
  EXPECT_EQ(narrow.store.tables().journal_entries(store::Outcome::Quarantined, 0, 10'000).size(),
            limits::quarantined_remembered_max + 2)
      << "the first one is forgotten, and so it is kept a second time";
}

TEST(CaseRoom, ANoticeThatHadNoRoomIsReplayedOnceThereIsSome) {
  Narrow narrow;
  ASSERT_TRUE(narrow.accept(admission()));
  for (int each = 1; each <= 3; ++each) ASSERT_TRUE(narrow.accept(planning(each)));
  const std::int64_t number = narrow.accept(planning(4))->journal_number;
  Result<Receipt> too_early = narrow.world.complete(narrow.path->replay(number));
  ASSERT_TRUE(too_early);
  EXPECT_EQ(too_early->outcome, store::Outcome::Quarantined);

  narrow.open_with({4, 2, 3});
  Result<Receipt> replayed = narrow.world.complete(narrow.path->replay(number));

  ASSERT_TRUE(replayed);
  EXPECT_EQ(replayed->outcome, store::Outcome::Stored);
  EXPECT_EQ(narrow.stored_case("A-1").links.back().journal_number, number);
  EXPECT_TRUE(narrow.quarantine().empty());
}

TEST(CaseRoom, AWriteThatHadNoRoomSaysThatItIsKeptAndIsReplayedOnceThereIsSome) {
  Narrow narrow;
  ASSERT_TRUE(narrow.accept(admission()));
  ASSERT_TRUE(narrow.put(home_care, "accepted"));
  ASSERT_TRUE(narrow.put(home_care, "in-progress"));
  ASSERT_TRUE(narrow.put(home_care, "on-hold"));
  Result<store::Resource> over = narrow.put(home_care, "completed");
  ASSERT_FALSE(over);
  ASSERT_EQ(narrow.quarantine().size(), 1u);
  const std::int64_t number = narrow.quarantine().front().number;
  EXPECT_NE(over.failure().says.find("journal entry " + narrow.quarantine().front().id), std::string::npos)
      << over.failure().says;
  EXPECT_NE(over.failure().says.find("task_writes_per_case"), std::string::npos) << over.failure().says;

  narrow.open_with({3, 2, 4});
  Result<Receipt> replayed = narrow.world.complete(narrow.path->replay(number));

  ASSERT_TRUE(replayed) << replayed.failure().says;
  EXPECT_EQ(replayed->outcome, store::Outcome::Stored) << replayed->text;
  EXPECT_NE(narrow.task("A-1", kvittens, home_care).body.find("\"status\":\"completed\""), std::string::npos);
  EXPECT_TRUE(narrow.quarantine().empty());
}

TEST(CaseRoom, ARepetitionIsKnownAgainInAFullCase) {
  Narrow narrow;
  ASSERT_TRUE(narrow.accept(admission()));
  for (int each = 1; each <= 3; ++each) ASSERT_TRUE(narrow.accept(planning(each)));
  Result<Receipt> again = narrow.accept(planning(2));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->outcome, store::Outcome::Duplicate);
}

TEST(CaseRoom, NoChannelIsNamedLikeTheJournalOfWrites) {
  Result<Channels> opened = Channels::open({{"task", ""}}, empty_library());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.failure().cause, Cause::Invalid);
}

}  // namespace
}  // namespace vardbron::exchange
