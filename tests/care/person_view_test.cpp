#include "gateway/base/random.h"
#include "gateway/care/person/person_view.h"
#include "gateway/care/project.h"
#include "gateway/fhir/check.h"
#include "tests/care/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::care {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Identity personnummer{"http://electronichealth.se/identifier/personnummer", "195009072553"};
const Identity reserve{"urn:oid:1.2.752.97.3.1.3", "99500907R553"};
const std::string secret = "a secret";

StayView view(std::string case_key, std::vector<Identity> numbers, std::vector<std::string> viewers, int day = 1) {
  StayView made;
  made.case_key = std::move(case_key);
  made.person.identifiers = std::move(numbers);
  made.person.family = "Exempelsson " + std::to_string(day);
  made.viewers = std::move(viewers);
  made.hospitals = {made.viewers.front()};
  made.said = moment("2026-03-01T10:00:00+01:00") + std::chrono::days(day);
  return made;
}

std::string text_of(const Identity& number, std::vector<StayView> all, std::vector<StayView> former = {}) {
  return to_text(patient(number, secret, {all, former}, r4().names()).document);
}

std::string reference_to(const Identity& number) { return "Patient/" + patient_id(person_key(secret, number)); }

TEST(Patients, IdsAreMadeOfTheNumberAndOfWhatNobodyKnows) {
  EXPECT_EQ(person_key(secret, personnummer), person_key(secret, personnummer));
  EXPECT_NE(person_key(secret, personnummer), person_key("another", personnummer));
  EXPECT_NE(person_key(secret, personnummer), person_key(secret, reserve));
  EXPECT_THAT(person_key(secret, personnummer), Not(HasSubstr(personnummer.value)));
}

TEST(Patients, OneIsForTheReadersOfAllCasesThatNameItsNumber) {
  const std::vector<StayView> all{view("1", {personnummer}, {"a", "b"}), view("2", {personnummer}, {"b", "c"}),
                                  view("3", {reserve}, {"d"})};
  EXPECT_THAT(patient(personnummer, secret, {all}, r4().names()).parties, ElementsAre("a", "b", "c"));
  EXPECT_THAT(patient(reserve, secret, {all}, r4().names()).parties, ElementsAre("d"));
}

TEST(Patients, SayWhatWasSaidLastInAnyOrder) {
  std::vector<StayView> all{view("1", {personnummer}, {"a"}, 1), view("2", {personnummer}, {"b"}, 3),
                            view("3", {personnummer}, {"c"}, 2)};
  all[0].person.kommun = "0880";
  const std::string first = text_of(personnummer, all);
  EXPECT_THAT(first, HasSubstr("Exempelsson 3"));
  EXPECT_THAT(first, HasSubstr("0880")) << "what a later one leaves out stays";
  std::sort(all.begin(), all.end(), [](const auto& left, const auto& right) { return left.said > right.said; });
  EXPECT_EQ(text_of(personnummer, all), first);
}

TEST(Patients, OneCaseThatProtectsThePersonIsEnough) {
  std::vector<StayView> all{view("1", {personnummer}, {"a"}, 1), view("2", {personnummer}, {"b"}, 3)};
  all[1].person.addresses = {{"home", "Provgatan 3", "", "", "", {}}};
  all[1].person.kommun = "0880";
  EXPECT_THAT(text_of(personnummer, all), HasSubstr("Provgatan"));
  all[0].person.protection = Protection::SkyddadFolkbokforing;
  EXPECT_THAT(text_of(personnummer, all),
              AllOf(Not(HasSubstr("Provgatan")), Not(HasSubstr("0880")), HasSubstr("skyddadFolkbokforing")));
}

// Scenario 71.
TEST(Patients, OneReserveNumberThatEveryCaseHasReplacedIsAnswered) {
  const std::vector<StayView> all{view("1", {reserve, personnummer}, {"a"})};
  EXPECT_EQ(first_number(all[0].person.identifiers), personnummer);
  const std::string now = text_of(personnummer, all), old = text_of(reserve, all);
  EXPECT_THAT(now,
              AllOf(HasSubstr("use=old"), HasSubstr(reserve.value), HasSubstr(personnummer.value), HasSubstr("type=replaces")));
  EXPECT_THAT(old, AllOf(HasSubstr("active=false"), HasSubstr("type=replaced-by"), HasSubstr(reference_to(personnummer)),
                         Not(HasSubstr(reserve.value)), Not(HasSubstr("Exempelsson"))));
}

TEST(Patients, WhoReadsOneNumberOnlyIsNotShownTheOther) {
  const std::vector<StayView> all{view("1", {reserve}, {"a"}), view("2", {reserve, personnummer}, {"b"})};
  const std::string old = text_of(reserve, all);
  EXPECT_THAT(old, AllOf(HasSubstr(reserve.value), HasSubstr("type=seealso"), HasSubstr("Exempelsson")));
  EXPECT_THAT(patient(personnummer, secret, {all}, r4().names()).parties, ElementsAre("b"));
}

// Scenario 25: when the notices were about somebody else.
TEST(Patients, WhomNobodyNamesAnyMoreIsForTheHospitalAlone) {
  StayView former = view("1", {}, {"hospital", "a"});
  const Projected gone = patient(personnummer, secret, {{}, {former}}, r4().names());
  EXPECT_THAT(gone.parties, ElementsAre("hospital"));
  EXPECT_THAT(to_text(gone.document), AllOf(HasSubstr("active=false"), Not(HasSubstr("Exempelsson")), Not(HasSubstr("2553"))));
}

TEST(Patients, HaveTheShapeOfR4) {
  std::vector<StayView> all{view("1", {reserve}, {"a"}), view("2", {reserve, personnummer}, {"b"})};
  all[0].person.deceased = true;
  all[0].person.related = {{"Bo", "070", "narstaende", "son"}};
  for (const Identity& number : {personnummer, reserve}) {
    const std::vector<fhir::Issue> issues = fhir::check(patient(number, secret, {all}, r4().names()).document, r4());
    EXPECT_TRUE(issues.empty());
  }
}

// --- what a case reads of the others -------------------------------------------------------------------------------------

/// A stay of March 2026 with a contact of the health centre, discharged on the 17th.
StayView first_stay() {
  Start start;
  Notice& contact = start.party(vc07(), Event::FastVardkontakt, "2026-03-11T10:00:00");
  contact.contact = Contact{"Bo Lind", "010-000 00 00", "1"};
  start.out("2026-03-17T12:00:00");
  StayView made = start.later().stay;
  made.case_key = "urn:x|first";
  made.encounter = "00000000-0000-8000-8000-000000000001";
  return made;
}

TEST(Scenario24, AReadmissionShowsTheStayBeforeAndProposesTheContact) {
  Start again({hsv1(), soc1(), vc07()}, "2026-03-18T08:00:00", "2026-03-18T09:00:00");
  again.person.others = {first_stay()};
  const Projection now = again.later("2026-03-18T12:00:00");
  const std::string encounter = to_text(find_resource(now, "Encounter")->document);
  EXPECT_THAT(encounter, AllOf(HasSubstr("Encounter/" + first_stay().encounter), HasSubstr("code=R")));
  const CaseTask* task = find_case_task(now, CaseTaskKind::UtseFastVardkontakt, vc07());
  ASSERT_TRUE(task);
  EXPECT_EQ(task->status, "requested");
  ASSERT_TRUE(task->proposed);
  EXPECT_EQ(task->proposed->contact.name, "Bo Lind");
  EXPECT_THAT(to_text(find_resource(now, "Task", "utse-fast-vardkontakt")->document),
              AllOf(HasSubstr("Bekräfta"), HasSubstr("Bo Lind")));
  EXPECT_TRUE(fhir::check(find_resource(now, "Task", "utse-fast-vardkontakt")->document, r4()).empty());
  EXPECT_TRUE(fhir::check(find_resource(now, "Encounter")->document, r4()).empty());
  EXPECT_EQ(charged(now).items, 0) << "the clock begins from zero";
}

TEST(Scenario24, NothingIsShownOfAStayThatNotAllMayRead) {
  Start again({hsv1(), soc_1280(), vc07()}, "2026-03-18T08:00:00", "2026-03-18T09:00:00");
  again.person.others = {first_stay()};
  EXPECT_THAT(to_text(find_resource(again.later("2026-03-18T12:00:00"), "Encounter")->document),
              Not(HasSubstr(first_stay().encounter)));
}

TEST(Scenario24, AStayLongAgoIsNoneBeforeThisOne) {
  for (const auto& [admitted, is_near] : {std::pair("2026-04-16T11:00:00", true), std::pair("2026-04-16T14:00:00", false),
                                          std::pair("2026-03-17T11:59:59", false)}) {
    Start again({hsv1(), soc1(), vc07()}, admitted, "2026-04-20T09:00:00");
    again.person.others = {first_stay()};
    const bool is_shown =
        to_text(find_resource(again.later(), "Encounter")->document).find(first_stay().encounter) != std::string::npos;
    EXPECT_EQ(is_shown, is_near) << admitted;
  }
}

TEST(Scenario33, AContactThatTheHealthCentreConfirmsIsOneSinceItWasAppointed) {
  Start again({hsv1(), soc1(), vc07()}, "2026-03-18T08:00:00", "2026-03-18T09:00:00");
  again.person.others = {first_stay()};
  Notice& contact = again.party(vc07(), Event::FastVardkontakt, "2026-03-19T10:00:00");
  contact.contact = Contact{"Bo Lind", "", "1"};
  const Projection now = again.later("2026-03-20T12:00:00");
  ASSERT_EQ(now.contacts.size(), 1u);
  EXPECT_EQ(now.contacts[0].appointment->since, first_stay().contacts.at(0).since);
  EXPECT_EQ(status_of(now, CaseTaskKind::UtseFastVardkontakt, vc07()), "completed");

  contact.contact->name = "Eva Berg";
  EXPECT_NE(again.later("2026-03-20T12:00:00").contacts[0].appointment->since, first_stay().contacts.at(0).since)
      << "another one";
}

/// A contact as an ärende's own notices have it.
Appointment bo_lind(std::string since, std::string until = "") {
  return {"n1", Contact{"Bo Lind", "", "1"}, vc07(), std::move(since), std::move(until), true};
}

StayView stay_with(std::string key, std::vector<Appointment> contacts) {
  StayView made;
  made.case_key = std::move(key);
  made.contacts = std::move(contacts);
  return made;
}

TEST(Scenario33, SinceWhenAContactIsOneGoesBackOverStaysWithoutAGap) {
  PersonView person;
  const auto since = [&](std::string_view at) {
    return person.contact_since(vc07().id, Contact{"Bo Lind", "", "1"}, moment(at));
  };
  person.others = {stay_with("1", {bo_lind("2026-03-11T10:00:00+01:00", "2026-03-30T10:00:00+02:00")}),
                   stay_with("2", {bo_lind("2026-03-19T10:00:00+01:00", "2026-05-01T10:00:00+02:00")}),
                   stay_with("3", {bo_lind("2026-06-01T10:00:00+02:00")})};
  EXPECT_EQ(since("2026-03-11T09:00:00+01:00"), "") << "not yet";
  EXPECT_EQ(since("2026-03-20T10:00:00+01:00"), "2026-03-11T10:00:00+01:00");
  EXPECT_EQ(since("2026-04-10T10:00:00+02:00"), "2026-03-11T10:00:00+01:00") << "the second stay's goes back to the first's";
  EXPECT_EQ(since("2026-05-10T10:00:00+02:00"), "") << "ended in between";
  EXPECT_EQ(since("2026-06-10T10:00:00+02:00"), "2026-06-01T10:00:00+02:00");
  std::reverse(person.others.begin(), person.others.end());
  EXPECT_EQ(since("2026-04-10T10:00:00+02:00"), "2026-03-11T10:00:00+01:00") << "whatever their order";
}

// Rule 7: what another ärende appoints later does not change what was appointed before it.
TEST(Scenario33, AContactOfALaterStayChangesNothingInTheOneBeforeIt) {
  Start start;
  start.party(vc07(), Event::FastVardkontakt, "2026-03-11T10:00:00").contact = Contact{"Bo Lind", "", ""};
  start.out("2026-03-17T12:00:00");
  const Projection before = start.later();
  for (const char* since : {"2026-03-12T10:00:00+01:00", "2026-03-19T10:00:00+01:00"}) {
    start.person.others = {stay_with("urn:x|later", {bo_lind(since)})};
    EXPECT_EQ(start.later().contacts, before.contacts) << since;
    EXPECT_EQ(start.later().case_tasks, before.case_tasks) << since;
  }
  start.person.others = {stay_with("urn:x|earlier", {bo_lind("2026-02-01T10:00:00+01:00")})};
  EXPECT_EQ(start.later().contacts.at(0).appointment->since, "2026-02-01T10:00:00+01:00") << "a type not said is 1";
}

TEST(Scenario33, WhatAnEarlierStayTakesBackIsNotHeldUpByWhatOthersTookFromIt) {
  Start again({hsv1(), soc1(), vc07()}, "2026-03-18T08:00:00", "2026-03-18T09:00:00");
  again.party(vc07(), Event::FastVardkontakt, "2026-03-19T10:00:00").contact = Contact{"Bo Lind", "", "1"};
  again.person.others = {first_stay()};
  const Projection now = again.later("2026-03-20T12:00:00");
  EXPECT_EQ(now.contacts.at(0).appointment->since, first_stay().contacts.at(0).since);
  EXPECT_EQ(now.stay.contacts.at(0).since, "2026-03-19T10:00:00+01:00") << "the others read what its own notices say";
}

TEST(Scenario24, ItProposesTheContactThatTheUnitHadWhenTheStayBegan) {
  Start again({hsv1(), soc1(), vc07()}, "2026-03-18T08:00:00", "2026-03-18T09:00:00");
  const auto proposed = [&](std::string since, std::string until = "") {
    again.person.others = {stay_with("urn:x|other", {bo_lind(std::move(since), std::move(until))})};
    return find_case_task(again.later(), CaseTaskKind::UtseFastVardkontakt, vc07())->proposed.has_value();
  };
  EXPECT_TRUE(proposed("2026-03-11T10:00:00+01:00"));
  EXPECT_TRUE(proposed("2026-03-11T10:00:00+01:00", "2026-03-25T10:00:00+01:00"));
  EXPECT_FALSE(proposed("2026-03-11T10:00:00+01:00", "2026-03-17T10:00:00+01:00")) << "ended before it";
  EXPECT_FALSE(proposed("2026-03-19T10:00:00+01:00")) << "of a later stay";
}

TEST(Scenario26, ProtectionInOneCaseProtectsInTheOthers) {
  Start start;
  StayView protecting = first_stay();
  protecting.person.protection = Protection::Sekretessmarkering;
  start.person.others = {protecting};
  const Projection now = start.later();
  for (const Projected& resource : now.resources)
    EXPECT_THAT(to_text(resource.document), Not(HasSubstr("0880"))) << resource.type;
  EXPECT_TRUE(now.kommuner.empty());
  EXPECT_TRUE(finding_says(now, start.n1, "protected-elsewhere", "Another ärende of this person has the identity as protected"));
  start.n1.person.protection = Protection::Sekretessmarkering;
  EXPECT_FALSE(finding_says(start.later(), start.n1, "protected-elsewhere")) << "it says so itself";
}

TEST(Scenario27, ADeathInOneCaseEndsWhatIsOpenInTheOthers) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  StayView dead = first_stay();
  dead.person.deceased = true;
  dead.person.deceased_at = "2026-03-16T10:00:00+01:00";
  start.person.others = {dead};
  const Projection now = start.later("2026-03-20T12:00:00");
  for (const CaseTask& task : now.case_tasks) EXPECT_THAT(task.status, testing::AnyOf("cancelled", "completed")) << task.id;
  EXPECT_TRUE(finding_says(now, start.n1, "dead-elsewhere", "another ärende")) << "who sends a notice is answered so";
  start.person.others[0].person.deceased = false;
  EXPECT_FALSE(has_finding(start.later("2026-03-13T12:00:00"), "dead-elsewhere"));
  EXPECT_EQ(status_of(start.later("2026-03-13T12:00:00"), CaseTaskKind::TaOverPatient, soc1()), "requested")
      << "cancelled: as before";
}

// --- what the others change is notified --------------------------------------------------------------------------------------

Projection with_others(Start& start, std::vector<StayView> others) {
  start.person.others = std::move(others);
  return start.later("2026-03-18T12:00:00");
}

TEST(OtherCases, AnEarlierStayThatIsKnownOfLaterIsToldAndItsContactToWhomMayConfirmIt) {
  Start again({hsv1(), soc1(), vc07()}, "2026-03-18T08:00:00", "2026-03-18T09:00:00");
  const Projection before = with_others(again, {}), after = with_others(again, {first_stay()});
  const std::vector<CaseEvent> events = events_of_other_cases(before, after);
  EXPECT_THAT(notified(events), testing::UnorderedElementsAre(hsv1().id + " update", med5().id + " update", soc1().id + " update",
                                                              vc07().id + " update", med5().id + " task"));
  const std::string task = "Task/" + find_case_task(after, CaseTaskKind::UtseFastVardkontakt, vc07())->id;
  for (const CaseEvent& event : events) {
    EXPECT_EQ(event.case_key, after.case_key);
    if (event.event == "task") {
      EXPECT_EQ(event.focus, task) << "of whom it asked for it";
      continue;
    }
    EXPECT_EQ(event.focus, "Encounter/" + after.encounter);
    EXPECT_EQ(std::count(event.context.begin(), event.context.end(), task), event.party == vc07().id ? 1 : 0);
  }
  EXPECT_EQ(what_other_cases_changed(before, after),
            "another ärende of the patient: another stay before this one, 1 Task changed");
}

TEST(OtherCases, WhatIsTheSameIsToldToNobody) {
  Start again({hsv1(), soc1(), vc07()}, "2026-03-18T08:00:00", "2026-03-18T09:00:00");
  const Projection now = with_others(again, {first_stay()});
  StayView other = first_stay();
  other.person.addresses.clear();
  other.said += std::chrono::hours(1);
  EXPECT_TRUE(events_of_other_cases(now, with_others(again, {other})).empty());
  EXPECT_EQ(what_other_cases_changed(now, now), "another ärende of the patient: nothing changed here");
}

TEST(OtherCases, AProtectionThatTheCaseHasItselfIsNoNewsOfAnother) {
  Start start;
  start.n1.person.protection = Protection::Sekretessmarkering;
  StayView protecting = first_stay();
  const Projection before = with_others(start, {protecting});
  protecting.person.protection = Protection::Sekretessmarkering;
  EXPECT_TRUE(events_of_other_cases(before, with_others(start, {protecting})).empty());
  protecting.person.protection = Protection::SkyddadFolkbokforing;
  EXPECT_FALSE(events_of_other_cases(before, with_others(start, {protecting})).empty()) << "a stronger one";
}

TEST(OtherCases, ADeathIsNotToldToWhomMayNotReadThePatient) {
  Start start;
  start.cancel(start.n1, "2026-03-10T12:00:00");
  StayView dead = first_stay();
  const Projection before = with_others(start, {dead});
  dead.person.deceased = true;
  EXPECT_TRUE(events_of_other_cases(before, with_others(start, {dead})).empty());
}

}  // namespace
}  // namespace vardbron::care
