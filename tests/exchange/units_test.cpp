// Concern: a token speaks for its own units only; what it says for others is kept, reaches nobody, and is not lost.
#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

namespace vardbron::exchange {
namespace {

const access::Caller municipality{home_care, "Hemsjukvården", true, true, false};

Result<Receipt> send_as(Spine& spine, const access::Caller& caller, const ANotice& notice) {
  return spine.world.complete(spine.path->accept({caller, "fhir", "application/fhir+json", notice.json()}));
}

access::SenderPermissions listing(std::vector<std::string> units) {
  access::Principal principal;
  principal.organisation = home_care;
  principal.units = std::move(units);
  Result<access::SenderPermissions> made = access::SenderPermissions::open({principal});
  CHECK(made);
  return *made;
}

TEST(ForeignUnits, AreRefusedAndTheNoticeReachesNobody) {
  Spine spine;
  spine.watch("centre", health_centre, "case");
  for (const char* event : {"admission", "nullified", "receipt"}) {
    Result<Receipt> receipt = send_as(spine, municipality, ANotice(event).with_id(event).replacing("M-1"));
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->outcome, store::Outcome::Quarantined);
    ASSERT_TRUE(receipt->refused);
    EXPECT_EQ(receipt->refused->cause, Cause::Forbidden);
    EXPECT_NE(receipt->text.find(R"("code":"forbidden")"), std::string::npos) << receipt->text;
  }
  EXPECT_TRUE(spine.events("centre").empty());
  EXPECT_EQ(spine.store.tables().audit_rows(0, 10).back().says, "quarantined: not the sender's unit");
}

TEST(ForeignUnits, AreRefusedAlikeWhetherOrNotTheCaseIsKnown) {
  Spine empty, full;
  ASSERT_TRUE(full.accept(ANotice("admission")));
  Result<Receipt> unknown = send_as(empty, municipality, ANotice("admission"));
  Result<Receipt> known = send_as(full, municipality, ANotice("admission"));
  ASSERT_TRUE(unknown && known);
  const std::string number = "journal entry " + known->journal_id;
  const std::size_t at = known->text.find(number);
  ASSERT_NE(at, std::string::npos) << known->text;
  EXPECT_EQ(unknown->text, known->text.replace(at, number.size(), "journal entry " + unknown->journal_id));
}

TEST(ForeignUnits, AreStoredByAReplayOnceTheyAreListed) {
  Spine spine;
  Result<Receipt> refused = send_as(spine, municipality, ANotice("admission"));
  ASSERT_TRUE(refused);
  spine.open_path(listing({"SE2321990018-MED5"}));

  Result<Receipt> stored = spine.world.complete(spine.path->replay(refused->journal_number));

  ASSERT_TRUE(stored) << stored.failure().says;
  EXPECT_EQ(stored->outcome, store::Outcome::Stored);
}

TEST(ForeignUnits, AreRefusedInWhatWasJournalledBeforeItWasRead) {
  Spine spine;
  Result<Receipt> pending = spine.world.complete(
      spine.path->accept_later({municipality, "fhir", "application/fhir+json", ANotice("admission").json()}));
  ASSERT_TRUE(pending);
  Result<store::JournalEntry> entry = spine.world.complete(spine.store.journal_entry(pending->journal_number));
  ASSERT_TRUE(entry);
  Result<Receipt> receipt = spine.world.complete(spine.path->work_off(spine.path->read(*entry)));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->outcome, store::Outcome::Quarantined);
}

TEST(OwnUnits, OfTheSameBodyNeedNoList) {
  Spine spine;
  access::Caller other_ward{"SE2321990018-KIR2", "Kirurgen", true, false, false};
  Result<Receipt> receipt = send_as(spine, other_ward, ANotice("admission"));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->outcome, store::Outcome::Stored);
}

}  // namespace
}  // namespace vardbron::exchange
