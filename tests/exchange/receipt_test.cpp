#include "gateway/exchange/receipt.h"

#include "gateway/base/utf8.h"
#include "gateway/fhir/operation_outcome.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

// Concern: a receipt is FHIR JSON, byte by byte the same as an OperationOutcome from elsewhere, whatever it quotes.
namespace vardbron::exchange {
namespace {

using fhir::Issue;
using enum fhir::Severity;

std::string as_the_others_write(const std::vector<Issue>& issues) {
  const tree::Names names;
  return json::write(fhir::operation_outcome(issues, names));
}

constexpr const char* an_id = "0195c3f2-7c1e-7a44-9d0b-3f6a51c0e812";

Issue kept(const Failure& failure, std::string_view id) {
  return {Information, "informational", kept_in_quarantine(failure.cause, id), ""};
}

TEST(Receipt, SaysThatAMessageIsKept) {
  EXPECT_EQ(accepted_text(), R"({"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational",)"
                             R"("diagnostics":"The message is kept and will be read in turn."}]})");
  EXPECT_EQ(replayed_text("The \"write\" is done."),
            R"({"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational",)"
            R"("diagnostics":"The \"write\" is done."}]})");
}

TEST(Receipt, NamesTheElementAsExpressionAndOtherPlacesInWords) {
  const Failure failure{Cause::Invalid, "No event.", "Bundle.entry[0].resource"};
  const std::vector<Issue> faults{{Error, "required", "No event.", "Bundle.entry[0].resource"},
                                  {Error, "value", "No date.", "12:5"}};

  EXPECT_EQ(
      quarantined_text(failure, faults, an_id),
      R"({"resourceType":"OperationOutcome","issue":[)"
      R"({"severity":"error","code":"required","diagnostics":"No event.","expression":["Bundle.entry[0].resource"]},)"
      R"({"severity":"error","code":"value","diagnostics":"12:5: No date."},)"
      R"({"severity":"information","code":"informational","diagnostics":"The message is kept as it came, as journal entry 0195c3f2-7c1e-7a44-9d0b-3f6a51c0e812, )"
      R"(and reached nobody. Send it again corrected, or have it replayed when the map is mended."}]})");
}

TEST(Receipt, IsWrittenLikeEveryOtherOutcomeWhateverItQuotes) {
  std::mt19937 random(4711);
  for (int round = 0; round < 2'000; ++round) {
    std::string quoted;
    for (unsigned left = random() % 20; left > 0; --left) {
      const unsigned kind = random() % 3;
      if (kind == 0) quoted += static_cast<char>(random() % 256);  // often no UTF-8
      if (kind == 1) quoted += static_cast<char>(random() % 0x30);
      if (kind == 2) append_utf8(quoted, static_cast<std::uint32_t>(random() % 0x110000));
    }
    const Failure failure{Cause::Invalid, "It says " + quoted + ".", random() % 2 == 0 ? "" : "Bundle" + quoted};
    const std::vector<Issue> faults{{Error, "value", failure.says, failure.where}};

    const std::string text = quarantined_text(failure, faults, an_id);

    ASSERT_EQ(text, as_the_others_write({faults[0], kept(failure, an_id)})) << round;
    ASSERT_TRUE(is_utf8(text)) << round;
    const tree::Names names;
    ASSERT_TRUE(json::parse(text, names)) << round << text;
  }
}

TEST(Receipt, TakesTheFailureWhereNoFaultIsNamed) {
  for (Cause cause : {Cause::Invalid, Cause::Forbidden, Cause::NotFound, Cause::TooLarge, Cause::Broken}) {
    const Failure failure{cause, "It did not do.", "Task.status"};
    EXPECT_EQ(
        quarantined_text(failure, {}, ""),
        as_the_others_write({{Error, std::string(fhir::issue_type(cause)), failure.says, failure.where}, kept(failure, "")}));
  }
}

TEST(Receipt, WarnsOfWhatWasSentThoughItWasRefusedToThoseAloneWhomItReaches) {
  access::Principal known;
  known.organisation = "SE2120990011-HSV1";
  known.may_receive = true;
  const access::Receivers receivers({known});
  care::Notice notice;
  notice.identity = {"urn:x", "1"};
  care::Projection after;
  after.findings = {{"urn:x|1", "sent-despite-refusal", "This was sent: discharge", {"SE2120990011-HSV1", "SE2120990011-SOC1"}}};
  const Notified notified{{"SE2120990011-HSV1", {.delivering = 1}}, {"SE2120990011-SOC1", {}}};
  const std::string text = stored_text({notice, after, 1, false, notified, receivers});
  EXPECT_NE(text.find("not told, since this gateway does not know them: SE2120990011-SOC1"), std::string::npos) << text;
  EXPECT_NE(text.find("This was sent: discharge; to SE2120990011-HSV1, and not, since this gateway does not know them, to "
                      "SE2120990011-SOC1."),
            std::string::npos)
      << text;
}

TEST(Receipt, IsReadBackFromTheJournal) {
  store::JournalEntry entry;
  entry.number = 3;
  entry.id = an_id;
  EXPECT_EQ(receipt_of(entry)->text, accepted_text());
  entry.outcome = store::Outcome::Quarantined;
  entry.receipt = quarantined_text({Cause::Forbidden, "Not yours.", ""}, {}, an_id);
  Result<Receipt> receipt = receipt_of(entry);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->text, entry.receipt);
  EXPECT_EQ(receipt->journal_id, an_id);
  EXPECT_EQ(receipt->refused->cause, Cause::Forbidden);
  entry.receipt = "{";
  EXPECT_EQ(receipt_of(entry).failure().cause, Cause::Broken);
}

TEST(Receipt, NamesTheIdWhereAnOlderOneHasTheNumber) {
  store::JournalEntry entry;
  entry.number = 12;
  entry.id = an_id;
  entry.outcome = store::Outcome::Quarantined;
  const Failure failure{Cause::Invalid, "It says \", as journal entry 12,\".", ""};  // the sender's own words stay
  for (const char* kept : {"12", an_id}) {
    entry.receipt = quarantined_text(failure, {}, kept);
    EXPECT_EQ(receipt_of(entry)->text, quarantined_text(failure, {}, an_id)) << kept;
  }
  for (const char* kept : {"1", "2", "112", "123"}) {
    entry.receipt = quarantined_text({Cause::Invalid, "", ""}, {}, kept);
    EXPECT_EQ(receipt_of(entry)->text, entry.receipt) << kept;
  }
}

}  // namespace
}  // namespace vardbron::exchange
