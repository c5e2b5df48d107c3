#include "gateway/search/place.h"

#include "r4.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::search {
namespace {

/// "Task.owner>Organization.name", "Patient<Task.patient.status:not" of each place, in order.
std::string places(std::string_view type, std::string_view name) {
  Result<std::vector<Place>> found = find_places(r4(), r4().find_type(type), name);
  if (!found) return found.failure().says;
  std::string text;
  for (const Place& place : *found) {
    if (!text.empty()) text += " ";
    for (const ChainStep& step : place.steps) {
      text += step.is_reversed ? "<" + step.type + "." + step.parameter + "." : step.parameter + ">" + step.type + ".";
    }
    text.append(place.parameter->code);
    if (place.has_modifier) text.append(":").append(place.modifier);
    EXPECT_EQ(r4().name(place.type), place.steps.empty() ? type : std::string_view(place.steps.back().type));
  }
  return text;
}

TEST(Place, FollowsReferencesForwardsAndBack) {
  struct Row {
    std::string type, name, expected;
  };
  for (const Row& row :
       {Row{"Task", "status", "status"}, Row{"Task", "status:not", "status:not"}, Row{"Task", "status:", "status:"},
        Row{"Task", "patient.identifier", "patient>Patient.identifier"},
        Row{"Task", "owner:Organization.name:contains", "owner>Organization.name:contains"},
        Row{"Task", "owner:Organization.partof.name", "owner>Organization.partof>Organization.name"},
        Row{"Task", "patient.organization.partof.identifier",
            "patient>Patient.organization>Organization.partof>Organization.identifier"},
        Row{"Task", "owner.active", "owner>Patient.active owner>Organization.active"},
        Row{"Task", "focus.length", "focus>Encounter.length"}, Row{"Task", "patient._id", "patient>Patient._id"},
        Row{"Encounter", "patient.name", "patient>Patient.name"},
        Row{"Patient", "_has:Task:patient:status", "<Task.patient.status"},
        Row{"Encounter", "_has:Task:focus:owner:identifier", "<Task.focus.owner:identifier"},
        Row{"Patient", "_has:Encounter:patient:_has:Task:focus:status", "<Encounter.patient.<Task.focus.status"},
        Row{"Encounter", "_has:Task:focus:owner:Organization.name", "<Task.focus.owner>Organization.name"},
        Row{"Encounter", "patient._has:CareTeam:patient:participant", "patient>Patient.<CareTeam.patient.participant"},
        Row{"Organization", "_has:Task:owner:_has:Task:part-of:_has:Task:part-of:status",
            "<Task.owner.<Task.part-of.<Task.part-of.status"}})
    EXPECT_EQ(places(row.type, row.name), row.expected) << row.type << "?" << row.name;
}

TEST(Place, SaysWhatIsWrongWithAChain) {
  struct Row {
    std::string type, name, says;
  };
  for (const Row& row :
       {Row{"Task", "patient.identifer", "Patient has no such search parameter. Did you mean identifier?"},
        Row{"Task", "pateint.identifier", "Task has no such search parameter. Did you mean patient?"},
        Row{"Task", "owner.birhtdate", "None of the types that owner may refer to has this parameter."},
        Row{"Task", "status.code", "This parameter of Task is no reference."},
        Row{"Task", "owner:Organisation.name", "After the colon stands a resource type."},
        Row{"Task", "owner:Encounter.status", "The parameter never refers to a resource of this type."},
        Row{"Task", "owner:Practitioner.name", "This gateway keeps no Practitioner; /fhir/metadata lists what it keeps."},
        Row{"Encounter", "location.name", "This gateway keeps none of the resources that location refers to."},
        Row{"CarePlan", "patient:Group.code", "The parameter never refers to a resource of this type."},
        Row{"Patient", "_has:Observation:patient:code", "This gateway keeps no Observation; /fhir/metadata lists what it keeps."},
        Row{"Patient", "_has:Tusk:patient:code", "There is no such resource type."},
        Row{"Patient", "_has:Task:status:code", "This parameter of Task is no reference."},
        Row{"Organization", "_has:Task:patient:status", "This reference of Task never refers to a Organization."},
        Row{"Patient", "_has:Task", "It is written _has:Type:reference:parameter."},
        Row{"Patient", "_has:Task:patient", "It is written _has:Type:reference:parameter."},
        Row{"Patient", "_has:Task:patient:", "Task has no such search parameter."},
        Row{"Patient", "organization.phonetic", "This search parameter is not offered."},
        Row{"Organization", "partof.partof.partof.partof.name", "A chain has at most three steps."},
        Row{"Task", "based-on.based-on.based-on._id",
            "The references may be of too many types: name them, as in subject:Patient.identifier."},
        Row{"Task", ".name", "Task has no such search parameter."},
        Row{"Task", "owner.", "None of the types that owner may refer to has this parameter."}})
    EXPECT_EQ(places(row.type, row.name), row.says) << row.type << "?" << row.name;
}

TEST(Place, ListsEveryReferenceBetweenKeptTypes) {
  std::size_t ends = 0;
  std::string listed;
  for (const KeptReference& each : kept_references(r4())) {
    listed += std::string(each.type) + ":" + std::string(each.parameter) + " ";
    for (std::string_view target : each.targets) {
      ++ends;
      const std::string back = "_has:" + std::string(each.type) + ":" + std::string(each.parameter) + ":_id";
      const std::string there = std::string(each.parameter) + ":" + std::string(target) + "._id";
      EXPECT_TRUE(find_places(r4(), r4().find_type(target), back).ok()) << target << "?" << back;
      EXPECT_TRUE(find_places(r4(), r4().find_type(each.type), there).ok()) << each.type << "?" << there;
    }
  }
  EXPECT_GT(ends, 60u);
  EXPECT_NE(listed.find("Task:owner "), std::string::npos) << listed;
  EXPECT_EQ(listed.find("Encounter:location "), std::string::npos) << "no Location is kept: " << listed;
  EXPECT_EQ(listed.find("Task:status "), std::string::npos) << listed;
}

}  // namespace
}  // namespace vardbron::search
