#include "gateway/exchange/message_path.h"

#include "gateway/base/reached.h"
#include "tests/exchange/spine.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::exchange {
namespace {

ANotice admission() { return ANotice("admission").with_id("M-1"); }
ANotice ready() { return ANotice("discharge-ready").with_id("M-2").at("2026-03-12T10:00:00+01:00"); }
ANotice discharge() { return ANotice("discharge").with_id("M-3").at("2026-03-13T13:45:00+01:00").with_status("finished"); }

const store::CaseResource* find(const store::Case& known, std::string_view type) {
  auto found = std::find_if(known.resources.begin(), known.resources.end(), [&](const auto& each) { return each.type == type; });
  return found == known.resources.end() ? nullptr : &*found;
}

// --- Promise 1: answered OK means committed and synced to disk.

TEST(Promise1, NothingThatWasAnsweredOkIsGoneAfterACrash) {
  sim::StoreFaults slow;
  slow.write_max = slow.sync_max = Instant(5'000'000);
  sim::for_each_seed(200, [&](std::uint64_t seed) {
    Spine spine(seed, slow);
    std::vector<std::string> acknowledged;
    for (int i = 0; i < 6; ++i) {
      const std::string name = "A-" + std::to_string(i);
      Result<Receipt> receipt = spine.accept(admission().of_case(name));
      if (receipt) acknowledged.push_back(name);
    }
    spine.store.crash();
    EXPECT_EQ(acknowledged.size(), 6u);
    for (const std::string& name : acknowledged) EXPECT_EQ(spine.stored_case(name).version, 1) << name;
  });
}

TEST(Promise1, ADiskThatFailsIsNoReceipt) {
  Spine spine;
  spine.store.fail_write(1, Cause::Broken);
  Result<Receipt> receipt = spine.accept(admission());
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.failure().cause, Cause::Broken);
  EXPECT_TRUE(spine.notified.empty());
}

// --- Promise 2: the same message twice gives one change and two equal receipts.

TEST(Promise2, TheSameMessageTwiceGivesOneChangeAndTwoEqualReceipts) {
  Spine spine;
  Result<Receipt> first = spine.accept(admission());
  Result<Receipt> second = spine.accept(admission());
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->text, second->text);
  EXPECT_EQ(second->outcome, store::Outcome::Duplicate);
  EXPECT_EQ(spine.stored_case("A-1").version, 1);
  EXPECT_EQ(spine.notified.size(), 1u);
}

TEST(Promise2, AnOldMessageIsStillKnownAfterTheCaseWentOn) {
  Spine spine;
  Result<Receipt> first = spine.accept(admission());
  ASSERT_TRUE(spine.accept(ready()));
  Result<Receipt> again = spine.accept(admission());
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->text, again->text);
  EXPECT_EQ(spine.stored_case("A-1").version, 2);
}

TEST(Promise2, TheSameIdWithOtherBytesIsAcceptedAndFlagged) {
  Spine spine;
  ASSERT_TRUE(spine.accept(admission()));
  Result<Receipt> other = spine.accept(admission().with_reason("ny text"));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->outcome, store::Outcome::Stored);
  EXPECT_NE(other->text.find("same identity"), std::string::npos) << other->text;
  EXPECT_NE(other->text.find("this one changed nothing in the case"), std::string::npos) << other->text;
  EXPECT_EQ(spine.stored_case("A-1").version, 2);
  // And a repetition of the second one is a repetition.
  Result<Receipt> again = spine.accept(admission().with_reason("ny text"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->outcome, store::Outcome::Duplicate);
  EXPECT_EQ(again->text, other->text);
}

Task<Result<Receipt>> keep(MessagePath& path, Envelope envelope, std::vector<Receipt>& into) {
  Result<Receipt> receipt = co_await path.accept(std::move(envelope));
  if (receipt) into.push_back(*receipt);
  co_return receipt;
}

Task<> accept_into(MessagePath& path, Envelope envelope, std::vector<Receipt>& into) {
  Result<Receipt> receipt = co_await keep(path, std::move(envelope), into);
  (void)receipt;
}

TEST(Promise2, TwoCopiesAtTheSameMomentAreOneChange) {
  sim::StoreFaults slow;
  slow.write_max = slow.sync_max = slow.read_max = Instant(5'000'000);
  sim::for_each_seed(100, [&](std::uint64_t seed) {
    Spine spine(seed, slow);
    std::vector<Receipt> receipts;
    for (int i = 0; i < 3; ++i) {
      Envelope envelope{Spine::caller(), "fhir", "application/fhir+json", admission().json()};
      spine.world.spawn(accept_into(*spine.path, std::move(envelope), receipts));
    }
    spine.world.run();
    ASSERT_EQ(receipts.size(), 3u);
    for (const Receipt& each : receipts) EXPECT_EQ(each.text, receipts[0].text);
    EXPECT_EQ(spine.stored_case("A-1").version, 1);
  });
}

TEST(Promise2, TwoNoticesOfOneCaseAtTheSameMomentAreBothStored) {
  const auto conflicts = times_reached("exchange: another change of the case came first");
  sim::StoreFaults slow;
  slow.write_max = slow.sync_max = slow.read_max = Instant(5'000'000);
  sim::for_each_seed(100, [&](std::uint64_t seed) {
    Spine spine(seed, slow);
    std::vector<Receipt> receipts;
    MessagePath other(spine.parts());  // of another process, which does not use our queue
    for (const ANotice& notice : {admission(), ready(), discharge()}) {
      Envelope envelope{Spine::caller(), "fhir", "application/fhir+json", notice.json()};
      MessagePath& path = notice.json() == ready().json() ? other : *spine.path;
      spine.world.spawn(accept_into(path, std::move(envelope), receipts));
    }
    spine.world.run();
    EXPECT_EQ(receipts.size(), 3u);
    EXPECT_EQ(spine.stored_case("A-1").version, 3);
  });
  EXPECT_GT(times_reached("exchange: another change of the case came first"), conflicts);
}

// --- Promise 3: what cannot be read or mapped is kept, can be replayed, and is never dropped.

struct Unreadable {
  const char* name;
  std::string body;
};

class Promise3 : public testing::TestWithParam<Unreadable> {};

TEST_P(Promise3, WhatCannotBeReadIsKeptWithItsOutcome) {
  Spine spine;
  Result<Receipt> receipt = spine.accept(GetParam().body);
  ASSERT_TRUE(receipt) << receipt.failure().says;
  EXPECT_EQ(receipt->outcome, store::Outcome::Quarantined);
  ASSERT_TRUE(receipt->refused);
  EXPECT_FALSE(receipt->refused->says.empty());
  Result<store::JournalEntry> entry = spine.world.complete(spine.store.journal_entry(receipt->journal_number));
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->message.body, GetParam().body);
  EXPECT_EQ(entry->outcome, store::Outcome::Quarantined);
  EXPECT_TRUE(spine.notified.empty() || spine.notified[0].events.empty());
}

INSTANTIATE_TEST_SUITE_P(Bodies, Promise3,
                         testing::Values(Unreadable{"nothing", ""}, Unreadable{"no_json", "{\"resourceType\":"},
                                         Unreadable{"no_bundle", "{\"resourceType\":\"Patient\"}"},
                                         Unreadable{"no_class", ANotice("admission").without_class().json()},
                                         Unreadable{"unknown_event", ANotice("arrival").json()}),
                         [](const auto& each) { return each.param.name; });

TEST(Promise3Replay, AnEntryThatWasMendedElsewhereIsStoredByAReplay) {
  // Given an entry whose bytes are sound, journalled but never worked off,
  Spine spine;
  Result<Receipt> pending =
      spine.world.complete(spine.path->accept_later({Spine::caller(), "fhir", "application/fhir+json", admission().json()}));
  ASSERT_TRUE(pending);
  EXPECT_EQ(pending->outcome, store::Outcome::Pending);
  EXPECT_EQ(spine.stored_case("A-1").version, 0);
  // when it is worked off,
  Result<store::JournalEntry> entry = spine.world.complete(spine.store.journal_entry(pending->journal_number));
  ASSERT_TRUE(entry);
  Result<Receipt> stored = spine.world.complete(spine.path->work_off(spine.path->read(*entry)));
  // then the case has it, and the journal says so.
  ASSERT_TRUE(stored);
  EXPECT_EQ(spine.stored_case("A-1").version, 1);
  Result<store::JournalEntry> after = spine.world.complete(spine.store.journal_entry(pending->journal_number));
  EXPECT_EQ(after->outcome, store::Outcome::Stored);
}

// --- Promise 4: resource versions, events and audit rows are committed together or not at all.

TEST(Promise4, AFailedCommitLeavesNothingBehind) {
  for (Cause cause : {Cause::Busy, Cause::Broken}) {
    Spine spine;
    ASSERT_TRUE(spine.accept(admission()));
    const std::vector<std::string> before = spine.bodies("A-1");
    const auto audit_before = spine.world.complete(spine.store.audit_rows(0, 100))->size();
    spine.store.fail_write(1, cause);
    EXPECT_FALSE(spine.accept(ready()));
    spine.store.crash();
    if (cause == Cause::Broken) continue;  // a broken disk may have kept it: nothing was acknowledged
    EXPECT_EQ(spine.bodies("A-1"), before);
    EXPECT_EQ(spine.world.complete(spine.store.audit_rows(0, 100))->size(), audit_before);
  }
}

TEST(Promise4, OnlyWhatChangedGetsANewVersion) {
  Spine spine;
  ASSERT_TRUE(spine.accept(admission()));
  const store::Case first = spine.stored_case("A-1");
  ASSERT_TRUE(spine.accept(ready()));
  const store::Case second = spine.stored_case("A-1");
  ASSERT_NE(find(second, "Encounter"), nullptr);
  EXPECT_EQ(find(second, "Encounter")->version, 2);
  EXPECT_EQ(spine.patients().front().version, 1);
  EXPECT_GT(second.resources.size(), first.resources.size());
}

// --- Promise 6: the order of arrival does not change the result once all have arrived.

TEST(Promise6, EveryOrderOfArrivalGivesTheSameResources) {
  std::vector<ANotice> notices{admission(), ready(), discharge(),
                               ANotice("nullified").with_id("M-4").at("2026-03-13T15:00:00+01:00").replacing("M-3")};
  std::vector<std::size_t> order{0, 1, 2, 3};
  std::vector<std::string> expected;
  do {
    Spine spine;
    for (std::size_t each : order) ASSERT_TRUE(spine.accept(notices[each]));
    std::vector<std::string> bodies = spine.bodies("A-1");
    if (expected.empty()) expected = bodies;
    EXPECT_EQ(bodies, expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(MessagePath, KeepsCasesOfTwoSendersApartEvenIfTheyNameThemAlike) {
  Spine spine;
  ASSERT_TRUE(spine.accept(admission()));
  // Given another system that carries this hospital's notices too,
  Result<access::SenderPermissions> units =
      access::SenderPermissions::open({{"SE2321990026-KIR2", "", "", true, false, false, {"SE2321990018-*"}}});
  ASSERT_TRUE(units);
  spine.open_path(*units);
  access::Caller other{"SE2321990026-KIR2", "Ett annat sjukhus", true, false, false};
  Result<Receipt> receipt =
      spine.world.complete(spine.path->accept({other, "fhir", "application/fhir+json", discharge().json()}));
  ASSERT_TRUE(receipt) << receipt.failure().says;
  EXPECT_EQ(spine.stored_case("A-1").version, 1);
}

TEST(MessagePath, RefusesAChannelThatIsNotThere) {
  Spine spine;
  Result<Receipt> receipt = spine.world.complete(spine.path->accept({Spine::caller(), "cosmic", "application/xml", "<a/>"}));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.failure().cause, Cause::NotFound);
}

}  // namespace
}  // namespace vardbron::exchange
