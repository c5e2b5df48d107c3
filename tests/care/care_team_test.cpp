// One CareTeam for each fast kontakt: scenarios C 32 and 34, and what stays over corrections and over programs of before.
#include "gateway/care/chain/case_id.h"
#include "gateway/fhir/check.h"
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace vardbron::care {
namespace {

struct Team {
  std::string id, text, status, type, name, start, end, phone;
  int participants = 0;
};

/// The teams of contacts, by id; the one of a program of before is not among them.
std::map<std::string, Team> all_teams(const Projection& now) {
  std::map<std::string, Team> teams;
  for (const Projected& resource : now.resources) {
    if (resource.type != "CareTeam" || resource.is_former) continue;
    const tree::Item root = tree::root(resource.document);
    Team team{resource.id, to_text(resource.document), std::string(root.text_of("status")), "", "", "", "", "", 0};
    const tree::Item participant = root.child("participant");
    team.type = participant.child("role").child("coding").text_of("code");
    team.name = participant.child("member").text_of("display");
    team.start = root.child("period").text_of("start");
    team.end = root.child("period").text_of("end");
    team.phone = root.child("telecom").text_of("value");
    for (tree::Item one = root.first_child(); one; one = one.next()) team.participants += one.name_text() == "participant";
    teams.emplace(team.id, team);
  }
  return teams;
}

/// Those that are or were a contact, by the name of the person.
std::map<std::string, Team> teams(const Projection& now) {
  std::map<std::string, Team> named;
  for (const auto& [id, team] : all_teams(now))
    if (team.status != "entered-in-error") named.emplace(team.name, team);
  return named;
}

Notice& contact(Start& start, const Party& by, std::string_view at, Contact contact) {
  Notice& notice = start.party(by, Event::FastVardkontakt, at);
  notice.contact = std::move(contact);
  return notice;
}

Party psychiatry() {
  Party party = vc07();
  party.id = party.identifier.value = "SE2321990018-PSY1";
  party.name = "Psykiatriska mottagningen";
  return party;
}

TEST(Scenario32, EachContactHasACareTeamOfItsOwn) {
  Start start({hsv1(), soc1(), vc07(), psychiatry()});
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "010-1", "1"});
  contact(start, psychiatry(), "2026-03-11T11:00:00", {"Eva Ek", "010-2", "1"});
  contact(start, vc07(), "2026-03-11T12:00:00", {"Dr Dal", "010-3", "2"});
  contact(start, soc1(), "2026-03-11T13:00:00", {"Ove Om", "010-4", "3"});
  contact(start, vc07(), "2026-03-11T14:00:00", {"Siv Sam", "010-5", "4"});
  Projection now = start.later("2026-03-12T12:00:00");
  const std::map<std::string, Team> made = teams(now);
  ASSERT_EQ(made.size(), 5u);
  EXPECT_EQ(all_teams(now).size(), 5u);
  const std::map<std::string, std::pair<std::string, std::string>> expected = {{"Bo Lind", {"1", "010-1"}},
                                                                               {"Eva Ek", {"1", "010-2"}},
                                                                               {"Dr Dal", {"2", "010-3"}},
                                                                               {"Ove Om", {"3", "010-4"}},
                                                                               {"Siv Sam", {"4", "010-5"}}};
  for (const auto& [name, type_and_phone] : expected) {
    const Team& team = made.at(name);
    EXPECT_EQ(team.status, "active") << name;
    EXPECT_EQ(team.participants, 1) << name;
    EXPECT_EQ(team.type, type_and_phone.first) << name;
    EXPECT_EQ(team.phone, type_and_phone.second) << name;
    EXPECT_EQ(team.end, "") << name;
    EXPECT_NE(team.text.find("fast-kontakt"), std::string::npos);
    for (const auto& [other, unused] : expected) {
      EXPECT_EQ(team.text.find(other) != std::string::npos, other == name) << name << " tells of " << other;
    }
  }
  EXPECT_EQ(made.at("Eva Ek").start.substr(0, 16), "2026-03-11T11:00");
  EXPECT_NE(made.at("Eva Ek").text.find("SE2321990018-PSY1"), std::string::npos);
}

TEST(Scenario32, ACareTeamIsAsFhirDefinesIt) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "010-1", "1", "", "", {{"", "PractitionerRole/7"}}});
  contact(start, soc1(), "2026-03-11T10:00:00", {"", "", ""});
  start.cancel(contact(start, vc07(), "2026-03-11T11:00:00", {"Dr Ett", "", "2"}), "2026-03-11T12:00:00");
  Projection now = start.later();
  int checked = 0;
  for (const Projected& resource : now.resources) {
    if (resource.type != "CareTeam") continue;
    ++checked;
    EXPECT_TRUE(fhir::check(resource.document, r4()).empty()) << to_text(resource.document);
  }
  EXPECT_EQ(checked, 4) << "three, and that of a program of before";
}

TEST(Scenario32, ASecondContactOfTypeTwoEndsTheFirst) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Dr Ett", "010-1", "2"});
  contact(start, vc07(), "2026-03-11T11:00:00", {"Bo Lind", "010-2", "1"});
  const std::map<std::string, Team> before = teams(start.later());
  contact(start, hsv1(), "2026-03-12T10:00:00", {"Dr Två", "010-3", "2"});
  const std::map<std::string, Team> made = teams(start.later());
  EXPECT_EQ(made.at("Dr Ett").id, before.at("Dr Ett").id);
  EXPECT_EQ(made.at("Dr Ett").status, "inactive");
  EXPECT_EQ(made.at("Dr Ett").end.substr(0, 16), "2026-03-12T10:00");
  EXPECT_EQ(made.at("Dr Två").status, "active");
  EXPECT_EQ(made.at("Bo Lind").text, before.at("Bo Lind").text);
}

TEST(Scenario32, TheEventCarriesTheCareTeamsThatChanged) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Dr Ett", "", "2"});
  contact(start, vc07(), "2026-03-11T11:00:00", {"Bo Lind", "", "1"});
  Projection before = start.later();
  contact(start, vc07(), "2026-03-12T10:00:00", {"Dr Två", "", "2"});
  Projection after = start.later();
  std::set<std::string> reached;
  for (const CaseEvent& event : case_events(before, after)) {
    if (event.event != "fast-vardkontakt") continue;
    reached.insert(event.party);
    std::set<std::string> carried;
    for (const std::string& each : event.context)
      if (each.starts_with("CareTeam/")) carried.insert(each);
    EXPECT_EQ(carried,
              (std::set<std::string>{"CareTeam/" + teams(after).at("Dr Ett").id, "CareTeam/" + teams(after).at("Dr Två").id}));
  }
  EXPECT_EQ(reached, (std::set<std::string>{hsv1().id, soc1().id, med5().id}));
}

TEST(Scenario36, AContactThatIsReachedThroughATeamHasTheTeamsTelephone) {
  for (const char* own : {"", "010-1"}) {
    Start start;
    Contact reached{"Bo Lind", own, "1"};
    reached.team = "Norra teamet";
    reached.team_phone = "010-9";
    contact(start, vc07(), "2026-03-11T10:00:00", reached);
    const std::string text = teams(start.later()).at("Bo Lind").text;
    EXPECT_EQ(teams(start.later()).at("Bo Lind").phone, *own ? own : "010-9");
    EXPECT_NE(text.find("riv-contact-via-team-extension valueReference{type=CareTeam display=Norra teamet"), std::string::npos)
        << text;
    EXPECT_NE(text.find("telecom[]{system=phone value=010-9"), std::string::npos) << text;
    for (const Projected& resource : start.later().resources)
      if (resource.type == "CareTeam") {
        EXPECT_TRUE(fhir::check(resource.document, r4()).empty());
      }

    reached.team = "Södra teamet";
    reached.team_phone = "";
    contact(start, vc07(), "2026-03-12T10:00:00", reached);
    const std::string confirmed = teams(start.later()).at("Bo Lind").text;
    EXPECT_NE(confirmed.find("display=Södra teamet"), std::string::npos);
    EXPECT_EQ(confirmed.find("010-9"), std::string::npos) << "that was the other team's";
  }
}

TEST(Scenario34, AContactThatItsUnitEndsIsInactiveFromThenOn) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "010-1", "1"});
  contact(start, soc1(), "2026-03-11T10:00:00", {"Ove Om", "", "3"});
  Projection before = start.later("2026-06-02T12:00:00");
  Notice& end = contact(start, vc07(), "2026-06-01T16:00:00", {"Bo Lind", "", "1"});
  end.contact->until = "2026-06-01";
  Projection after = start.later("2026-06-02T12:00:00");
  EXPECT_EQ(teams(after).at("Bo Lind").status, "inactive");
  EXPECT_EQ(teams(after).at("Bo Lind").end, "2026-06-01");
  EXPECT_EQ(teams(after).at("Bo Lind").id, teams(before).at("Bo Lind").id);
  EXPECT_EQ(teams(after).at("Ove Om").status, "active");
  EXPECT_FALSE(has_finding(after, "no-such-contact"));
  const std::vector<CaseEvent> events = case_events(before, after);
  EXPECT_EQ(events.size(), 3u) << "the other parties";

  Start other;
  contact(other, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "", "1"});
  Notice& foreign = contact(other, soc1(), "2026-03-12T10:00:00", {"Bo Lind", "", "1"});
  foreign.contact->until = "2026-03-12";
  EXPECT_TRUE(finding_says(other.later(), foreign, "no-such-contact"));
  foreign.sender = vc07();
  foreign.contact->until = "2026-03-20";
  EXPECT_TRUE(finding_says(other.later(), foreign, "contact-end-to-come"));
  EXPECT_EQ(teams(other.later()).at("Bo Lind").status, "active");
}

TEST(Scenario32, AContactThatIsReplacedBeforeItBeginsIsSaidToHaveNeverBeenOne) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "", "1"}).contact->since = "2026-04-01";
  Notice& second = contact(start, vc07(), "2026-03-12T10:00:00", {"Eva Ek", "", "1"});
  Projection now = start.later();
  EXPECT_TRUE(finding_says(now, second, "contact-never-began", "never was one"));
  EXPECT_EQ(teams(now).at("Bo Lind").status, "inactive");
  EXPECT_EQ(teams(now).at("Bo Lind").start, "") << "no period ends before it starts";
  EXPECT_EQ(teams(now).at("Bo Lind").end.substr(0, 10), "2026-03-12");

  Start ended;
  contact(ended, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "", "1"}).contact->since = "2026-04-01";
  Notice& end = contact(ended, vc07(), "2026-03-12T10:00:00", {"Bo Lind", "", "1"});
  end.contact->until = "2026-03-12";
  EXPECT_TRUE(finding_says(ended.later(), end, "contact-never-began"));
  end.contact->until = "";
  EXPECT_FALSE(has_finding(ended.later(), "contact-never-began")) << "it is confirmed";

  Start usual;
  contact(usual, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "", "1"}).contact->since = "2026-03-12";
  contact(usual, vc07(), "2026-03-12T10:00:00", {"Eva Ek", "", "1"});
  EXPECT_FALSE(has_finding(usual.later(), "contact-never-began")) << "it was one for some hours";
}

TEST(Scenario29, AConfirmationIsAnEventThatCarriesTheCareTeam) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "", "1"});
  Projection before = start.later();
  contact(start, vc07(), "2026-03-12T10:00:00", {"Bo Lind", "", "1"});
  Projection after = start.later();
  const std::vector<CaseEvent> events = case_events(before, after);
  ASSERT_EQ(events.size(), 3u);
  for (const CaseEvent& event : events) {
    EXPECT_EQ(event.event, "fast-vardkontakt");
    EXPECT_EQ(std::count(event.context.begin(), event.context.end(), "CareTeam/" + teams(after).at("Bo Lind").id), 1);
  }
}

TEST(Scenario34, AnEndedContactLeavesTheDischargeWithoutOne) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "", "1"});
  contact(start, vc07(), "2026-03-12T10:00:00", {"", "", "1"}).contact->until = "2026-03-12";
  Notice& discharge = start.out("2026-03-14T10:00:00");
  EXPECT_TRUE(finding_says(start.later(), discharge, "no-fast-vardkontakt"));
}

TEST(CareTeams, KeepTheirIdsOverCorrectionsAndAreEnteredInErrorWhenTheNoticeIsCancelled) {
  Start start;
  Notice& first = contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lnd", "010-1", "1"});
  const std::string id = teams(start.later()).at("Bo Lnd").id;
  Notice& correction = start.correct(first, "2026-03-11T10:00:00");
  correction.contact = Contact{"Bo Lind", "010-9", "1"};
  EXPECT_EQ(teams(start.later()).at("Bo Lind").id, id);
  EXPECT_EQ(teams(start.later()).at("Bo Lind").phone, "010-9");
  EXPECT_EQ(all_teams(start.later()).size(), 1u);
  start.cancel(first, "2026-03-12T10:00:00");
  EXPECT_TRUE(teams(start.later()).empty());
  EXPECT_EQ(all_teams(start.later()).at(id).status, "entered-in-error");
  EXPECT_EQ(all_teams(start.later()).at(id).text.find("Bo"), std::string::npos);
}

TEST(CareTeams, ACancelledAppointmentRestoresTheOneThatItEnded) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "", "1"});
  Notice& second = contact(start, vc07(), "2026-03-12T10:00:00", {"Eva Ek", "", "1"});
  EXPECT_EQ(teams(start.later()).at("Bo Lind").status, "inactive");
  start.cancel(second, "2026-03-13T10:00:00");
  EXPECT_EQ(teams(start.later()).at("Bo Lind").status, "active");
  EXPECT_EQ(teams(start.later()).count("Eva Ek"), 0u);
}

TEST(CareTeams, AConfirmationKeepsTheTeamAndSinceWhen) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "010-1", "1"});
  const Team first = teams(start.later()).at("Bo Lind");
  contact(start, vc07(), "2026-03-12T10:00:00", {"Bo Lind", "010-2", "1"});
  const Team confirmed = teams(start.later()).at("Bo Lind");
  EXPECT_EQ(confirmed.id, first.id);
  EXPECT_EQ(confirmed.start, first.start);
  EXPECT_EQ(confirmed.phone, "010-2");
}

TEST(CareTeams, SinceWhenIsTheSendersWordIfItIsGiven) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "", "1"}).contact->since = "2024-05-01";
  EXPECT_EQ(teams(start.later()).at("Bo Lind").start, "2024-05-01");
}

TEST(CareTeams, EndWithThePatientsDeathAndComeBackWithItsCancellation) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "", "1"});
  Notice& death = start.ward(Event::Death, "2026-03-12T10:00:00");
  EXPECT_EQ(teams(start.later()).at("Bo Lind").status, "inactive");
  EXPECT_EQ(teams(start.later()).at("Bo Lind").end.substr(0, 16), "2026-03-12T10:00");
  start.cancel(death, "2026-03-12T11:00:00");
  EXPECT_EQ(teams(start.later()).at("Bo Lind").status, "active");
}

TEST(CareTeams, OfACancelledCaseTellNothing) {
  Start start;
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "010-1", "1"});
  start.cancel(start.n1, "2026-03-12T10:00:00");
  const std::map<std::string, Team> left = all_teams(start.later());
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left.begin()->second.status, "entered-in-error");
  EXPECT_EQ(left.begin()->second.text.find("010-1"), std::string::npos);
}

// Before, a case had one CareTeam for all contacts.
TEST(CareTeams, TheOneOfAProgramOfBeforeIsEnteredInError) {
  Start start;
  EXPECT_EQ(find_resource(start.later(), "CareTeam"), nullptr) << "nobody named a contact";
  contact(start, vc07(), "2026-03-11T10:00:00", {"Bo Lind", "", "1"});
  Projection now = start.later();
  const std::string id = to_string(id_in_case(case_id(now.case_key), "CareTeam|fast-vardkontakt"));
  int former = 0;
  for (const Projected& resource : now.resources) {
    if (!resource.is_former || resource.type != "CareTeam") continue;
    ++former;
    EXPECT_EQ(resource.id, id);
    EXPECT_EQ(resource.parties, now.parties);
    EXPECT_EQ(tree::root(resource.document).text_of("status"), "entered-in-error");
    EXPECT_EQ(to_text(resource.document).find("Bo Lind"), std::string::npos);
  }
  EXPECT_EQ(former, 1);
}

}  // namespace
}  // namespace vardbron::care
