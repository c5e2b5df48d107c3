#include "gateway/base/limits.h"
#include "gateway/formats/json/parse.h"
#include "tests/mappings/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

// Concern: a refusal must name all faults of a message at their place in it, so that its sender need not guess and send again.
namespace vardbron {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string input(const std::string& name) { return text_of_file(mappings_folder() / name); }

std::string with(std::string text, const std::vector<std::pair<std::string, std::string>>& changes) {
  for (const auto& [from, to] : changes) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
  }
  return text;
}

struct Reported {
  std::string severity, code, says, expression;
};

/// The issues of a refusal, without the last one, which reports that the message is kept.
std::vector<Reported> issues(const exchange::Receipt& receipt) {
  EXPECT_EQ(receipt.outcome, store::Outcome::Quarantined) << receipt.text;
  const tree::Names names;
  Result<tree::Document> outcome = json::parse(receipt.text, names);
  CHECK(outcome);
  std::vector<Reported> reported;
  for (tree::Item issue = tree::root(*outcome).first_child(); issue; issue = issue.next()) {
    if (issue.name_text() != "issue") continue;
    reported.push_back({std::string(issue.text_of("severity")), std::string(issue.text_of("code")),
                        std::string(issue.text_of("diagnostics")), std::string(issue.text_of("expression"))});
  }
  EXPECT_FALSE(reported.empty());
  if (!reported.empty()) reported.pop_back();
  return reported;
}

TEST(Refusal, OfAnHl7v2MessageNamesEachFieldAndLineThatIsWrong) {
  House house;
  const std::string body = with(input("hl7v2-adt/cases/admission/input.hl7"),
                                {{"|19500907|", "|1950097X|"}, {"PV1|1|I|", "PV1|1|Q|"}, {"|20260313", "|20261399"}});

  const std::vector<Reported> reported = issues(house.send("adt", body));

  ASSERT_EQ(reported.size(), 3u);
  EXPECT_THAT(reported[0].says, HasSubstr("PV1-2 in line 4: 'Q' is not taken here; taken are E, I."));
  EXPECT_EQ(reported[0].code, "code-invalid");
  EXPECT_EQ(reported[0].expression, "ADT_A01.PV1.f2");
  EXPECT_THAT(reported[1].says, AllOf(HasSubstr("PID-7 in line 3: it is no date"), HasSubstr("YYYYMMDD"), HasSubstr("9999999A")));
  EXPECT_EQ(reported[1].expression, "ADT_A01.PID.f7");
  EXPECT_THAT(reported[2].says, AllOf(HasSubstr("PV2-9 in line 5"), HasSubstr("99999999")));
}

TEST(Refusal, OfAnExportNamesEveryElementItsShapeAndWhatMayStandThere) {
  House house;
  const std::string body =
      with(input("cosmic-notice/cases/admission/input.xml"), {{"<kon>2<", "<kon>7<"},
                                                              {"<typ>INSKRIVNING<", "<typ>INSKRIVEN<"},
                                                              {"<fodelsedatum>1950-09-07<", "<fodelsedatum>19500907<"},
                                                              {"<roll>OPPENVARD<", "<roll>VARDCENTRAL<"},
                                                              {"<skapad>2026-03-10T09:12:00</skapad>", ""}});

  const std::vector<Reported> reported = issues(house.send("cosmic", body));

  ASSERT_EQ(reported.size(), 5u);
  EXPECT_THAT(reported[0].says, HasSubstr("meddelande.skapad is missing from meddelande in line 4."));
  EXPECT_EQ(reported[0].code, "required");
  EXPECT_THAT(reported[1].says, AllOf(HasSubstr("meddelande.typ in line 6: a code of the shape AAAAAAAAA is not taken here"),
                                      HasSubstr("did you mean 'INSKRIVNING'?")));
  EXPECT_THAT(reported[2].says, HasSubstr("patient.kon in line 18: '7' is not taken here; taken are 0, 1, 2, 9."));
  EXPECT_THAT(reported[3].says,
              AllOf(HasSubstr("patient.fodelsedatum in line 19: "), HasSubstr("YYYY-MM-DD"), HasSubstr("Its shape is 99999999."),
                    HasSubstr("becomes Bundle.entry[1].resource.birthDate")));
  EXPECT_EQ(reported[3].expression, "CosmicSamordningsmeddelande.patient.fodelsedatum");
  EXPECT_THAT(reported[4].says, HasSubstr("mottagare[2].roll in line 51: a code of the shape AAAAAAAAAAA"));
}

// Before, a check of the map was named, whose names are not the sender's.
TEST(Refusal, OfAnHl7v2MessageNamesTheFieldThatAMapAsksFor) {
  struct Row {
    std::vector<std::pair<std::string, std::string>> changes;
    std::vector<std::string> says;
  };
  for (const Row& row : std::vector<Row>{
           {{{"|1|AD|", "|1|XX|"}}, {"ROL-2 in line 6: the check", "Its shape is AA."}},
           {{{"|INSERT|", "|UPDATE|"}}, {"ZBE-4 in line 9: the check (trim().upper() = 'INSERT')"}},
           {{{"&1.2.752.129.2.1.3.1&", "&1.2.3.4&"}},
            {"PID-3(1).4.2 in line 3: a code of the shape 9.9.9.9 is not taken here", "PID-3(2).4.2 is missing from PID-3(2).4"}},
           {{{"195009072553^^^&1.2.752.129.2.1.3.1&ISO^NI~4711^^^JOURNAL^PI", ""}}, {"PID-3 is missing from PID in line 3."}},
           {{{"ADT^A01^ADT_A01", "ADT^A11^ADT_A09"}, {"\rZBE|R-1|", "\rZBE||"}}, {"ZBE-1 is missing from ZBE in line 9."}}}) {
    House house;
    const std::vector<Reported> reported =
        issues(house.send("adt", with(input("hl7v2-adt/cases/admission/input.hl7"), row.changes)));
    for (const std::string& says : row.says)
      EXPECT_TRUE(std::any_of(reported.begin(), reported.end(),
                              [&](const Reported& each) { return each.says.find(says) != std::string::npos; }))
          << says << "; " << reported.front().says;
  }
}

TEST(Refusal, OfATextThatIsTooLongNamesTheSendersField) {
  House house;
  const std::string body = with(input("cosmic-notice/cases/admission/input.xml"),
                                {{">Fall i hemmet<", ">" + std::string(limits::notice_text_bytes_max + 1, 'x') + "<"}});
  const std::vector<Reported> reported = issues(house.send("cosmic", body));
  ASSERT_EQ(reported.size(), 1u);
  EXPECT_THAT(reported[0].says, AllOf(HasSubstr("vardtillfalle.inskrivningsorsak in line 30: The text has 32769 bytes"),
                                      HasSubstr("at most 32768. Shorten it")));
}

TEST(Refusal, OfAPersonNumberNamesTheElementOfTheNumberAndNotOfItsKind) {
  House house;
  const std::string body =
      with(input("cosmic-notice/cases/admission/input.xml"), {{"<personId>195009072553<", "<personId>195009072554<"}});

  const std::vector<Reported> reported = issues(house.send("cosmic", body));

  ASSERT_EQ(reported.size(), 1u);
  EXPECT_THAT(reported[0].says, AllOf(HasSubstr("patient.personId in line 14: The check digit of the personnummer is wrong."),
                                      HasSubstr("Its shape is 999999999999.")));
  EXPECT_EQ(reported[0].expression, "CosmicSamordningsmeddelande.patient.personId");
}

TEST(Refusal, OfAPersonNumberInHl7v2NamesItsComponent) {
  House house;
  const std::string body = with(input("hl7v2-adt/cases/admission/input.hl7"), {{"195009072553", "195009072554"}});

  const std::vector<Reported> reported = issues(house.send("adt", body));

  ASSERT_EQ(reported.size(), 1u);
  EXPECT_THAT(reported[0].says, AllOf(HasSubstr("PID-3(1).1 in line 3: The check digit of the personnummer is wrong."),
                                      HasSubstr("Its shape is 999999999999.")));
}

TEST(Refusal, OfADateThatDoesNotExistInHl7v2) {
  for (const char* born : {"19501301", "19500230", "1950-13-01", "07/09/1950"}) {
    House house;
    const std::string body = with(input("hl7v2-adt/cases/admission/input.hl7"), {{"|19500907|", "|" + std::string(born) + "|"}});

    const std::vector<Reported> reported = issues(house.send("adt", body));

    ASSERT_EQ(reported.size(), 1u) << born;
    EXPECT_EQ(reported[0].severity, "error");
    EXPECT_EQ(reported[0].code, "value");
    EXPECT_EQ(reported[0].expression, "ADT_A01.PID.f7");
    EXPECT_THAT(reported[0].says,
                AllOf(HasSubstr("PID-7 in line 3: it is no date"), HasSubstr("YYYYMMDD"), HasSubstr("Its shape is 9")));
  }
}

TEST(Refusal, OfADateThatDoesNotExistTellsNotThatTheNoticeLacksIt) {
  House house;
  const std::string body =
      with(input("hl7v2-adt/cases/planned-discharge-changed/input.hl7"), {{"PV2|||||||||20260315", "PV2|||||||||20261315"}});

  const std::vector<Reported> reported = issues(house.send("adt", body));

  ASSERT_EQ(reported.size(), 1u);
  EXPECT_THAT(reported[0].says, HasSubstr("PV2-9 in line"));
}

TEST(Refusal, IsNotForADateThatNoRuleReadsOrOfWhichAPartIsKnown) {
  House house;
  const std::string body = with(input("hl7v2-adt/cases/admission/input.hl7"),
                                {{"|19500907|", "|19500900|"}, {"EVN||20260310091000||", "EVN||20260310091000|20261399|"}});

  const exchange::Receipt receipt = house.send("adt", body);

  EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
  EXPECT_THAT(receipt.text, AllOf(HasSubstr("its day is 00"), HasSubstr("EVN-3")));
  EXPECT_THAT(house.resource("Patient"), HasSubstr(R"("birthDate":"1950-09")"));
}

TEST(Refusal, OfATriggerEventListsEachCodeThatCanBeSentOnce) {
  House house;
  const std::string body = with(input("hl7v2-adt/cases/admission/input.hl7"), {{"ADT^A01", "ADT^A99"}});

  const std::vector<Reported> reported = issues(house.send("adt", body));

  ASSERT_EQ(reported.size(), 1u);
  EXPECT_THAT(reported[0].says,
              HasSubstr("MSH-9.2 in line 1: 'A99' is not taken here; taken are A01, A02, A03, A11, A12, A13, A16, "
                        "A21, A22, A40, A47."));
}

TEST(Refusal, OfAStayWithoutAClassIsToldOnce) {
  House house;

  const std::vector<Reported> reported =
      issues(house.send("medcom", input("medcom-hospitalnotification/cases/no-class/input.json")));

  ASSERT_EQ(reported.size(), 1u) << reported.back().says;
  EXPECT_THAT(reported[0].says, AllOf(HasSubstr("class"), Not(HasSubstr("admit-inpatient"))));
}

TEST(Receipt, OfADischargeBeforeTheAdmissionSaysSo) {
  House house;
  ASSERT_EQ(house.send("cosmic", input("cosmic-notice/cases/admission/input.xml")).outcome, store::Outcome::Stored);
  std::string body = input("cosmic-notice/cases/discharge/input.xml");
  for (const std::string element : {"handelse", "utskriven"}) {
    const std::size_t from = body.find("<" + element + ">") + element.size() + 2;
    body.replace(from, body.find('<', from) - from, "2026-02-01T10:00:00");
  }

  const exchange::Receipt receipt = house.send("cosmic", body);

  EXPECT_THAT(receipt.text, AllOf(HasSubstr("the discharge lies before the admission"), HasSubstr("Check both times"),
                                  Not(HasSubstr("no admission notice of this case counts"))));
}

TEST(Refusal, QuotesNoValueOfTheMessage) {
  House house;
  const std::string body =
      with(input("cosmic-notice/cases/admission/input.xml"), {{"<kon>2<", "<kon>Exempelsson<"},
                                                              {"<fodelsedatum>1950-09-07<", "<fodelsedatum>195009072553<"},
                                                              {"<personIdTyp>PNR<", "<personIdTyp>195009072553<"}});

  const exchange::Receipt receipt = house.send("cosmic", body);

  EXPECT_EQ(issues(receipt).size(), 3u);
  EXPECT_THAT(receipt.text, AllOf(Not(HasSubstr("Exempelsson")), Not(HasSubstr("19500907"))));
}

TEST(Refusal, OfWhatTheNoticeLacksNamesTheSendersField) {
  House house;
  const std::string body = with(input("cosmic-notice/cases/discharge-ready/input.xml"),
                                {{"<utskrivningsklar>2026-03-12T10:00:00<", "<utskrivningsklar>2026-03<"}});

  const std::vector<Reported> reported = issues(house.send("cosmic", body));

  ASSERT_EQ(reported.size(), 1u);
  EXPECT_THAT(reported[0].says, AllOf(HasSubstr("vardtillfalle.utskrivningsklar in line"), HasSubstr("must name the day")));
  EXPECT_EQ(reported[0].expression, "CosmicSamordningsmeddelande.vardtillfalle.utskrivningsklar");
}

TEST(Refusal, WhoseMissingPartHoldsTheRestStillNamesTheRest) {
  House house;
  std::string body = with(input("cosmic-notice/cases/admission/input.xml"), {{"<kon>2<", "<kon>7<"}});
  const std::size_t from = body.find("<avsandare>"), end = body.find("</avsandare>") + 12;
  body.erase(from, end - from);

  const std::vector<Reported> reported = issues(house.send("cosmic", body));

  ASSERT_EQ(reported.size(), 2u);
  EXPECT_THAT(reported[0].says, HasSubstr("avsandare is missing from the message."));
  EXPECT_THAT(reported[1].says, HasSubstr("patient.kon in line 18"));
}

TEST(Refusal, TellsSoManyFaultsAndCountsTheRest) {
  House house;
  std::string receivers;
  for (std::size_t each = 0; each < limits::faults_reported_max + 20; ++each)
    receivers += "<mottagare><hsaId>SE2120990011-HSV1</hsaId><roll>NAMND</roll></mottagare>\n";
  const std::string body = with(input("cosmic-notice/cases/admission/input.xml"), {{"</avsandare>", "</avsandare>" + receivers}});

  const std::vector<Reported> reported = issues(house.send("cosmic", body));

  ASSERT_EQ(reported.size(), limits::faults_reported_max + 1);
  EXPECT_EQ(reported.back().says, "There are 20 more faults, which are not told.");
  EXPECT_EQ(reported.back().severity, "information");
}

TEST(Refusal, OfAMessageOfAnotherFormatIsShownToOperatorsWhereItsNameIsNotItsSendersOwn) {
  struct Row {
    std::string channel, body, code, says;
  };
  const Row rows[] = {
      {"cosmic", input("hl7v2-adt/cases/admission/input.hl7"), "processing", "This is an HL7 v2 message, but the map takes"},
      {"cosmic", "<kon><patient>", "processing", ""},
      {"adt", R"({"resourceType":"Patient"})", "processing", "This is a 'Patient', but the map takes an HL7 v2 message."},
      {"cosmic", "<anna/>", "invalid", "The root element is 'anna'"}};
  for (const Row& row : rows) {
    House house;
    const std::vector<Reported> reported = issues(house.send(row.channel, row.body));
    ASSERT_EQ(reported.size(), 1u);
    EXPECT_EQ(reported[0].code, row.code) << reported[0].says;
    EXPECT_THAT(reported[0].says, HasSubstr(row.says));
  }
}

TEST(Refusal, SentAgainIsTheSameRefusal) {
  House house;
  const std::string body = with(input("cosmic-notice/cases/admission/input.xml"), {{"<kon>2<", "<kon>7<"}});
  const exchange::Receipt first = house.send("cosmic", body), second = house.send("cosmic", body);
  EXPECT_EQ(first.text, second.text);
  EXPECT_EQ(first.journal_id, second.journal_id);
}

}  // namespace
}  // namespace vardbron
