#include "gateway/rest/answer_form.h"

#include "gateway/fhir/check.h"
#include "gateway/fhir/other_release.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/xml/parse.h"
#include "r4.h"
#include "r5.h"
#include "tests/rest/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>

// Concern: who asks for FHIR R5 gets it whole or is refused; who does not gets the bytes of R4. Scenario C 32, R5.

namespace vardbron::rest {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view r5_json = "application/fhir+json; fhirVersion=5.0", r5_xml = "application/fhir+xml; fhirVersion=5.0";

std::shared_ptr<const exchange::MapSet> maps_of(const std::string& text) {
  auto made = std::make_shared<mapping::Library>(r4());
  CHECK(made->add_map("careteam-r4-to-r5.fml", text));
  for (tree::Document& structure : fhir::structures_of_other_release(r5(), r4()))
    CHECK(made->add_resource("FHIR 5.0", std::move(structure)));
  CHECK(made->build().empty());
  std::shared_ptr<const fhir::Definitions> other(std::shared_ptr<const void>(), &r5());
  return std::make_shared<const exchange::MapSet>(exchange::MapSet{std::move(made), "digest", std::move(other)});
}

const exchange::MapRegistry& real_maps() {
  static const exchange::MapRegistry registry = [] {
    std::ifstream file(VARDBRON_SOURCE_DIR "/mappings/careteam-r4-to-r5/careteam-r4-to-r5.fml", std::ios::binary);
    return exchange::MapRegistry(maps_of(std::string(std::istreambuf_iterator<char>(file), {})));
  }();
  return registry;
}

/// A map of the same name that finds something R5 has no place for in everything.
const exchange::MapRegistry& refusing_maps() {
  static const exchange::MapRegistry registry(
      maps_of("map '" + std::string(care_team_r5_map) +
              "' = 'CareTeamR4toR5'\n"
              "uses 'http://hl7.org/fhir/4.0/StructureDefinition/CareTeam' alias S as source\n"
              "uses 'http://hl7.org/fhir/5.0/StructureDefinition/CareTeam' alias T as target\n"
              "group main(source s : S, target t : T) { s.status as status check (%status = 'none') -> t.status = status; }\n"));
  return registry;
}

class InR5 : public testing::Test {
 protected:
  InR5() : InR5(&real_maps()) {}
  explicit InR5(const exchange::MapRegistry* registry) : house_(registry) {
    EXPECT_EQ(house_.send(ANotice("admission")).status, 200u);
    const ANotice contact = ANotice("fast-vardkontakt").with_id("M-2").sent_by(exchange::health_centre).naming_contact("Bo Lind");
    EXPECT_EQ(house_.send(contact).status, 200u);
    team_ = "/fhir/CareTeam/" + house_.first_id("CareTeam");
  }
  http::Response ask(const std::string& target, std::string_view accept, const std::string& method = "GET",
                     std::string body = "") {
    return house_.ask(method, target, home_care_token, std::move(body), {{"Accept", std::string(accept)}});
  }

  House house_;
  std::string team_;
};

std::string type_of(const http::Response& answer) { return std::string(http::find(answer.fields, "Content-Type")); }

void expect_valid_r5(const http::Response& answer) {
  Result<tree::Document> document = json::parse(answer.body, r5().names());
  if (type_of(answer).find("xml") != std::string::npos) {
    const Result<tree::Document> plain = xml::parse(answer.body, r5().names());
    ASSERT_TRUE(plain) << answer.body;
    document = fhir::from_xml(*plain, r5());
  }
  ASSERT_TRUE(document) << document.failure().says << answer.body;
  for (const fhir::Issue& issue : fhir::check(*document, r5())) ADD_FAILURE() << issue.where << ": " << issue.says;
}

TEST_F(InR5, ACareTeamIsReadInTheFormOfR5) {
  for (const std::string_view accept : {r5_json, r5_xml}) {
    for (const std::string& target : {team_, team_ + "/_history/1", team_ + "/_history", std::string("/fhir/CareTeam/_history"),
                                      std::string("/fhir/CareTeam"), std::string("/fhir/CareTeam?category=fast-kontakt"),
                                      "/fhir/Patient/" + house_.first_id("Patient") + "/CareTeam"}) {
      const http::Response answer = ask(target, accept);
      ASSERT_EQ(answer.status, 200u) << target << answer.body;
      EXPECT_THAT(type_of(answer), HasSubstr("; fhirVersion=5.0")) << target;
      EXPECT_THAT(answer.body, HasSubstr("https://fhir.inera.se/ig/careteam/CodeSystem/typ-av-careteam-cs")) << target;
      EXPECT_THAT(answer.body, HasSubstr("http://hl7.org/fhir/4.0/StructureDefinition/extension-CareTeam.encounter")) << target;
      EXPECT_THAT(answer.body, Not(HasSubstr("CodeSystem/vardteam"))) << target;
      EXPECT_THAT(answer.body, HasSubstr("Bo Lind")) << target;
      expect_valid_r5(answer);
    }
  }
}

TEST_F(InR5, APostedSearchAndAHeadAreServedToo) {
  const http::Response found = ask("/fhir/CareTeam/_search", r5_json, "POST", "status=active");
  ASSERT_EQ(found.status, 200u) << found.body;
  EXPECT_THAT(found.body, HasSubstr("typ-av-careteam-cs"));
  EXPECT_EQ(ask(team_, r5_json, "HEAD").status, 200u);
  EXPECT_THAT(type_of(ask(team_ + "?_format=" + http::percent_encoded(r5_xml), "*/*")), HasSubstr("fhir+xml"));
  EXPECT_THAT(type_of(ask(team_ + "?_format=" + http::percent_encoded(r5_xml), "*/*")), HasSubstr("fhirVersion=5.0"));
  EXPECT_THAT(type_of(ask(team_ + "?_format=json", r5_xml)), HasSubstr("fhir+json; charset=utf-8; fhirVersion=5.0"));
}

TEST_F(InR5, WhoDoesNotAskGetsTheBytesOfR4) {
  House without;
  EXPECT_EQ(without.send(ANotice("admission")).status, 200u);
  const http::Response plain = ask(team_, "application/fhir+json");
  ASSERT_EQ(plain.status, 200u);
  EXPECT_EQ(type_of(plain), "application/fhir+json; charset=utf-8");
  EXPECT_THAT(plain.body, HasSubstr("CodeSystem/vardteam"));
  for (const char* accept : {"*/*", "", "application/fhir+json; fhirVersion=4.0", "application/fhir+json;fhirVersion=4.0.1",
                             "application/fhir+json; fhirVersion=5.0; q=0.5, application/fhir+json"}) {
    const http::Response answer = ask(team_, accept);
    EXPECT_EQ(answer.body, plain.body) << accept;
    EXPECT_EQ(type_of(answer), type_of(plain)) << accept;
  }
}

TEST_F(InR5, OtherTypesAndReleasesAreNotAcceptableAndSayWhatIs) {
  const std::string task = "/fhir/Task/" + house_.first_id("Task"), patient = "/fhir/Patient/" + house_.first_id("Patient");
  for (const std::string& target : {patient, task, std::string("/fhir/Task"), patient + "/$everything",
                                    std::string("/fhir/Subscription"), patient + "/Encounter"}) {
    const http::Response answer = ask(target, r5_json);
    EXPECT_EQ(answer.status, 406u) << target;
    EXPECT_THAT(answer.body, HasSubstr("In R5 (fhirVersion=5.0) CareTeams are read and searched for, and nothing else."))
        << target;
    EXPECT_THAT(answer.body, HasSubstr("FHIR R4 (fhirVersion=4.0)")) << target;
    EXPECT_EQ(ask(target, "application/fhir+json; fhirVersion=5.0, application/fhir+json; q=0.9").status, 200u) << target;
  }
  for (const char* accept : {"application/fhir+json; fhirVersion=3.0", "application/fhir+json; fhirVersion=6.0"})
    EXPECT_EQ(ask(team_, accept).status, 406u) << accept;
  EXPECT_EQ(ask(patient + "?_format=" + http::percent_encoded(r5_json), "*/*").status, 406u);
}

TEST_F(InR5, WritesAreOfR4AndNothingIsKeptOfOthers) {
  const std::string task = "/fhir/Task/" + house_.first_id("Task");
  const std::string body = ask(task, "application/fhir+json").body;
  EXPECT_EQ(ask(task, r5_json, "PUT", body).status, 406u);
  const auto sent = [&](const std::string& method, const std::string& target, const std::string& token, const std::string& text) {
    return house_.ask(method, target, token, text, {{"Content-Type", std::string(r5_json)}});
  };
  const http::Response put = sent("PUT", task, home_care_token, body);
  EXPECT_EQ(put.status, 415u);
  EXPECT_THAT(put.body, HasSubstr("what is sent here is FHIR R4, which is fhirVersion=4.0"));
  const http::Response notice =
      sent("POST", "/fhir/$process-message", hospital_token, ANotice("admission").with_id("M-9").json());
  EXPECT_EQ(notice.status, 415u);
  EXPECT_THAT(notice.body, HasSubstr("Nothing of the message was kept."));
  EXPECT_EQ(sent("POST", "/fhir/Subscription", home_care_token, "{}").status, 415u);
  EXPECT_EQ(ask(task, "application/fhir+json").body, body);
}

TEST_F(InR5, ASearchHasTheParametersAndElementsOfR5) {
  const http::Response encounter = ask("/fhir/CareTeam?encounter=x", r5_json);
  EXPECT_EQ(encounter.status, 400u);
  EXPECT_THAT(encounter.body, HasSubstr("encounter"));
  EXPECT_EQ(ask("/fhir/CareTeam?encounter=x", "*/*").status, 200u);
  EXPECT_EQ(ask("/fhir/CareTeam?_elements=encounter", r5_json).status, 400u);
  EXPECT_EQ(ask(team_ + "?_elements=encounter", r5_json).status, 400u);
  EXPECT_EQ(ask(team_ + "?_elements=reason,participant", r5_json).status, 200u);
  const http::Response part = ask("/fhir/CareTeam?_elements=reason", r5_json);
  EXPECT_EQ(part.status, 200u) << part.body;
  EXPECT_THAT(part.body, HasSubstr("SUBSETTED"));
  EXPECT_THAT(part.body, Not(HasSubstr("participant")));
  const http::Response included = ask("/fhir/CareTeam?_include=CareTeam:subject", r5_json);
  EXPECT_EQ(included.status, 400u);
  EXPECT_THAT(included.body, HasSubstr("search for what they refer to in R4"));
}

TEST_F(InR5, TheCapabilityStatementOfEachReleaseTellsWhatIsServed) {
  const http::Response of_r5 = house_.ask("GET", "/fhir/metadata", "", "", {{"Accept", std::string(r5_json)}});
  ASSERT_EQ(of_r5.status, 200u) << of_r5.body;
  EXPECT_THAT(of_r5.body, HasSubstr(R"("fhirVersion":"5.0.0")"));
  EXPECT_THAT(of_r5.body, HasSubstr("RIVCareManager-careteam"));
  EXPECT_THAT(of_r5.body, Not(HasSubstr("\"Task\"")));
  EXPECT_THAT(of_r5.body, Not(HasSubstr("\"name\":\"encounter\"")));
  expect_valid_r5(of_r5);
  const http::Response of_r4 = ask("/fhir/metadata", "*/*");
  EXPECT_THAT(of_r4.body, HasSubstr(R"("fhirVersion":"4.0.1")"));
  EXPECT_THAT(of_r4.body, HasSubstr("fhirVersion=5.0"));
  House without;
  EXPECT_THAT(without.ask("GET", "/fhir/metadata", "").body, Not(HasSubstr("fhirVersion=5.0")));
}

class WithARefusingMap : public InR5 {
 protected:
  WithARefusingMap() : InR5(&refusing_maps()) {}
};

TEST_F(WithARefusingMap, WhatR5HasNoPlaceForIsRefusedAndNamed) {
  for (const std::string& target : {team_, std::string("/fhir/CareTeam"), team_ + "/_history"}) {
    const http::Response answer = ask(target, r5_json);
    EXPECT_EQ(answer.status, 406u) << target;
    EXPECT_THAT(answer.body, HasSubstr(team_.substr(6) + " cannot be given in FHIR R5")) << target;
    EXPECT_THAT(answer.body, Not(HasSubstr("Bo Lind"))) << target;
    EXPECT_EQ(ask(target, "*/*").status, 200u);
  }
}

TEST(WithoutAMap, R5IsNotAcceptable) {
  House house;
  EXPECT_EQ(house.send(ANotice("admission")).status, 200u);
  const http::Response answer = house.ask("GET", "/fhir/CareTeam", home_care_token, "", {{"Accept", std::string(r5_json)}});
  EXPECT_EQ(answer.status, 406u);
  EXPECT_THAT(answer.body, HasSubstr("none makes FHIR R5"));
}

}  // namespace
}  // namespace vardbron::rest
