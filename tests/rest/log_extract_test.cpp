// Concern: the list of what was done with a person's data is the organisation's own, complete, readable by a person, and harmless
// to the program that opens it.
#include "gateway/rest/log_extract.h"

#include "tests/rest/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace vardbron::rest {
namespace {

using exchange::home_care;
using exchange::hospital;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

store::AuditRow row(std::string action, std::string caller, std::string subject) {
  store::AuditRow made;
  made.action = std::move(action);
  made.caller = std::move(caller);
  made.subject = std::move(subject);
  made.case_key = std::string(hospital) + "|urn:test:cases|A-1";
  made.at = WallTime{std::chrono::milliseconds{1'774'692'000'000}};  // 2026-03-28 11:00 in Stockholm
  return made;
}

TEST(LogExtract, IsATableThatASwedishSpreadsheetReads) {
  LogExtract extract{
      "195009072553", hospital, {}, {row("read", home_care, "Encounter/1"), row("deliver", home_care, "CarePlan/2")}, {}};
  extract.name_of = [](std::string_view id) { return id == home_care ? std::string("Hemsjukvården") : std::string(); };
  EXPECT_EQ(to_csv(extract),
            "\xEF\xBB\xBF\"Tidpunkt\";\"Vem (vårdgivare eller enhet)\";\"Åtgärd\";\"Uppgift\";\"Skickat till\";\"Ärende\"\r\n"
            "\"2026-03-28T11:00:00+01:00\";\"Hemsjukvården (SE2120990011-HSV1)\";\"Läst\";\"Vårdtillfälle\";\"\";\"A-1\"\r\n"
            "\"2026-03-28T11:00:00+01:00\";\"SE2321990018-MED5\";\"Skickat\";\"Plan\";\"Hemsjukvården "
            "(SE2120990011-HSV1)\";\"A-1\"\r\n");
}

TEST(LogExtract, NamesTheArendeWhole) {
  for (const char* before : {"SE-A|urn:test:cases|", "plan|SE-A|urn:test:cases|", "plan|sip|SE-A||"}) {
    LogExtract extract{"1", "SE-A", {}, {row("read", home_care, "Task/1")}, {}};
    extract.rows[0].case_key = std::string(before) + "A|=1";
    EXPECT_THAT(to_csv(extract), HasSubstr(";\"A|=1\"\r\n")) << before;
  }
}

TEST(LogExtract, NamesNoArendeOfWhatIsOfThePersonAlone) {
  LogExtract extract{"195009072553", hospital, {}, {row("search", home_care, "Patient")}, {}};
  extract.rows[0].case_key = "person|97f3efc83ae3254a1b438dc85f6583a9";
  EXPECT_THAT(to_csv(extract), HasSubstr("\"Personuppgifter\";\"\";\"\"\r\n"));
  EXPECT_THAT(to_html(extract), Not(HasSubstr("97f3efc8")));
}

TEST(LogExtract, HasNoCellThatASpreadsheetTakesForAFormula) {
  for (const char* text : {"=1+1", "+46", "-1", "@SUM(A1)", "\tx", "\rx"}) {
    LogExtract extract{"1", "SE-A", {}, {row("read", text, "Task/1")}, {}};
    extract.rows[0].case_key = "a|b|" + std::string(text);
    const std::string csv = to_csv(extract);
    for (const char* start : {";\"=", ";\"+", ";\"-", ";\"@", ";\"\t", ";\" x"}) EXPECT_THAT(csv, Not(HasSubstr(start))) << text;
    EXPECT_THAT(csv, HasSubstr(";\"'"));
  }
  LogExtract extract{"1", "SE-A", {}, {row("read", "a\";b\nc", "Task/1")}, {}};
  EXPECT_THAT(to_csv(extract), HasSubstr("\"a\"\";b c\""));
}

TEST(LogExtract, IsAPageWithoutScriptInWhichTextsAreTexts) {
  LogExtract extract{"195009072553", hospital, {}, {row("read", "<script>alert(1)</script>&\"", "Task/1")}, {}};
  const std::string html = to_html(extract);
  EXPECT_THAT(html, StartsWith("<!DOCTYPE html>\n<html lang=\"sv\">"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\">Åtgärd</th>"));
  EXPECT_THAT(html, HasSubstr("2026-03-28T11:00:00+01:00"));
}

class Loggutdrag : public testing::Test {
 protected:
  Loggutdrag() {
    EXPECT_EQ(house_.send(ANotice("admission")).status, 200u);
    EXPECT_EQ(house_.ask("GET", "/fhir/Task", home_care_token).status, 200u);
  }
  http::Response ask(const std::string& form, const std::string& token, const std::string& address = "") {
    return house_.ask("POST", "/fhir/AuditEvent/$loggutdrag" + address, token, form,
                      {{"Content-Type", "application/x-www-form-urlencoded"}});
  }
  House house_;
};

TEST_F(Loggutdrag, IsTheOrganisationsOwnRowsOfItsPatient) {
  const http::Response of_hospital = ask("personnummer=19500907-2553", hospital_reader_token);
  ASSERT_EQ(of_hospital.status, 200u) << of_hospital.body;
  EXPECT_EQ(http::find(of_hospital.fields, "Content-Type"), "text/csv; charset=utf-8; header=present");
  EXPECT_THAT(of_hospital.body, HasSubstr("\"Meddelande lämnat\""));
  EXPECT_THAT(of_hospital.body, HasSubstr("\"Sökt fram\""));
  EXPECT_THAT(of_hospital.body, Not(HasSubstr("195009072553")));
  const http::Response of_home_care = ask("personnummer=195009072553&format=html", home_care_token);
  ASSERT_EQ(of_home_care.status, 200u);
  EXPECT_EQ(http::find(of_home_care.fields, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(of_home_care.body, HasSubstr("<td>Sökt fram</td>"));
  EXPECT_THAT(of_home_care.body, Not(HasSubstr("<td>Meddelande lämnat</td>"))) << "the hospital's";
  EXPECT_EQ(http::find(of_home_care.fields, "Cache-Control"), "no-store");
}

TEST_F(Loggutdrag, SaysTheSameOfAnotherOrganisationsPatientAndOfAnUnknownPerson) {
  const http::Response of_stranger = ask("personnummer=195009072553", stranger_token);
  const http::Response of_nobody = ask("personnummer=196408233234", stranger_token);
  EXPECT_EQ(of_stranger.status, 404u);
  EXPECT_EQ(of_nobody.status, 404u);
  EXPECT_EQ(of_stranger.body, of_nobody.body);
}

TEST_F(Loggutdrag, TakesTheNumberInTheFormAlone) {
  struct Row {
    const char* form;
    const char* address;
    unsigned status;
  };
  const Row table[] = {{"", "?personnummer=195009072553", 400},
                       {"personnummer=195009072553", "?format=html", 400},
                       {"personnummer=19500907", "", 400},
                       {"personnummer=195009072554", "", 400},
                       {"format=csv", "", 400},
                       {"personnummer=195009072553&format=pdf", "", 400},
                       {"personnummer=195009072553&namn=x", "", 400}};
  for (const Row& row : table) {
    const http::Response answer = ask(row.form, hospital_reader_token, row.address);
    EXPECT_EQ(answer.status, row.status) << row.form << row.address << answer.body;
    EXPECT_THAT(answer.body, Not(HasSubstr("19500907255"))) << "a refusal never repeats a number";
  }
  EXPECT_EQ(house_.ask("POST", "/fhir/AuditEvent/$loggutdrag", hospital_reader_token, "{}").status, 415u);
}

TEST_F(Loggutdrag, IsOfAllNumbersOfThePerson) {
  EXPECT_EQ(house_.send(ANotice("planning").with_id("M-2").at("2026-03-11T10:00:00+01:00").also_about("196408233234")).status,
            200u);
  const http::Response by_one = ask("personnummer=195009072553", hospital_reader_token);
  const http::Response by_other = ask("personnummer=196408233234", hospital_reader_token);
  ASSERT_EQ(by_other.status, 200u) << by_other.body;
  EXPECT_THAT(by_one.body, HasSubstr("\"Meddelande lämnat\""));
  EXPECT_THAT(by_other.body, StartsWith(by_one.body)) << "and that it was asked for";
}

TEST_F(Loggutdrag, IsNotOfAStayThatIsAnotherPersonsNow) {
  EXPECT_EQ(house_.send(ANotice("nullified").with_id("M-2").at("2026-03-11T10:00:00+01:00").replacing("M-1")).status, 200u);
  EXPECT_EQ(house_.send(ANotice("admission").with_id("M-3").at("2026-03-11T11:00:00+01:00").about("196408233234")).status, 200u);
  EXPECT_THAT(ask("personnummer=195009072553", hospital_reader_token).body, Not(HasSubstr("Meddelande lämnat")));
  EXPECT_THAT(ask("personnummer=196408233234", hospital_reader_token).body, HasSubstr("Meddelande lämnat"));
}

TEST_F(Loggutdrag, IsInTheLogItself) {
  ASSERT_EQ(ask("personnummer=195009072553", home_care_token).status, 200u);
  const http::Response again = ask("personnummer=195009072553", home_care_token);
  EXPECT_THAT(again.body, HasSubstr("\"Loggutdrag gjort\";\"Personuppgifter\""));
}

}  // namespace
}  // namespace vardbron::rest
