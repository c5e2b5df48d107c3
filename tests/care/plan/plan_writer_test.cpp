#include "gateway/care/plan/plan_writer.h"

#include "gateway/fhir/check.h"
#include "gateway/tree/children.h"
#include "tests/care/plan/plan_story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care::plan {
namespace {

using Decision = Consent::Decision;
using Ids = std::vector<std::string>;

/// The resources of a story, checked against R4.
std::vector<Projected> written(const PlanStory& story, std::string_view now = "2026-04-01T12:00:00") {
  std::vector<Projected> all = resources(story.fold(now), story.person, r4().names());
  for (const Projected& each : all)
    for (const fhir::Issue& issue : fhir::check(each.document, r4()))
      ADD_FAILURE() << issue.says << " at " << issue.where << " in " << care::to_text(each.document);
  return all;
}

std::vector<const Projected*> of_type(const std::vector<Projected>& all, std::string_view type) {
  std::vector<const Projected*> found;
  for (const Projected& each : all)
    if (each.type == type && !each.is_former) found.push_back(&each);
  return found;
}

std::string status_of(const Projected& resource) {
  const tree::Item root = tree::root(resource.document);
  return std::string(root.text_of(resource.type == "Goal" ? "lifecycleStatus" : "status"));
}

bool has(const Projected& resource, std::string_view words) {
  return care::to_text(resource.document).find(words) != std::string::npos;
}

TEST(PlanWriter, AnAgreedSipIsACarePlanWithTeamGoalsMeetingAndTasks) {
  const PlanStory story = agreed_story();
  const std::vector<Projected> all = written(story);
  const auto plans = of_type(all, "CarePlan");
  ASSERT_EQ(plans.size(), 1u);
  EXPECT_EQ(status_of(*plans[0]), "active");
  for (std::string_view words : {"typeofcareplan-cs", "Omvårdnad och rehabilitering i hemmet", "Ring vårdcentralen", "CareTeam/",
                                 "Goal/", "Task/", "upprattad", "created=2026-03-13T10:00:00+01:00"})
    EXPECT_TRUE(has(*plans[0], words)) << words;
  EXPECT_EQ(of_type(all, "CareTeam").size(), 1u);
  EXPECT_EQ(status_of(*of_type(all, "CareTeam")[0]), "active");
  ASSERT_EQ(of_type(all, "Goal").size(), 1u);
  EXPECT_EQ(status_of(*of_type(all, "Goal")[0]), "active");
  ASSERT_EQ(of_type(all, "Appointment").size(), 1u);
  EXPECT_EQ(status_of(*of_type(all, "Appointment")[0]), "fulfilled");
  EXPECT_EQ(of_type(all, "Task").size(), 3u) << "two insatser and the follow-up";
  for (const Projected& each : all)
    if (each.type != "Consent" && !each.is_former) EXPECT_EQ(each.parties, (Ids{hsv1().id, soc1().id, vc07().id}));
}

TEST(PlanWriter, ACallIsADraftWithABookedMeeting) {
  PlanStory story;
  story.need();
  story.call("2026-03-13T10:00:00", "2026-03-20T13:00:00+01:00");
  const std::vector<Projected> all = written(story);
  EXPECT_EQ(status_of(*of_type(all, "CarePlan")[0]), "draft");
  const Projected& meeting = *of_type(all, "Appointment")[0];
  EXPECT_EQ(status_of(meeting), "booked");
  EXPECT_TRUE(has(meeting, "start=2026-03-20T13:00:00+01:00"));
  EXPECT_TRUE(has(meeting, "Video: https://video.example/sip"));
  EXPECT_TRUE(has(meeting, "Sluttiden är inte angiven."));
}

TEST(PlanWriter, RebookingIsANewVersionOfTheSameAppointment) {
  PlanStory story;
  story.call("2026-03-13T10:00:00", "2026-03-20T13:00:00+01:00");
  const std::vector<Projected> first = written(story);
  const std::string id = of_type(first, "Appointment")[0]->id;
  story.call("2026-03-16T10:00:00", "2026-03-24T13:00:00+01:00");
  const std::vector<Projected> all = written(story);
  ASSERT_EQ(of_type(all, "Appointment").size(), 1u);
  EXPECT_EQ(of_type(all, "Appointment")[0]->id, id);
  EXPECT_TRUE(has(*of_type(all, "CarePlan")[0], "created=2026-03-13T10:00:00+01:00")) << "the first call is kept";
}

TEST(PlanWriter, ARevisionReplacesThePlanAndKeepsTheIdsOfItsTasks) {
  PlanStory story = agreed_story();
  std::vector<std::string> before;
  const std::vector<Projected> first = written(story);
  for (const Projected* each : of_type(first, "Task")) before.push_back(each->id);
  Notice& revised = story.agreed("2026-04-20T15:00:00", Event::PlanRevised);
  revised.plan->activities[0].text = "Hemtjänst en gång om dagen";
  const std::vector<Projected> all = written(story, "2026-04-21T00:00:00");
  const auto plans = of_type(all, "CarePlan");
  ASSERT_EQ(plans.size(), 2u);
  EXPECT_EQ(status_of(*plans[0]), "completed");
  EXPECT_EQ(status_of(*plans[1]), "active");
  EXPECT_TRUE(has(*plans[1], "replaces[]{reference=CarePlan/" + plans[0]->id));
  std::vector<std::string> after;
  for (const Projected* each : of_type(all, "Task")) after.push_back(each->id);
  EXPECT_EQ(after, before);
}

TEST(PlanWriter, WithdrawnConsentForOneUnitTakesEverythingFromItAndShowsNobodyWhy) {
  PlanStory story = agreed_story();
  story.consent(Decision::Given, "2026-03-19T10:00:00", {soc1()});
  story.consent(Decision::Withdrawn, "2026-03-25T10:00:00", {soc1()});
  for (const Projected& each : written(story)) {
    EXPECT_FALSE(std::binary_search(each.parties.begin(), each.parties.end(), soc1().id)) << each.type;
    if (each.parties == Ids{vc07().id}) continue;  // who registered it
    if (each.type == "Consent") {
      EXPECT_EQ(status_of(each), "active") << "that to the plan";
      EXPECT_FALSE(has(each, soc1().id));
      continue;
    }
    for (std::string_view word : {"amtycke", "inactive"})
      EXPECT_FALSE(has(each, word)) << each.type << " " << care::to_text(each.document);
  }
}

TEST(PlanWriter, WhilePersonSaysNoThatThereIsNoPlanIsAllThatIsShown) {
  PlanStory story = agreed_story();
  story.consent(Decision::Withdrawn, "2026-03-25T10:00:00");
  const std::vector<Projected> all = written(story);
  EXPECT_EQ(status_of(*of_type(all, "CarePlan")[0]), "revoked");
  for (const Projected& each : all)
    for (std::string_view word : {"Omvårdnad", "Hemtjänst", "brevlådan", "video.example", "Linden", "Biståndsenheten"})
      if (each.type != "Consent") EXPECT_FALSE(has(each, word)) << word << " in " << care::to_text(each.document);
}

TEST(PlanWriter, WhatIsCancelledIsInErrorAndNamesNobody) {
  PlanStory story;
  const Notice& need = story.need();
  story.cancel(need, "2026-03-14T11:00:00");
  const std::vector<Projected> all = written(story);
  EXPECT_EQ(status_of(*of_type(all, "CarePlan")[0]), "entered-in-error");
  EXPECT_FALSE(has(*of_type(all, "CarePlan")[0], "Patient/"));
}

TEST(PlanWriter, TheMeetingPlaceOfAProtectedPersonIsLeftOut) {
  PlanStory story;
  Notice& call = story.call("2026-03-13T10:00:00", "2026-03-20T13:00:00+01:00");
  call.plan->meeting->place = "Brogatan 1";
  const std::vector<Projected> open = written(story);
  EXPECT_TRUE(has(*of_type(open, "Appointment")[0], "Brogatan"));
  call.person.protection = Protection::Sekretessmarkering;
  const std::vector<Projected> all = written(story);
  for (const Projected& each : all) EXPECT_FALSE(has(each, "Brogatan"));
  EXPECT_TRUE(has_finding(story.fold(), "place-not-passed-on"));
}

TEST(PlanWriter, WithoutDocumentsHasTheSameIdsAndReaders) {
  const PlanStory story = agreed_story();
  const std::vector<Projected> whole = written(story);
  const std::vector<Projected> outline = resources(story.fold(), story.person, r4().names(), false);
  ASSERT_EQ(outline.size(), whole.size());
  for (std::size_t index = 0; index < whole.size(); ++index) {
    EXPECT_EQ(outline[index].id, whole[index].id);
    EXPECT_EQ(outline[index].parties, whole[index].parties);
    EXPECT_EQ(care::to_text(outline[index].document), "");
  }
}

}  // namespace
}  // namespace vardbron::care::plan
