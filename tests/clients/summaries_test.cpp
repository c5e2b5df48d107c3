#include "gateway/clients/summaries.h"

#include "gateway/formats/json/parse.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// Concern: output of `vardbron get --summary` and `vardbron receive` for a resource.
namespace vardbron::clients {
namespace {

std::string in_words(const std::string& json) {
  const tree::Names names;
  Result<tree::Document> document = json::parse(json, names);
  CHECK(document);
  return resource_in_words(tree::root(*document));
}

/// A ChargeItem as gateway/care writes it.
struct Charge {
  std::string status, clock, days, first{}, last{};
};

std::string in_words(const Charge& charge) {
  const std::string base = "https://vardbron.example/fhir/StructureDefinition/betalnings";
  std::string json = R"({"resourceType":"ChargeItem","id":"c1","extension":[{"url":")" + base + R"(klocka","valueCode":")" +
                     charge.clock + R"("},{"url":")" + base + R"(avtal","valueCode":"LUS"},{"url":")" + base +
                     R"(ansvarig","valueReference":{"type":"Organization","identifier":{"value":"2120000746"}}}],"status":")" +
                     charge.status + "\"";
  if (!charge.first.empty()) {
    json += R"(,"occurrencePeriod":{"start":")" + charge.first + "\"";
    json += charge.last.empty() ? "}" : R"(,"end":")" + charge.last + "\"}";
  }
  if (!charge.days.empty()) json += R"(,"quantity":{"value":)" + charge.days + R"(,"unit":"dygn"})";
  return in_words(json + "}");
}

TEST(Words, SayOfAChargeHowManyDaysSinceWhenAndWhetherTheyMayBeBilled) {
  struct Row {
    Charge charge;
    const char* words;
  };
  for (const Row& row :
       {Row{{"planned", "vilar", "0"}, "no chargeable day, the clock rests; payer 2120000746, agreement LUS"},
        Row{{"planned", "raknar", "0"}, "no chargeable day yet, the clock counts; payer 2120000746, agreement LUS"},
        Row{{"planned", "betalar", "1", "2026-03-14"},
            "1 day chargeable since 2026-03-14 so far, not to be billed yet; payer 2120000746, agreement LUS"},
        Row{{"billable", "stannad", "3", "2026-03-14", "2026-03-16"},
            "3 days chargeable from 2026-03-14 to 2026-03-16, may be billed; payer 2120000746, agreement LUS"},
        Row{{"not-billable", "stannad", "0"}, "no chargeable day, not to be billed; payer 2120000746, agreement LUS"},
        Row{{"not-billable", "stannad", "5"}, "5 days waited, not to be billed; payer 2120000746, agreement LUS"},
        Row{{"entered-in-error", "makulerad", ""}, "withdrawn, nothing is to be paid"}}) {
    EXPECT_EQ(in_words(row.charge), std::string("charge: ") + row.words);
  }
}

std::string waiting(const std::string& clock, const std::string& days, const std::string& end = {}) {
  const std::string base = "https://vardbron.example/fhir/StructureDefinition/";
  std::string json = R"({"resourceType":"ChargeItem","id":"c1","extension":[{"url":")" + base + R"(betalningsklocka",)" +
                     R"("valueCode":")" + clock + R"("},{"url":")" + base + R"(betalningsavtal","valueCode":"SKANE"})";
  if (!end.empty()) json += R"(,{"url":")" + base + R"(vardtillfalle-slut","valueDate":")" + end + R"("})";
  json += R"(],"status":")" + std::string(clock == "stannad" ? "not-billable" : "planned");
  return in_words(json + R"(","code":{"coding":[{"code":"utskrivningsklar-vantedygn"}]},"quantity":{"value":)" + days + "}}");
}

TEST(Words, SayOfAStayUnderAnAverageHowLongItWaitedAndNotThatDaysAreCharged) {
  EXPECT_EQ(waiting("vilar", "0"), "charge: no day waited, the clock rests, the average of the month decides, agreement SKANE");
  EXPECT_EQ(waiting("raknar", "0"), "charge: no day waited so far, the average of the month decides, agreement SKANE");
  EXPECT_EQ(waiting("raknar", "1"), "charge: 1 day waited so far, the average of the month decides, agreement SKANE");
  EXPECT_EQ(waiting("stannad", "5", "2026-03-15"),
            "charge: 5 days waited, the stay ended on 2026-03-15, the average of the month decides, agreement SKANE");
}

TEST(Words, SayOfAMonthTheMeanOfEachMunicipality) {
  const std::string counted = R"("population":[{"code":{"coding":[{"code":"initial-population"}]},"count":9},)"
                              R"({"code":{"coding":[{"code":"measure-population"}]},"count":)";
  EXPECT_EQ(in_words(R"({"resourceType":"MeasureReport","status":"pending","period":{"start":"2026-03-01"},"group":[{)"
                     R"("stratifier":[{"stratum":[{"value":{"text":"Kommun 0880, SKANE"},)" +
                     counted + R"(3}],"measureScore":{"value":3.33}},{"value":{"text":"Kommun 1280, SKANE"},)" + counted +
                     R"(1}],"measureScore":{"value":0.00}}]}]}]})"),
            "month 2026-03 (pending): Kommun 0880, SKANE: 3 stays, mean 3.33 days; Kommun 1280, SKANE: 1 stay, mean 0.00 days");
}

TEST(Words, SayOfAMonthWhoIsUndecidedAndTheAmount) {
  EXPECT_EQ(
      in_words(
          R"({"resourceType":"MeasureReport","status":"complete","period":{"start":"2026-03-01"},"group":[{)"
          R"("stratifier":[{"stratum":[{"extension":[{"url":"manadssumma","extension":[{"url":"betaldygn","valueInteger":2},)"
          R"({"url":"belopp","valueMoney":{"value":24000,"currency":"SEK"}}]}],"value":{"text":"Kommun 0880, SKANE"},)"
          R"("population":[{"code":{"coding":[{"code":"measure-population"}]},"count":3},)"
          R"({"code":{"coding":[{"code":"measure-population-exclusion"}]},"count":1}],"measureScore":{"value":3.33}}]}]}]})"),
      "month 2026-03 (complete): Kommun 0880, SKANE: 3 stays, 1 stay undecided, mean 3.33 days, 24000 SEK");
}

TEST(Words, NeedNothingOfAChargeButItsType) {
  EXPECT_EQ(in_words(R"({"resourceType":"ChargeItem","id":"c1"})"), "charge: no chargeable day so far, not to be billed yet");
}

TEST(Words, SayOfACaseWhereItStands) {
  EXPECT_EQ(in_words(R"({"resourceType":"Encounter","id":"e","identifier":[{"value":"A-1"}],"status":"finished",)"
                     R"("period":{"start":"2026-03-09T22:40:00+01:00","end":"2026-03-12T10:00:00+01:00"}})"),
            "case A-1: the stay has ended, admitted 2026-03-09 22:40, left 2026-03-12 10:00");
}

TEST(Words, SayOfATaskWhatIsToBeDoneAndByWhen) {
  EXPECT_EQ(in_words(R"({"resourceType":"Task","status":"requested","code":{"coding":[{"code":"kalla-till-sip"}]},)"
                     R"("restriction":{"period":{"end":"2026-03-13T12:00:00+01:00"}}})"),
            "to do: kalla-till-sip, by 2026-03-13 12:00 (requested)");
}

TEST(Words, SayOfATaskInWhichCaseThatItIsLateAndWhomToConfirm) {
  EXPECT_EQ(in_words(R"({"resourceType":"Task","status":"requested","groupIdentifier":{"value":"A-1"},)"
                     R"("businessStatus":{"coding":[{"code":"forsenad"}]},"code":{"coding":[{"code":"utse-fast-vardkontakt"}]},)"
                     R"("input":[{"valueReference":{"reference":"#kontakt","display":"Sara Exempel"}}]})"),
            "to do: utse-fast-vardkontakt (requested, late), case A-1, to confirm: Sara Exempel");
}

std::vector<std::string> summary(const std::string& json) {
  const tree::Names names;
  Result<tree::Document> document = json::parse(json, names, {.fhir = false});
  CHECK(document);
  return summary_of(tree::root(*document));
}

using Lines = std::vector<std::string>;

TEST(Summary, IsOneLinePerEntryAndWhereItGoesOn) {
  EXPECT_EQ(summary(R"({"resourceType":"Bundle","type":"searchset","link":[{"relation":"self","url":"http://g/a"},)"
                    R"({"relation":"next","url":"http://g/b"}],"entry":[{"resource":{"resourceType":"Patient","id":"p"}},)"
                    R"({"resource":{"resourceType":"Patient","id":"q"}}]})"),
            (Lines{"Patient/p", "Patient/q", "more at http://g/b"}));
  EXPECT_EQ(summary(R"({"resourceType":"Bundle","type":"searchset","total":0})"), Lines{"nothing"});
}

TEST(Summary, OfOneResourceIsItsLine) {
  EXPECT_EQ(summary(R"({"resourceType":"Task","status":"requested","code":{"coding":[{"code":"kalla-till-sip"}]}})"),
            Lines{"to do: kalla-till-sip (requested)"});
}

TEST(Summary, OfTheQuarantineSaysNumberWhenChannelSenderAndReason) {
  const std::string entry =
      R"("number":9,"id":"n-9","channel":"cosmic","sender":"2321000131","received":"2026-03-01T07:00:00.000Z",)"
      R"("outcome":{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"value","diagnostics":"No date."},)"
      R"({"severity":"error","code":"value","diagnostics":"No ward."}]})";
  const std::string words = "9: 2026-03-01T07:00:00.000Z, channel cosmic, from 2321000131: No date. No ward.";
  EXPECT_EQ(summary(R"({"entries":[{)" + entry + R"(}],"next":"http://g/operate/quarantine?after=9"})"),
            (Lines{words, "more at http://g/operate/quarantine?after=9"}));
  EXPECT_EQ(summary("{" + entry + R"(,"contentType":"text/csv","bytes":3})"), Lines{words});
  EXPECT_EQ(summary(R"({"entries":[]})"), Lines{"nothing"});
}

TEST(Summary, HasNoLinesForWhatIsNeither) { EXPECT_EQ(summary(R"({"status":"pass"})"), Lines{}); }

TEST(Words, NameWhateverElseByTypeAndId) { EXPECT_EQ(in_words(R"({"resourceType":"Patient","id":"p"})"), "Patient/p"); }

}  // namespace
}  // namespace vardbron::clients
