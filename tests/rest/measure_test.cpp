#include "gateway/base/random.h"
#include "gateway/care/chain/policies.h"
#include "gateway/rest/measure_report.h"
#include "gateway/rest/month_stays.h"
#include "gateway/time/civil.h"
#include "tests/rest/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// Concern: what a municipality pays for a month by an average is told to those whose business it is, right and with its doubts.
namespace vardbron::rest {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* march = "?periodStart=2026-03-01&periodEnd=2026-03-31";

WallTime moment(std::string_view text) {
  Result<time::CivilTime> read = time::parse_civil(text);
  CHECK(read);
  return read->at;
}

class MonthMeasure : public testing::Test {
 protected:
  MonthMeasure() {
    house_.spine.policy = care::average();
    house_.spine.policy.prices = {{2026, 11'000}};
    house_.spine.policy.organisationsnummer = {{"0880", "2120990011"}, {"1280", "2120001124"}};
    go_to("2026-04-05T12:00:00");
  }
  void go_to(std::string_view at) { house_.spine.world.clock.shift_wall(moment(at) - house_.spine.world.clock.wall()); }
  void send(ANotice notice, const std::string& name, const std::string& id) {
    const http::Response answer = house_.send(notice.of_case(name).with_id(id + name).in_kommun("0880").with_address());
    EXPECT_EQ(answer.status, 200u) << answer.body;
  }
  /// Ready for discharge at half past nine on 10 March, and gone at that time.
  void stay(const std::string& name, const std::string& out) {
    send(ANotice("admission"), name, "M-1");
    send(ANotice("discharge-ready").at("2026-03-10T09:30:00+01:00").without_sip(), name, "M-2");
    send(ANotice("discharge").at(out).with_status("finished"), name, "M-3");
  }
  void three_stays() {
    stay("A-1", "2026-03-10T11:00:00+01:00");
    stay("A-2", "2026-03-12T11:00:00+01:00");
    stay("A-3", "2026-03-18T11:00:00+01:00");
  }
  http::Response report(const std::string& token, const std::string& query = march) {
    return house_.ask("GET", "/fhir/Measure/manadsmedelvarde/$evaluate-measure" + query, token);
  }
  House house_;
};

// Scenario 17.
TEST_F(MonthMeasure, TellsTheMunicipalityItsMeanAndWhatItPays) {
  three_stays();
  const http::Response open = report(home_care_token);
  ASSERT_EQ(open.status, 200u) << open.body;
  EXPECT_THAT(open.body, HasSubstr(R"("status":"pending")"));
  EXPECT_THAT(open.body, HasSubstr(R"("period":{"start":"2026-03-01","end":"2026-03-31"})"));
  EXPECT_THAT(open.body, HasSubstr(R"("value":3.33,"unit":"dygn")"));
  EXPECT_THAT(open.body, HasSubstr(R"({"url":"betaldygn","valueInteger":1})"));
  EXPECT_THAT(open.body, HasSubstr(R"({"url":"belopp","valueMoney":{"value":11000,"currency":"SEK"}})"));
  EXPECT_THAT(open.body, HasSubstr(R"("value":"2120990011"},"display":"Kommun 0880")"));
  EXPECT_THAT(open.body, HasSubstr(R"({"url":"stangs","valueDateTime":"2026-04-15T00:00:00+02:00"})"));
  EXPECT_THAT(open.body, Not(HasSubstr("anmarkning"))) << open.body;
  EXPECT_THAT(open.body, Not(HasSubstr("Exempelsson")));

  stay("A-4", "2026-03-10T13:00:00+01:00");
  EXPECT_THAT(report(home_care_token).body, HasSubstr(R"({"url":"betaldygn","valueInteger":0})"));
  EXPECT_THAT(report(home_care_token).body, HasSubstr(R"("value":2.50,"unit":"dygn")"));
  go_to("2026-04-15T00:00:00");
  EXPECT_THAT(report(home_care_token).body, HasSubstr(R"("status":"complete")"));
}

TEST_F(MonthMeasure, IsSeenByItsMunicipalityItsHospitalAndAnOperatorAndByNobodyElse) {
  three_stays();
  EXPECT_EQ(report(home_care_token).status, 200u);
  const http::Response of_unit = report(other_unit_token);
  EXPECT_EQ(of_unit.status, 200u) << "a unit that is party to no case: it is the municipality's sum";
  EXPECT_THAT(of_unit.body, HasSubstr(R"("value":3.33)"));
  const http::Response of_hospital = report(hospital_reader_token);
  EXPECT_EQ(of_hospital.status, 200u);
  EXPECT_THAT(of_hospital.body, HasSubstr("own-stays-only"));
  const http::Response of_operator = report(operator_token);
  EXPECT_EQ(of_operator.status, 200u);
  EXPECT_THAT(of_operator.body, Not(HasSubstr("own-stays-only")));
  for (const char* token : {health_centre_token, stranger_token}) {
    const http::Response answer = report(token);
    EXPECT_EQ(answer.status, 404u) << token;
    EXPECT_EQ(answer.body, report(token, "?periodStart=2026-02&periodEnd=2026-02").body) << "as where there is nothing";
  }
  EXPECT_EQ(report(hospital_token).status, 403u) << "a token that may only send";
  EXPECT_EQ(report("").status, 401u);
}

TEST_F(MonthMeasure, IsOfOneMunicipalityWhereThatIsAskedFor) {
  three_stays();
  for (const char* token : {home_care_token, operator_token, hospital_reader_token}) {
    EXPECT_EQ(report(token, std::string(march) + "&reporter=212099-0011").status, 200u) << token;
    EXPECT_EQ(report(token, std::string(march) + "&reporter=2120990029").status, 404u) << token;
  }
  EXPECT_EQ(report(stranger_token, std::string(march) + "&reporter=2120990011").status, 404u);
}

TEST_F(MonthMeasure, CountsEachStayInTheMonthOfItsEnd) {
  stay("A-1", "2026-03-31T23:59:00+02:00");
  stay("A-2", "2026-04-01T00:01:00+02:00");
  EXPECT_THAT(report(home_care_token).body, HasSubstr(R"("value":21.00)"));
  EXPECT_THAT(report(home_care_token, "?periodStart=2026-04&periodEnd=2026-04-30").body, HasSubstr(R"("value":22.00)"));
}

TEST_F(MonthMeasure, SaysThatALateNoticeChangedAMonthThatWasClosed) {
  three_stays();
  go_to("2026-04-20T12:00:00");
  EXPECT_THAT(report(home_care_token).body, Not(HasSubstr("anmarkning")));
  stay("A-4", "2026-03-10T13:00:00+01:00");
  const http::Response added = report(home_care_token);
  EXPECT_THAT(added.body, HasSubstr("changed-after-closing"));
  EXPECT_THAT(added.body, HasSubstr("with 3 stays, 10 days waited, 1 day to pay")) << added.body;
  EXPECT_THAT(added.body, HasSubstr("4 stays, 10 days waited, 0 days to pay"));

  // The stay of eight days moves to another month: it is missed where it was.
  const http::Response cancelled = house_.send(ANotice("nullified").replacing("M-3A-3").of_case("A-3").with_id("M-5"));
  ASSERT_EQ(cancelled.status, 200u) << cancelled.body;
  send(ANotice("discharge").at("2026-04-02T11:00:00+02:00").with_status("finished"), "A-3", "M-6");
  const http::Response moved = report(hospital_reader_token);
  EXPECT_THAT(moved.body, HasSubstr("with 3 stays, 10 days waited, 1 day to pay"));
  EXPECT_THAT(moved.body, HasSubstr("3 stays, 2 days waited, 0 days to pay"));
}

// Nothing says any more where the person is registered, and former versions are hidden.
TEST_F(MonthMeasure, SaysThatAProtectedStayCannotBeComparedWithAMonthThatWasClosed) {
  three_stays();
  go_to("2026-04-20T12:00:00");
  send(ANotice("admin").at("2026-04-19T12:00:00+02:00").with_protected_identity(), "A-3", "M-4");
  const http::Response answer = report(home_care_token);
  EXPECT_THAT(answer.body, HasSubstr("not-comparable"));
  EXPECT_THAT(answer.body, HasSubstr("hidden what they were then: 1."));
  EXPECT_THAT(answer.body, HasSubstr(R"("code":"measure-population"}]},"count":2})"));
  EXPECT_THAT(report(hospital_reader_token).body, HasSubstr("payer-unknown"));
}

TEST_F(MonthMeasure, SaysWhatAPersonHasToDecide) {
  house_.spine.policy.prices.clear();
  three_stays();
  send(ANotice("admission"), "A-4", "M-1");
  send(ANotice("discharge-ready").at("2026-03-10T09:30:00+01:00"), "A-4", "M-2");
  send(ANotice("discharge").at("2026-03-19T09:30:00+01:00").with_status("finished"), "A-4", "M-3");
  const http::Response answer = report(home_care_token);
  EXPECT_THAT(answer.body, HasSubstr("undecided-stays"));
  EXPECT_THAT(answer.body, HasSubstr("1 stay of 9 days"));
  EXPECT_THAT(answer.body, HasSubstr("No price of a day in 2026"));
  EXPECT_THAT(answer.body, Not(HasSubstr("belopp")));
  EXPECT_THAT(answer.body, HasSubstr(R"("value":3.33)"));
}

TEST_F(MonthMeasure, IsAskedForByPostAndForEachMeasureByName) {
  three_stays();
  const std::string parameters = R"({"resourceType":"Parameters","parameter":[{"name":"periodStart","valueDate":"2026-03-01"},)"
                                 R"({"name":"periodEnd","valueDate":"2026-03-31"}]})";
  const std::string path = "/fhir/Measure/manadsmedelvarde/$evaluate-measure";
  EXPECT_EQ(house_.ask("POST", path, home_care_token, parameters).status, 200u);
  const std::string of_type = std::string("/fhir/Measure/$evaluate-measure") + march;
  for (const char* name :
       {"manadsmedelvarde", "Measure/manadsmedelvarde", "https://vardbron.example/fhir/Measure/manadsmedelvarde"})
    EXPECT_EQ(house_.ask("GET", of_type + "&measure=" + name, home_care_token).status, 200u) << name;
  EXPECT_EQ(house_.ask("GET", of_type, home_care_token).status, 400u);
  EXPECT_EQ(house_.ask("GET", of_type + "&measure=other", home_care_token).status, 404u);
  EXPECT_EQ(house_.ask("GET", std::string("/fhir/Measure/other/$evaluate-measure") + march, home_care_token).status, 404u);
  EXPECT_EQ(house_.ask("DELETE", path, home_care_token).status, 405u);
  EXPECT_THAT(house_.ask("GET", "/fhir/metadata", "").body, HasSubstr(month_operation));
}

TEST_F(MonthMeasure, NamesTheParameterThatIsWrong) {
  three_stays();
  struct Row {
    const char* query;
    const char* names;
  };
  for (const Row& row :
       {Row{"", "periodStart"}, Row{"?periodStart=2026-03-01", "periodEnd"},
        Row{"?periodStart=2026-03-02&periodEnd=2026-03-31", "periodStart"},
        Row{"?periodStart=2026&periodEnd=2026", "periodStart"},
        Row{"?periodStart=2026-13-01&periodEnd=2026-13-31", "periodStart"},
        Row{"?periodStart=2026-03-01&periodEnd=2026-03-30", "periodEnd"},
        Row{"?periodStart=2026-03-01&periodEnd=2026-04-30", "periodEnd"}, Row{"?periodStart=2026-03&periodEnd=x", "periodEnd"},
        Row{"?periodStart=2026-03&periodEnd=2026-03&reportType=subject", "reportType"},
        Row{"?periodStart=2026-03&periodEnd=2026-03&reporter=12", "reporter"},
        Row{"?periodStart=2026-03&periodEnd=2026-03&measure=x", "measure"},
        Row{"?periodStart=2026-03&periodEnd=2026-03&subject=Patient/1", "subject"}}) {
    const http::Response answer = report(home_care_token, row.query);
    EXPECT_EQ(answer.status, 400u) << row.query;
    EXPECT_THAT(answer.body, HasSubstr(std::string("\"expression\":[\"") + row.names + "\"]")) << row.query << answer.body;
  }
  const http::Response lenient =
      house_.ask("GET", std::string("/fhir/Measure/manadsmedelvarde/$evaluate-measure") + march + "&subject=Patient/1",
                 home_care_token, "", {{"Prefer", "handling=lenient"}});
  EXPECT_EQ(lenient.status, 400u) << "a report has no place to say what was ignored";
}

TEST_F(MonthMeasure, IsInTheAccessLog) {
  three_stays();
  report(home_care_token);
  report(stranger_token);
  std::string log;
  const Result<std::vector<store::AuditRow>> rows = house_.spine.world.complete(house_.spine.store.audit_rows(0, 1000));
  ASSERT_TRUE(rows);
  for (const store::AuditRow& row : *rows) log += row.action + " " + row.caller + " " + row.subject + " " + row.says + "\n";
  EXPECT_THAT(log, HasSubstr("search SE2120990011-HSV1 Measure/manadsmedelvarde/$evaluate-measure 2026-03 3 matches"));
  EXPECT_THAT(log, HasSubstr("refuse SE2120990029-HSV9 Measure/manadsmedelvarde/$evaluate-measure 2026-03"));
}

// Invariants: nobody gets a sum but the payer, those who may read its charges, and an operator; and what the payer gets is the
// sum over all of its stays, whoever may read them.
TEST_F(MonthMeasure, KeepsItsAudienceOnARandomWalk) {
  SeededRandom random(45);
  int count = 0, waited = 0;
  for (int step = 0; step < 25; ++step) {
    const int days = static_cast<int>(random.below(9));
    const std::string name = "A-" + std::to_string(step);
    const bool is_ours = random.below(3) != 0;
    const std::string kommun = is_ours ? "0880" : "1280";
    for (ANotice notice : {ANotice("admission").with_id("M-1" + name),
                           ANotice("discharge-ready").at("2026-03-10T09:30:00+01:00").without_sip().with_id("M-2" + name),
                           ANotice("discharge")
                               .at("2026-03-" + std::to_string(10 + days) + "T11:00:00+01:00")
                               .with_status("finished")
                               .with_id("M-3" + name)})
      EXPECT_EQ(house_.send(notice.of_case(name).in_kommun(kommun).with_address()).status, 200u);
    if (is_ours) {
      ++count;
      waited += days;
    }
    if (count == 0) continue;
    const std::string ours = report(other_unit_token).body;
    EXPECT_THAT(ours, HasSubstr(R"("code":"vantedygn"}]},"count":)" + std::to_string(waited) + "}"));
    EXPECT_THAT(ours, Not(HasSubstr("Kommun 1280")));
    EXPECT_THAT(report(home_care_token).body, Not(HasSubstr("Kommun 1280"))) << "though its unit was a receiver";
    EXPECT_EQ(report(stranger_token).status, 404u);
    EXPECT_EQ(report(health_centre_token).status, 404u);
  }
}

}  // namespace
}  // namespace vardbron::rest
