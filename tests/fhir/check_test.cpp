#include "gateway/fhir/check.h"

#include "json_text.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::fhir {
namespace {

std::vector<std::string> issues(std::string text, CheckOptions options = {}) {
  tree::Document document = from_json(std::move(text));
  std::vector<std::string> lines;
  for (const Issue& issue : check(document, r4(), options)) lines.push_back(issue.where + " " + issue.code);
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Check, IsContentWithARightResource) {
  EXPECT_EQ(
      issues("{'resourceType':'Patient','id':'p','text':{'status':'generated','div':'<div "
             "xmlns=\\u0022http://www.w3.org/1999/xhtml\\u0022>x</div>'},"
             "'identifier':[{'system':'urn:x','value':'1'}],'name':[{'family':'Berg','given':['Alva',null],"
             "'_given':[null,{'extension':[{'url':'http://a.se','valueCode':'x'}]}]}],'gender':'female','birthDate':'1990-02-22',"
             "'deceasedBoolean':false,'contained':[{'resourceType':'Organization','id':'o','name':'X'}],"
             "'managingOrganization':{'reference':'#o'},'generalPractitioner':[{'reference':'Practitioner/1'}]}"),
      Lines{});
}

TEST(Check, NamesThePlaceAndTheKindOfFault) {
  struct Row {
    std::string text;
    Lines expected;
  };
  for (const Row& row : {
           Row{"{'id':'x'}", {" structure"}},
           Row{"{'resourceType':'Patiant'}", {"Patiant structure"}},
           Row{"{'resourceType':'DomainResource','id':'x'}", {"DomainResource structure"}},
           Row{"{'resourceType':'Patient','nam':'x'}", {"Patient.nam structure"}},
           Row{"{'resourceType':'Patient','name':[{'colour':'x'}]}", {"Patient.name[0].colour structure"}},
           Row{"{'resourceType':'Patient','deceased':true}", {"Patient.deceased structure"}},
           Row{"{'resourceType':'Patient','deceasedString':'x'}", {"Patient.deceasedString structure"}},
           Row{"{'resourceType':'Patient','deceasedBoolean':true,'deceasedDateTime':'2025'}",
               {"Patient.deceasedDateTime structure", "Patient.deceasedDateTime structure"}},
           Row{"{'resourceType':'Patient','name':{'family':'x'}}", {"Patient.name structure"}},
           Row{"{'resourceType':'Patient','gender':['male']}", {"Patient.gender[0] structure"}},
           Row{"{'resourceType':'Patient','active':'true'}", {"Patient.active structure"}},
           Row{"{'resourceType':'Patient','active':{'x':1}}", {"Patient.active structure", "Patient.active.x structure"}},
           Row{"{'resourceType':'Patient','maritalStatus':'M'}", {"Patient.maritalStatus structure"}},
           Row{"{'resourceType':'Patient','birthDate':'22/2'}", {"Patient.birthDate value"}},
           Row{"{'resourceType':'Patient','gender':'woman'}", {"Patient.gender code-invalid"}},
           Row{"{'resourceType':'Task','status':'requested'}", {"Task.intent required"}},
           Row{"{'resourceType':'Encounter','status':'planned','class':{'code':'IMP'},'statusHistory':[{'status':'planned'}]}",
               {"Encounter.statusHistory[0].period required"}},
           Row{"{'resourceType':'Bundle','type':'batch','entry':[{'resource':{'resourceType':'Task'}}]}",
               {"Bundle.entry[0].resource.status required", "Bundle.entry[0].resource.intent required"}},
           Row{"{'resourceType':'Basic','code':{'text':'x'},'extension':[{'url':'a'}]}", {"Basic.extension[0] structure"}},
           Row{"{'resourceType':'Basic','code':{'text':'x'},'extension':[{'valueCode':'a'}]}",
               {"Basic.extension[0].url required"}},
           Row{"{'resourceType':'Patient','managingOrganization':{'reference':'Patient/1'}}",
               {"Patient.managingOrganization structure"}},
           Row{"{'resourceType':'AllergyIntolerance','patient':{'reference':'Patient/1'},'clinicalStatus':{'coding':[{'system':"
               "'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical','code':'gone'}]}}",
               {"AllergyIntolerance.clinicalStatus code-invalid"}},
       })
    EXPECT_EQ(issues(row.text), row.expected) << row.text;
}

TEST(Check, OfValuesAloneAsksForNothingThatIsMissing) {
  const CheckOptions values{.rules = false};
  EXPECT_EQ(issues("{'resourceType':'Task','id':'x'}", values), Lines{});
  EXPECT_EQ(issues("{'resourceType':'Patient','gender':'woman','managingOrganization':{'reference':'Patient/1'}}", values),
            Lines{});
  struct Row {
    std::string text;
    Lines expected;
  };
  for (const Row& row : {
           Row{"'active':1", {"Patient.active structure"}},
           Row{"'active':'true'", {"Patient.active structure"}},
           Row{"'birthDate':'1950-13-01'", {"Patient.birthDate value"}},
           Row{"'birthDate':'1950-02-30'", {"Patient.birthDate value"}},
           Row{"'birthDate':'19500907'", {"Patient.birthDate value"}},
           Row{"'birthDate':'1950-09-07T00:00:00'", {"Patient.birthDate value"}},
           Row{"'birthDate':''", {"Patient.birthDate value"}},
           Row{"'deceasedDateTime':'2026-03-10T09:12:00'", {"Patient.deceasedDateTime value"}},
           Row{"'multipleBirthInteger':2.5", {"Patient.multipleBirthInteger value"}},
           Row{"'multipleBirthInteger':-0", {"Patient.multipleBirthInteger value"}},
           Row{"'multipleBirthInteger':'2'", {"Patient.multipleBirthInteger structure"}},
           Row{"'id':'a b'", {"Patient.id value"}},
           Row{"'id':''", {"Patient.id value"}},
           Row{"'name':[{'id':''}]", {"Patient.name[0].id value"}},
           Row{"'name':[{}]", {"Patient.name[0] structure"}},
           Row{"'name':[null]", {"Patient.name[0] structure"}},
           Row{"'name':null", {"Patient.name structure", "Patient.name structure"}},
           Row{"'name':[{'given':['a',null]}]", {"Patient.name[0].given[1] structure"}},
           Row{"'name':[{'given':null}]", {"Patient.name[0].given structure", "Patient.name[0].given structure"}},
           Row{"'name':[{'given':['']}]", {"Patient.name[0].given[0] value"}},
           Row{"'name':[{'given':[null,'a'],'_given':[{'id':'x'},null]}]", {}},
           Row{"'name':[{'_given':[null]}]", {"Patient.name[0].given[0] structure"}},
           Row{"'name':[{'given':{'x':'a'}}]",
               {"Patient.name[0].given structure", "Patient.name[0].given structure", "Patient.name[0].given.x structure"}},
           Row{"'extension':[{'url':'a b','valueString':'x'}]", {"Patient.extension[0].url value"}},
           Row{"'extension':[{'url':'a','valueDecimal':'1'}]", {"Patient.extension[0].valueDecimal structure"}},
           Row{"'photo':[{'data':'a?='}]", {"Patient.photo[0].data value"}},
           Row{"'text':{'status':'generated','div':'<div>x</div>'}", {"Patient.text.div value"}},
           Row{"'contained':[{'resourceType':'Organization','active':null}]", {"Patient.contained[0].active structure"}},
           Row{"'statuss':'x'", {"Patient.statuss structure"}},
       })
    EXPECT_EQ(issues("{'resourceType':'Patient'," + row.text + "}", values), row.expected) << row.text;
}

TEST(Check, OfValuesIsOneFailureWithEveryPlace) {
  const tree::Document document = from_json("{'resourceType':'Patient','birthDate':'secret','active':'secret'}");
  const Result<void> checked = check_values(document, r4());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.failure().where, "Patient.birthDate");
  EXPECT_EQ(checked.failure().says,
            "The value does not have the form of date (YYYY-MM-DD, YYYY-MM or YYYY, and in the calendar). Patient.active: The "
            "value of boolean must be true or false.");
}

TEST(Check, NeverQuotesAValue) {
  tree::Document document = from_json("{'resourceType':'Patient','gender':'secret','birthDate':'secret','active':'secret'}");
  for (const Issue& issue : check(document, r4())) EXPECT_EQ(issue.says.find("secret"), std::string::npos) << issue.says;
}

TEST(Check, LeavesBindingsOutWhenAsked) {
  EXPECT_EQ(issues("{'resourceType':'Patient','gender':'woman'}", {.bindings = false}), Lines{});
}

TEST(Check, StopsAtItsLimit) {
  std::string text = "{'resourceType':'Patient','name':[";
  for (int i = 0; i < 50; ++i) text += i == 0 ? "{'x':1}" : ",{'x':1}";
  EXPECT_EQ(issues(text + "]}", {.issues_max = 10}).size(), 10u);
}

TEST(Check, TakesADatatypeOnItsOwn) {
  tree::Document period = from_json("{'start':'2025','end':7}");
  std::vector<Issue> found = check(root(period), r4().find_type("Period"), r4());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].where, "end");
}

TEST(Check, TakesCodesOfAListThatIsNotHereOnTrust) {
  EXPECT_EQ(issues("{'resourceType':'Binary','contentType':'application/x-whatever'}"), Lines{});
}

}  // namespace
}  // namespace vardbron::fhir
