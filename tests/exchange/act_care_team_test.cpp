// Concern: something that a party writes of a fast vårdkontakt is dropped without a word, or taken for something else.
#include "gateway/exchange/act.h"
#include "gateway/exchange/act_notice.h"
#include "gateway/formats/json/parse.h"
#include "gateway/time/civil.h"
#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace vardbron::exchange {
namespace act_of_care_team {

const std::string appointed =
    R"({"resourceType":"CareTeam","status":"active","category":[{"coding":[{"system":)"
    R"("https://vardbron.example/fhir/CodeSystem/vardteam","code":"fast-kontakt"}]}],"encounter":{"reference":"Encounter/1"},)"
    R"("period":{"start":"2026-03-01"},)"
    R"("contained":[{"resourceType":"PractitionerRole","id":"kontakt","practitioner":{"display":"Eva Ek"},)"
    R"("telecom":[{"system":"phone","value":"040-2"}]}],"participant":[{"role":[{"coding":[{"system":)"
    R"("urn:oid:1.2.752.129.5.1.69","code":"4"}]}],"member":{"reference":"#kontakt","display":"Eva Ek"}}],)"
    R"("telecom":[{"system":"phone","value":"040-2"}]})";

/// A body with one change, and what becomes of it: the place that the refusal names; "" = it is taken.
struct Row {
  std::string part, other, where;
};

std::string changed(const Row& row) {
  std::string text = appointed;
  const std::size_t at = text.find(row.part);
  CHECK(at != std::string::npos);
  return text.replace(at, row.part.size(), row.other);
}

tree::Document parsed(const std::string& text) {
  Result<tree::Document> document = json::parse(text, empty_library().definitions().names());
  CHECK(document);
  return std::move(*document);
}

Result<std::optional<care::Notice>> read(const tree::Document& wanted, const tree::Document* current = nullptr) {
  static const std::map<std::string, care::Party> units;
  static const std::map<std::string, tree::Document> found;
  static const std::map<std::string, std::string> keys;
  static const std::string sender = home_care;
  const ActInput input{tree::root(wanted),
                       current ? tree::root(*current) : tree::Item{},
                       {},
                       units,
                       found,
                       keys,
                       sender,
                       time::parse_civil("2026-03-12T11:00:00+01:00")->at};
  const ActType& act = *find_act("CareTeam");
  if (Result<void> checked = check_elements(act, input); !checked) return std::move(checked).failure();
  return act.read(input);
}

void expect(const Row& row, const Result<std::optional<care::Notice>>& outcome) {
  SCOPED_TRACE(row.part + " -> " + row.other);
  if (row.where.empty()) {
    EXPECT_TRUE(outcome) << outcome.failure().where << ": " << outcome.failure().says;
    return;
  }
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.failure().cause, Cause::Unsupported);
  EXPECT_EQ(outcome.failure().where, row.where) << outcome.failure().says;
}

TEST(ActCareTeam, ANewOneIsTakenOverOrRefusedByItsName) {
  const std::vector<Row> rows = {
      {"", "", ""},
      {R"("status":"active")", R"("identifier":[{"system":"urn:own","value":"1"}],"status":"active")", ""},
      {R"("status":"active")", R"("status":"proposed")", "CareTeam.status"},
      {R"("status":"active",)", "", "CareTeam.status"},
      {"fast-kontakt", "team", "CareTeam.category"},
      {R"("period":{"start":"2026-03-01"},)", "", ""},
      {R"("start":"2026-03-01")", R"("start":"2026-03-01","end":"2026-03-02")", "CareTeam.period.end"},
      {R"("start":"2026-03-01")", R"("start":"2026-03-01","extension":[{"url":"urn:x","valueString":"x"}])",
       "CareTeam.period.extension"},
      {R"("participant":[)", R"("participant":[{"member":{"display":"Bo"}},)", "CareTeam.participant[1]"},
      {R"("member":{"reference":"#kontakt","display":"Eva Ek"})", R"("onBehalfOf":{"display":"x"})",
       "CareTeam.participant[0].onBehalfOf"},
      {R"("code":"4")", R"("code":"7")", "CareTeam.participant[0].role[0].coding[0].code"},
      {R"("display":"Eva Ek"}}],"telecom")", R"("display":"Bo Berg"}}],"telecom")", "CareTeam.contained[0].practitioner.display"},
      {R"("#kontakt")", R"("#else")", "CareTeam.participant[0].member.reference"},
      {R"("telecom":[{"system":"phone","value":"040-2"}]}],"part)", R"("specialty":[{"text":"x"}]}],"part)",
       "CareTeam.contained[0].specialty"},
      {R"("telecom":[{"system":"phone","value":"040-2"}]})", R"("telecom":[{"system":"email","value":"a@b"}]})",
       "CareTeam.contained[0].telecom[0].system"},
      {R"("telecom":[{"system":"phone","value":"040-2"}]})", R"("active":true})", ""},
      {R"("period")", R"("_status":{"extension":[{"url":"urn:x","valueString":"x"}]},"period")", "CareTeam.status.extension"},
      {R"("Encounter/1")", R"("Encounter/1","extension":[{"url":"urn:x","valueString":"x"}])", "CareTeam.encounter.extension"},
      {R"("code":"fast-kontakt")", R"("code":"fast-kontakt","userSelected":true)", "CareTeam.category[0].coding[0].userSelected"},
      {R"("code":"fast-kontakt"}])", R"("code":"fast-kontakt"}],"text":"x")", "CareTeam.category[0].text"},
      {R"("period")", R"("name":"Teamet","period")", "CareTeam.name"},
      {R"("period")", R"("note":[{"text":"x"}],"period")", "CareTeam.note[0]"},
      {R"("period")", R"("reasonCode":[{"text":"x"}],"period")", "CareTeam.reasonCode[0]"},
      {R"("period")", R"("meta":{"tag":[{"code":"x"}]},"period")", "CareTeam.meta.tag"},
      {R"("period")", R"("meta":{"profile":["urn:x"]},"period")", ""},
      {R"("period")", R"("extension":[{"url":"urn:x","valueString":"x"}],"period")", "CareTeam.extension[0]"},
      {R"("period")", R"("implicitRules":"urn:x","period")", "CareTeam.implicitRules"},
      {R"("period")", R"("managingOrganization":[{"display":"x"},{"display":"y"}],"period")",
       "CareTeam.managingOrganization[1]"}};
  for (const Row& row : rows) expect(row, read(parsed(changed(row))));
}

TEST(ActCareTeam, AKnownOneIsChangedOrEndedAndElseRefusedByName) {
  const tree::Document current = parsed(appointed);
  const std::vector<Row> rows = {{"", "", ""},
                                 {R"("value":"040-2"}]}],"part)", R"("value":"040-9"}]}],"part)", "CareTeam.telecom[0]"},
                                 {R"("status":"active")", R"("status":"inactive")", ""},
                                 {R"("status":"active")", R"("status":"entered-in-error")", "CareTeam.status"},
                                 {R"("status":"active")", R"("status":"suspended")", "CareTeam.status"},
                                 {R"("start":"2026-03-01")", R"("start":"2026-03-02")", "CareTeam.period.start"},
                                 {R"("start":"2026-03-01")", R"("start":"2026-03-01","end":"2026-03-12")", ""},
                                 {R"("start":"2026-03-01")", R"("start":"2026-03-01","end":"2026-03-13")", "CareTeam.period.end"},
                                 {"fast-kontakt", "team", "CareTeam.category[0]"},
                                 {R"("Encounter/1")", R"("Encounter/2")", "CareTeam.encounter"},
                                 {R"("code":"4")", R"("code":"1")", "CareTeam.participant[0].role"},
                                 {R"("period")", R"("name":"Teamet","period")", "CareTeam.name"}};
  for (const Row& row : rows) expect(row, read(parsed(changed(row)), &current));
}

TEST(ActCareTeam, WhatIsSaidBecomesTheNotice) {
  const tree::Document current = parsed(appointed);
  Result<std::optional<care::Notice>> said = read(current);
  ASSERT_TRUE(said && *said);
  EXPECT_EQ((*said)->event, care::Event::FastVardkontakt);
  EXPECT_EQ((*said)->contact->name, "Eva Ek");
  EXPECT_EQ((*said)->contact->phone, "040-2");
  EXPECT_EQ((*said)->contact->type, "4");
  EXPECT_EQ((*said)->contact->since, "2026-03-01");
  said = read(current, &current);
  ASSERT_TRUE(said);
  EXPECT_FALSE(*said) << "nothing is changed";
  said = read(parsed(changed({R"("status":"active")", R"("status":"inactive")", ""})), &current);
  ASSERT_TRUE(said && *said);
  EXPECT_EQ((*said)->contact->until, "2026-03-12T11:00:00+01:00");
}

}  // namespace act_of_care_team
}  // namespace vardbron::exchange
