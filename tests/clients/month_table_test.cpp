#include "gateway/clients/month_table.h"

#include "gateway/formats/json/parse.h"

#include <gtest/gtest.h>

#include <string>

// Concern: the report of a month is a table that a spreadsheet reads, with every figure of the MeasureReport in its column.
namespace vardbron::clients {
namespace {

std::string table(const std::string& strata) {
  const tree::Names names;
  Result<tree::Document> report = json::parse(
      R"({"resourceType":"MeasureReport","period":{"start":"2026-03-01","end":"2026-03-31"},"group":[{"stratifier":[{"stratum":[)" +
          strata + "]}]}]}",
      names);
  CHECK(report);
  const std::string text = month_table(tree::root(*report));
  const std::string headings =
      "month,municipality,organisationsnummer,agreement,stays,undecided_stays,waited_days,undecided_days,mean_days,"
      "free_mean_days,chargeable_days,price_sek,amount_sek,state,closes,remarks\n";
  CHECK(text.starts_with(headings));
  return text.substr(headings.size());
}

std::string population(const std::string& code, int count) {
  return R"({"code":{"coding":[{"code":")" + code + R"("}]},"count":)" + std::to_string(count) + "}";
}

std::string stratum(const std::string& parts, const std::string& agreement) {
  return R"({"extension":[{"url":"https://vardbron.example/fhir/StructureDefinition/manadssumma","extension":[)"
         R"({"url":"betalningsansvarig","valueReference":{"identifier":{"value":"2120990011"},"display":"Kommun 0880"}},)"
         R"({"url":"betalningsavtal","valueString":")" +
         agreement + "\"}," + parts + R"(]}],"population":[)" + population("initial-population", 4) + "," +
         population("measure-population", 3) + "," + population("measure-population-exclusion", 1) + "," +
         population("vantedygn", 10) + "," + population("oavgjorda-vantedygn", 9) + R"(],"measureScore":{"value":3.33}})";
}

TEST(MonthTable, HasARowForEachMunicipalityAndAgreement) {
  const std::string closed =
      R"({"url":"stangd","valueBoolean":true},{"url":"stangs","valueDateTime":"2026-04-15T00:00:00+02:00"},)"
      R"({"url":"fritt-medelvarde","valueDecimal":3.0},{"url":"betaldygn","valueInteger":1},)"
      R"({"url":"dygnspris","valueMoney":{"value":11000,"currency":"SEK"}},)"
      R"({"url":"belopp","valueMoney":{"value":11000,"currency":"SEK"}})";
  EXPECT_EQ(table(stratum(closed, "SKANE") + "," + stratum(R"({"url":"stangd","valueBoolean":false})", "OLD")),
            "2026-03,Kommun 0880,2120990011,SKANE,3,1,10,9,3.33,3.0,1,11000,11000,closed,2026-04-15T00:00:00+02:00,\n"
            "2026-03,Kommun 0880,2120990011,OLD,3,1,10,9,3.33,,,,,open,,\n");
}

TEST(MonthTable, KeepsRemarksInOneCellAndNoCellIsAFormula) {
  const std::string remarks =
      R"({"url":"anmarkning","valueCodeableConcept":{"coding":[{"code":"no-agreement"}],"text":"No agreement \"A, B\"."}},)"
      R"({"url":"anmarkning","valueCodeableConcept":{"coding":[{"code":"payer-unknown"}],"text":"Nobody is charged."}})";
  EXPECT_EQ(table(stratum(remarks, "=A1+1")),
            "2026-03,Kommun 0880,2120990011,'=A1+1,3,1,10,9,3.33,,,,,open,,"
            "\"no-agreement: No agreement \"\"A, B\"\". payer-unknown: Nobody is charged.\"\n");
}

}  // namespace
}  // namespace vardbron::clients
