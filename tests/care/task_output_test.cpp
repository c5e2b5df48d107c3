#include "gateway/care/task_output.h"

#include "gateway/care/task_body.h"
#include "json_text.h"
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

// Concern: whom a party appoints with a Task is taken over, or refused by its name (scenario C 30).
namespace vardbron::care {
namespace {

using enum CaseTaskKind;

const WallTime put_at = moment("2026-03-11T09:00:00Z");

std::string contact_task(const std::string& status, const std::string& more = {}) {
  return "{'resourceType': 'Task', 'id': 't1', 'status': '" + status +
         "', 'code': {'coding': [{'system': 'https://vardbron.example/fhir/CodeSystem/uppgift', 'code': "
         "'utse-fast-vardkontakt'}]}" +
         (more.empty() ? "" : ", " + more) + "}";
}

std::string output_to(const std::string& reference) {
  return "'output': [{'type': {'text': 'Fast vårdkontakt'}, 'valueReference': {" + reference + "}}]";
}

std::string with_role(const std::string& role, const std::string& more = {}) {
  return "'contained': [{'resourceType': 'PractitionerRole', 'id': 'r', " + role + "}" + more + "], " +
         output_to("'reference': '#r'");
}

Result<Write> put_contact(const std::string& more, const std::string& status = "completed",
                          const std::string& current = contact_task("requested")) {
  const tree::Document known = from_json(current);
  return read_task(from_json(contact_task(status, more)), {known}, vc07().id, put_at);
}

TEST(Scenario30, TheTaskIsNotCompletedWithoutAName) {
  for (const std::string& more : {std::string(), output_to(""), output_to("'reference': 'PractitionerRole/1'"),
                                  std::string("'output': [{'type': {'text': 'x'}}]"), with_role("'active': true")}) {
    Result<Write> write = put_contact(more);
    ASSERT_FALSE(write) << more;
    EXPECT_EQ(write.failure().where, "Task.output") << more;
    EXPECT_EQ(write.failure().cause, Cause::Unsupported) << "422";
  }
  EXPECT_TRUE(put_contact("", "accepted")) << "what is not completed needs no name";
  EXPECT_TRUE(put_contact("", "completed", contact_task("completed"))) << "it was completed before";
}

TEST(Scenario30, TheNameIsReadWhereverItMayStand) {
  const std::string phone = "'telecom': [{'system': 'phone', 'value': '010-1'}]";
  const std::string kind = "'code': [{'coding': [{'system': 'urn:oid:1.2.752.129.5.1.69', 'code': '4'}]}]";
  struct Row {
    std::string more;
    Contact contact;
  };
  for (const Row& row :
       {Row{output_to("'display': 'Bo Lind'"), {"Bo Lind", "", ""}},
        Row{output_to("'reference': 'PractitionerRole/7', 'type': 'PractitionerRole', 'display': 'Bo Lind'"),
            {"Bo Lind", "", "", "", "", {{"", "PractitionerRole/7"}}}},
        Row{output_to("'reference': 'https://vc.example/PractitionerRole/7', 'display': 'Bo Lind'"),
            {"Bo Lind", "", "", "", "", {{"urn:ietf:rfc:3986", "https://vc.example/PractitionerRole/7"}}}},
        Row{output_to("'identifier': {'system': 'urn:oid:1.2.752.29.4.19', 'value': 'SE2321990018-1'}, 'display': 'Bo Lind'"),
            {"Bo Lind", "", "", "", "", {{"urn:oid:1.2.752.29.4.19", "SE2321990018-1"}}}},
        Row{with_role("'practitioner': {'display': 'Bo Lind'}, " + phone + ", " + kind), {"Bo Lind", "010-1", "4"}},
        Row{with_role(
                "'period': {'start': '2026-03-01'}, 'practitioner': {'reference': '#p'}, 'organization': {'identifier': "
                "{'value': '" +
                    vc07().id + "'}}",
                ", {'resourceType': 'Practitioner', 'id': 'p', 'name': [{'given': ['Bo'], 'family': 'Lind'}], " + phone + "}"),
            {"Bo Lind", "010-1", "", "2026-03-01"}},
        Row{"'contained': [{'resourceType': 'Practitioner', 'id': 'r', 'name': [{'text': 'Bo Lind'}]}], " +
                output_to("'reference': '#r'"),
            {"Bo Lind", "", ""}}}) {
    Result<Write> write = put_contact(row.more);
    ASSERT_TRUE(write) << row.more << write.failure().says << write.failure().where;
    EXPECT_EQ(write->contact, row.contact) << row.more;
    EXPECT_EQ(write->status, "completed");
    write->identity = "i";
    Result<Write> again = read_write(to_document(*write, r4().names()));
    ASSERT_TRUE(again) << again.failure().where;
    EXPECT_EQ(*again, *write);
  }
}

TEST(Scenario30, WhatIsNotTakenOverIsRefusedByItsName) {
  struct Row {
    std::string more, where;
  };
  const std::string named = "'display': 'Bo Lind'", who = "'practitioner': {'display': 'Bo Lind'}";
  for (const Row& row :
       {Row{"'output': [{'type': {'text': 'x'}, 'valueString': 'Bo Lind'}]", "Task.output[0].valueString"},
        Row{"'output': [{'type': {'coding': [{'code': 'x'}]}, 'valueReference': {" + named + "}}]",
            "Task.output[0].type.coding[0]"},
        Row{"'output': [{'valueReference': {" + named + "}}, {'valueReference': {'display': 'Eva'}}]", "Task.output[1]"},
        Row{output_to("'reference': 'Organization/1', " + named), "Task.output[0].valueReference.reference"},
        Row{output_to("'reference': '#q', " + named), "Task.output[0].valueReference.reference"},
        Row{output_to("'type': 'CareTeam', " + named), "Task.output[0].valueReference.type"},
        Row{"'contained': [{'resourceType': 'Practitioner', 'id': 'p'}], " + output_to(named), "Task.contained[0]"},
        Row{with_role("'availableTime': [{'allDay': true}], " + who), "Task.contained[0].availableTime"},
        Row{with_role("'organization': {'identifier': {'value': 'SE2120990011-HSV1'}}, " + who),
            "Task.contained[0].organization"},
        Row{with_role("'telecom': [{'system': 'email', 'value': 'a@b.example'}], " + who), "Task.contained[0].telecom[0].system"},
        Row{with_role("'telecom': [{'system': 'phone', 'value': '1'}, {'system': 'phone', 'value': '2'}], " + who),
            "Task.contained[0].telecom[1]"},
        Row{with_role("'period': {'end': '2026-03-01'}, " + who), "Task.contained[0].period.end"},
        Row{with_role("'code': [{'coding': [{'system': 'urn:oid:1.2.752.129.5.1.69', 'code': '2'}]}], " + who), "Task.output"},
        Row{with_role("'code': [{'coding': [{'system': 'urn:oid:1.2.752.129.5.1.69', 'code': '9'}]}], " + who),
            "Task.contained[0].code[0].coding[0].code"}}) {
    Result<Write> write = put_contact(row.more);
    ASSERT_FALSE(write) << row.where;
    EXPECT_EQ(write.failure().where, row.where) << write.failure().says;
    EXPECT_EQ(write.failure().cause, Cause::Unsupported);
  }
  EXPECT_EQ(put_contact(output_to("'display': 'Bo Lind'"), "accepted").failure().where, "Task.output");
  const std::string two = "'telecom': [{'system': 'phone', 'value': '1'}, {'system': 'phone', 'value': '2'}], ";
  EXPECT_EQ(put_contact(with_role(two + who)).failure().says, "One telephone number is kept of a contact: leave the others out.");
}

TEST(Scenario30, WithANameTheCareTeamIsMadeTheEventSentAndTheDischargeDoesNotWarn) {
  Start start;
  Projection before = start.later("2026-03-11T12:00:00");
  start.write(vc07(), UtseFastVardkontakt, "completed", "2026-03-11T10:00:00+01:00");
  Chain chain = start.chain();
  Write& write = std::get<Write>(chain.back());
  write.contact = Contact{"Bo Lind", "010-1", ""};
  Projection after = start.project(chain, "2026-03-11T12:00:00");
  const Projected* team = find_resource(after, "CareTeam", "Bo Lind");
  ASSERT_NE(team, nullptr);
  EXPECT_EQ(tree::root(team->document).text_of("status"), "active");
  EXPECT_NE(to_text(team->document).find(vc07().id), std::string::npos);
  EXPECT_NE(find_resource(after, "Task", "CareTeam/" + team->id), nullptr) << "the Task says whom it appointed";
  std::vector<std::string> reached;
  for (const CaseEvent& event : case_events(before, after)) {
    if (event.event != "fast-vardkontakt") continue;
    reached.push_back(event.party);
    EXPECT_EQ(event.context.back(), "CareTeam/" + team->id);
  }
  std::sort(reached.begin(), reached.end());
  std::vector<std::string> others{hsv1().id, soc1().id, med5().id};
  std::sort(others.begin(), others.end());
  EXPECT_EQ(reached, others);

  // The same again is one contact.
  Write again = write;
  again.identity = "w99";
  again.status.clear();
  again.at = {moment("2026-03-11T11:00:00+01:00"), "2026-03-11T11:00:00+01:00"};
  chain.push_back(again);
  EXPECT_EQ(to_text(find_resource(start.project(chain, "2026-03-11T12:00:00"), "CareTeam")->document), to_text(team->document));

  Notice& out = start.out("2026-03-14T10:00:00");
  Chain longer = start.chain();
  std::get<Write>(longer[longer.size() - 2]).contact = again.contact;
  EXPECT_FALSE(finding_says(start.project(longer, "2026-03-15T12:00:00"), out, "no-fast-vardkontakt"));
  EXPECT_TRUE(finding_says(start.later(), out, "no-fast-vardkontakt")) << "a write of before names nobody";
}

}  // namespace
}  // namespace vardbron::care
