// Concern: a real gateway with our maps gives its CareTeams in FHIR R5, as Inera's RIVCareManager 0.9 has them. Scenario C 32.
#include "gateway/fhir/check.h"
#include "gateway/formats/json/parse.h"
#include "gateway/workbench/case.h"
#include "r5.h"
#include "tests/play/gateway_process.h"
#include "tests/play/loop_thread.h"
#include "tests/play/play.h"
#include "tests/play/played_caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace vardbron::play {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* profile = "https://fhir.inera.se/ig/careteam/StructureDefinition/RIVCareManager-careteam";
constexpr const char* contact_types =
    "https://terminologitjansten.inera.se/inera-kodverksforvaltning/kodverk/kv_typ_av_fast_kontakt";

class ReleaseR5 : public testing::Test {
 protected:
  ReleaseR5() {
    fs::remove_all(folder_);
    gateway_.emplace(VARDBRON_BINARY_DIR "/bin/vardbron", folder_, players());
  }
  ~ReleaseR5() override {
    gateway_.reset();
    fs::remove_all(folder_);
  }
  static std::vector<Player> players() {
    return {{"SE2321990018-MED5", hospital_token, {"send"}, {"SE2321990018-*", "SE2120990011-*"}},
            {"SE2321990018-VC07", subscriber_token(2), {"receive"}}};
  }
  http::Response ask(const std::string& target, const std::string& accept) {
    return call("GET", target, subscriber_token(2), "", {{"Accept", accept}});
  }
  http::Response call(std::string method, std::string target, const std::string& token, std::string body,
                      http::Fields more = {}) {
    PlayedCaller caller(gateway_->port(), token, clock_);
    std::string type = body.empty() ? "" : "application/xml";
    Result<http::Response> answer =
        loop_.run(caller.call(std::move(method), std::move(target), std::move(type), std::move(body), std::move(more)));
    CHECK(answer);
    return std::move(*answer);
  }
  void send(const std::string& notice) {
    const http::Response answer = call("POST", "/intake/cosmic", hospital_token, notice);
    ASSERT_EQ(answer.status, 200u) << answer.body;
  }

  const fs::path folder_ = fs::temp_directory_path() / ("vardbron-r5-" + std::to_string(getpid()));
  RealClock clock_;
  LoopThread loop_;
  std::optional<GatewayProcess> gateway_;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// Of the profile's differential, element by element: category, subject, participant, participant.member, participant.role.
void expect_care_manager(tree::Item team) {
  EXPECT_EQ(team.child("meta").child("profile").text(), profile);
  EXPECT_EQ(team.child("category").child("coding").text_of("system"),
            "https://fhir.inera.se/ig/careteam/CodeSystem/typ-av-careteam-cs");
  EXPECT_EQ(team.child("category").child("coding").text_of("code"), "fast-kontakt");
  EXPECT_THAT(std::string(team.child("subject").text_of("reference")), HasSubstr("Patient/"));
  const tree::Item participant = team.child("participant");
  EXPECT_FALSE(participant.next() && participant.next().name_text() == "participant");
  EXPECT_EQ(participant.child("role").child("coding").text_of("system"), contact_types);
  EXPECT_EQ(participant.child("member").text_of("reference"), "#" + std::string(team.child("contained").text_of("id")));
  EXPECT_EQ(team.child("contained").text_of("resourceType"), "PractitionerRole");
  EXPECT_FALSE(team.child("contained").child("telecom"));
  EXPECT_EQ(team.child("contained").child("contact").child("telecom").text_of("value"), team.child("telecom").text_of("value"));
}

TEST_F(ReleaseR5, FiveContactsAreFiveCareTeamsOfInerasProfile) {
  ASSERT_TRUE(gateway_->start());
  ASSERT_NO_FATAL_FAILURE(send(cosmic_notice({"admission", "M-0", "C-1"})));
  struct Appointed {
    std::string unit, name, type;
  };
  const std::vector<Appointed> appointed = {{"SE2321990018-VC07", "Anna Påhittad", "1"},
                                            {"SE2321990018-PSY1", "Berit Påhittad", "1"},
                                            {"SE2321990018-VC07", "Cecilia Påhittad", "2"},
                                            {"SE2321990018-VC07", "David Påhittad", "3"},
                                            {"SE2321990018-VC07", "Eva Påhittad", "4"}};
  const std::string sample = *workbench::text_of(VARDBRON_SOURCE_DIR "/mappings/cosmic-notice/cases/fast-vardkontakt/input.xml");
  for (std::size_t at = 0; at < appointed.size(); ++at) {
    std::string notice = replaced(sample, "M-1107", "M-" + std::to_string(at + 1));
    notice = replaced(std::move(notice), "A-2026-000417", "C-1");
    notice = replaced(std::move(notice), "SE2321990018-VC07", appointed[at].unit);
    notice = replaced(std::move(notice), "Sara Påhittad, distriktssköterska", appointed[at].name);
    ASSERT_NO_FATAL_FAILURE(send(replaced(std::move(notice), "<typ>1</typ>", "<typ>" + appointed[at].type + "</typ>")));
  }

  const http::Response found = ask("/fhir/CareTeam?status=active", "application/fhir+json; fhirVersion=5.0");

  ASSERT_EQ(found.status, 200u) << found.body;
  EXPECT_EQ(http::find(found.fields, "Content-Type"), "application/fhir+json; charset=utf-8; fhirVersion=5.0");
  Result<tree::Document> bundle = json::parse(found.body, r5().names());
  ASSERT_TRUE(bundle);
  for (const fhir::Issue& issue : fhir::check(*bundle, r5())) ADD_FAILURE() << issue.where << ": " << issue.says;
  std::multiset<std::string> types;
  for (tree::Item entry = tree::root(*bundle).first_child(); entry; entry = entry.next()) {
    if (entry.name_text() != "entry") continue;
    const tree::Item team = entry.child("resource");
    expect_care_manager(team);
    types.emplace(team.child("participant").child("role").child("coding").text_of("code"));
  }
  EXPECT_EQ(types, (std::multiset<std::string>{"1", "1", "2", "3", "4"}));
  const http::Response xml = ask("/fhir/CareTeam?status=active", "application/fhir+xml; fhirVersion=5.0");
  EXPECT_EQ(xml.status, 200u);
  EXPECT_THAT(xml.body, HasSubstr(profile));
}

TEST_F(ReleaseR5, WhatIsNotServedInItSaysWhatIs) {
  ASSERT_TRUE(gateway_->start());
  const http::Response patients = ask("/fhir/Patient", "application/fhir+json; fhirVersion=5.0");
  EXPECT_EQ(patients.status, 406u);
  EXPECT_THAT(patients.body, HasSubstr("In R5 (fhirVersion=5.0) CareTeams are read"));
  EXPECT_EQ(ask("/fhir/Patient", "application/fhir+json; fhirVersion=4.0").status, 200u);
  EXPECT_THAT(ask("/fhir/metadata", "application/fhir+json; fhirVersion=5.0").body, HasSubstr(R"("fhirVersion":"5.0.0")"));
}

}  // namespace
}  // namespace vardbron::play
