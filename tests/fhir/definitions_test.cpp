#include "gateway/fhir/definitions.h"

#include "r4.h"
#include "temporary_directory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace vardbron::fhir {
namespace {

TypeId type(std::string_view name) { return r4().find_type(name); }

Step step(std::string_view from, std::string_view name) { return r4().step(type(from), r4().names().find(name)); }

std::vector<std::string> type_names(const Element& element) {
  std::vector<std::string> names;
  for (const ElementType& each : r4().types(element)) names.emplace_back(r4().name(each.type));
  return names;
}

using Strings = std::vector<std::string>;

TEST(Definitions, HoldTheWholeOfR4) {
  std::map<TypeKind, int> kinds;
  bool is_v2 = false;  // a logical model's parts follow it
  for (TypeId id : r4().all_types()) {
    if (r4().kind(id) != TypeKind::Backbone) is_v2 = r4().canonical(id).starts_with("https://vardbron.example/v2/");
    if (!is_v2) ++kinds[r4().kind(id)];
  }

  EXPECT_EQ(r4().version(), "4.0.1");
  EXPECT_EQ(kinds[TypeKind::Resource], 148);
  EXPECT_EQ(kinds[TypeKind::Primitive], 20);
  EXPECT_EQ(kinds[TypeKind::Complex], 41);
  EXPECT_EQ(kinds[TypeKind::System], 9);
  EXPECT_EQ(kinds[TypeKind::Logical], 0);
  EXPECT_EQ(kinds[TypeKind::Backbone], 473);
}

TEST(Definitions, FindATypeByNameAndByCanonical) {
  EXPECT_NE(type("Patient"), 0u);
  EXPECT_EQ(type("Patient"), type("http://hl7.org/fhir/StructureDefinition/Patient"));
  EXPECT_EQ(r4().name(type("Patient.contact")), "Patient.contact");
  EXPECT_EQ(r4().canonical(type("HumanName")), "http://hl7.org/fhir/StructureDefinition/HumanName");
  EXPECT_EQ(type("patient"), 0u);
  EXPECT_EQ(type(""), 0u);
  EXPECT_EQ(r4().kind(type("System.String")), TypeKind::System);
}

TEST(Definitions, KnowWhatIsDerivedFromWhat) {
  struct Row {
    std::string_view type, ancestor;
    bool expected;
  };
  for (const Row& row :
       {Row{"Patient", "DomainResource", true}, Row{"Patient", "Resource", true}, Row{"Patient", "Patient", true},
        Row{"Bundle", "DomainResource", false}, Row{"Age", "Quantity", true}, Row{"Quantity", "Age", false},
        Row{"positiveInt", "integer", true}, Row{"code", "string", true}, Row{"id", "string", true},
        Row{"canonical", "uri", true}, Row{"Patient.contact", "BackboneElement", true}, Row{"Timing", "BackboneElement", true},
        Row{"Timing.repeat", "Element", true}, Row{"string", "System.String", false}})
    EXPECT_EQ(r4().is_a(type(row.type), type(row.ancestor)), row.expected) << row.type << " is a " << row.ancestor;
  EXPECT_TRUE(r4().is_abstract(type("Resource")));
  EXPECT_FALSE(r4().is_abstract(type("Task")));
}

TEST(Definitions, KeepTheOrderOfTheSnapshot) {
  Strings names;
  for (const Element& element : r4().elements(type("Patient"))) names.emplace_back(r4().names().text(element.name));
  EXPECT_EQ(names, (Strings{"id",
                            "meta",
                            "implicitRules",
                            "language",
                            "text",
                            "contained",
                            "extension",
                            "modifierExtension",
                            "identifier",
                            "active",
                            "name",
                            "telecom",
                            "gender",
                            "birthDate",
                            "deceased",
                            "address",
                            "maritalStatus",
                            "multipleBirth",
                            "photo",
                            "contact",
                            "communication",
                            "generalPractitioner",
                            "managingOrganization",
                            "link"}));
}

TEST(Definitions, LeadFromANameToElementAndType) {
  struct Row {
    std::string_view from, name, type;
  };
  for (const Row& row :
       {Row{"Patient", "name", "HumanName"}, Row{"Patient", "id", "id"}, Row{"HumanName", "id", "string"},
        Row{"Extension", "url", "uri"}, Row{"Patient", "contact", "Patient.contact"}, Row{"Patient.contact", "name", "HumanName"},
        Row{"Observation", "valueQuantity", "Quantity"}, Row{"Observation", "valueDateTime", "dateTime"},
        Row{"Questionnaire.item", "item", "Questionnaire.item"},
        Row{"Observation.component", "referenceRange", "Observation.referenceRange"}, Row{"Bundle.entry", "link", "Bundle.link"},
        Row{"Bundle.entry", "resource", "Resource"}, Row{"string", "extension", "Extension"},
        Row{"Timing.repeat", "boundsPeriod", "Period"}, Row{"Narrative", "div", "xhtml"}}) {
    Step found = step(row.from, row.name);
    ASSERT_TRUE(found) << row.from << "." << row.name;
    EXPECT_EQ(r4().name(found.type), row.type) << row.from << "." << row.name;
  }
  EXPECT_FALSE(step("Patient", "family"));
  EXPECT_FALSE(step("Patient", "deceasedString"));
  EXPECT_FALSE(step("Patient", ""));
  EXPECT_FALSE(step("string", "value"));
}

TEST(Definitions, TellThatAChoiceNameAloneLeavesTheTypeOpen) {
  Step value = step("Observation", "value");
  ASSERT_TRUE(value);
  EXPECT_TRUE(value.element->is_choice);
  EXPECT_EQ(value.type, 0u);
  EXPECT_EQ(type_names(*value.element), (Strings{"Quantity", "CodeableConcept", "string", "boolean", "integer", "Range", "Ratio",
                                                 "SampledData", "time", "dateTime", "Period"}));
}

TEST(Definitions, CarryCardinalityFlagsBindingAndTargets) {
  const Element& status = *step("Task", "status").element;
  EXPECT_EQ(status.min, 1);
  EXPECT_EQ(status.max, 1);
  EXPECT_TRUE(status.is_modifier);
  EXPECT_TRUE(status.is_summary);
  EXPECT_EQ(status.binding, BindingStrength::Required);
  EXPECT_EQ(r4().text(status.value_set), "http://hl7.org/fhir/ValueSet/task-status|4.0.1");
  EXPECT_EQ(r4().text(status.path), "Task.status");
  EXPECT_EQ(step("Patient", "name").element->max, 0xFFFF);
  EXPECT_TRUE(step("Extension", "url").element->is_attribute);
  EXPECT_FALSE(step("Patient", "id").element->is_attribute);

  Strings targets;
  for (TypeId target : r4().targets(r4().types(*step("Patient", "generalPractitioner").element)[0]))
    targets.emplace_back(r4().name(target));
  EXPECT_EQ(targets, (Strings{"Organization", "Practitioner", "PractitionerRole"}));
}

TEST(Definitions, KnowHowPrimitivesLookToJsonAndToFhirPath) {
  struct Row {
    std::string_view type, system;
    tree::Kind kind;
  };
  for (const Row& row :
       {Row{"boolean", "System.Boolean", tree::Kind::Boolean}, Row{"integer", "System.Integer", tree::Kind::Number},
        Row{"positiveInt", "System.Integer", tree::Kind::Number}, Row{"unsignedInt", "System.Integer", tree::Kind::Number},
        Row{"decimal", "System.Decimal", tree::Kind::Number}, Row{"code", "System.String", tree::Kind::String},
        Row{"date", "System.Date", tree::Kind::String}, Row{"dateTime", "System.DateTime", tree::Kind::String},
        Row{"instant", "System.DateTime", tree::Kind::String}, Row{"time", "System.Time", tree::Kind::String},
        Row{"xhtml", "System.String", tree::Kind::Xhtml}, Row{"Quantity", "System.Quantity", tree::Kind::Object},
        Row{"Age", "System.Quantity", tree::Kind::Object}, Row{"HumanName", "", tree::Kind::Object},
        Row{"System.Integer", "System.Integer", tree::Kind::Number}}) {
    EXPECT_EQ(r4().name(r4().system_type(type(row.type))), row.system) << row.type;
    EXPECT_EQ(r4().json_kind(type(row.type)), row.kind) << row.type;
  }
}

std::string expression_of(std::string_view of, std::string_view key) {
  for (const Invariant& invariant : r4().invariants(type(of)))
    if (invariant.key == key) return std::string(invariant.expression);
  return "none";
}

TEST(Definitions, HangInvariantsAtTheTypeThatMustHoldThem) {
  Strings keys;
  for (const Invariant& invariant : r4().invariants(type("Organization")))
    keys.push_back(std::string(invariant.path) + " " + std::string(invariant.key));
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(keys,
            (Strings{"Organization dom-2", "Organization dom-3", "Organization dom-4", "Organization dom-5", "Organization dom-6",
                     "Organization org-1", "Organization.address org-2", "Organization.telecom org-3"}));
  EXPECT_EQ(expression_of("Extension", "ext-1"), "extension.exists() != value.exists()");
  EXPECT_EQ(expression_of("Patient.contact", "pat-1"),
            "name.exists() or telecom.exists() or address.exists() or organization.exists()");
}

TEST(Definitions, MendTheInvariantsThatCannotWork) {
  EXPECT_EQ(expression_of("Bundle.entry", "bdl-8"), "fullUrl.empty() or fullUrl.contains('/_history/').not()");
  EXPECT_EQ(expression_of("Timing.repeat", "tim-9").find("when in"), std::string::npos);
  for (TypeId id : r4().all_types())
    for (const Invariant& invariant : r4().invariants(id))
      EXPECT_EQ(invariant.expression.find(".descendants().as("), std::string::npos) << invariant.key;
}

std::map<std::string, std::string> search_of(std::string_view resource) {
  std::map<std::string, std::string> found;
  for (const SearchParameter& each : r4().search_parameters(type(resource))) found[std::string(each.code)] = each.expression;
  return found;
}

TEST(Definitions, GiveAResourceItsOwnAndInheritedSearchParameters) {
  auto task = search_of("Task");
  EXPECT_EQ(task["owner"], "Task.owner");
  EXPECT_EQ(task["status"], "Task.status");
  EXPECT_EQ(task["_lastUpdated"], "Resource.meta.lastUpdated");
  EXPECT_EQ(search_of("Encounter")["patient"], "Encounter.subject.where(resolve() is Patient)");
  EXPECT_EQ(search_of("Observation")["value-quantity"],
            "Observation.value.ofType(Quantity) | Observation.value.ofType(SampledData)");
  EXPECT_EQ(search_of("Patient").count("mothersMaidenName"), 0u);

  std::span<const SearchParameter> all = r4().search_parameters(type("Task"));
  auto owner = std::find_if(all.begin(), all.end(), [](const SearchParameter& each) { return each.code == "owner"; });
  ASSERT_NE(owner, all.end());
  EXPECT_EQ(owner->base, "Task");
  EXPECT_EQ(owner->type, "reference");
  EXPECT_NE(owner->targets.find("Organization"), std::string::npos);
}

TEST(Definitions, LeaveNoAsInASearchExpression) {
  int count = 0;
  for (TypeId id : r4().all_types())
    for (const SearchParameter& each : r4().search_parameters(id)) {
      ++count;
      EXPECT_EQ(each.expression.find(" as "), std::string::npos) << each.expression;
      EXPECT_EQ(each.expression.find(".as("), std::string::npos) << each.expression;
      EXPECT_EQ(std::count(each.expression.begin(), each.expression.end(), '('),
                std::count(each.expression.begin(), each.expression.end(), ')'))
          << each.expression;
    }
  EXPECT_GT(count, 1500);
}

TEST(Definitions, ListTheCodesOfAValueSet) {
  Result<std::span<const Code>> gender = r4().value_set("http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1");
  ASSERT_TRUE(gender);
  Strings codes;
  for (const Code& code : *gender) codes.emplace_back(code.code);
  EXPECT_EQ(codes, (Strings{"male", "female", "other", "unknown"}));
  EXPECT_EQ((*gender)[0].system, "http://hl7.org/fhir/administrative-gender");
  EXPECT_EQ((*gender)[0].display, "Male");
}

TEST(Definitions, ListABranchOfAHierarchy) {
  // v3-ActEncounterCode is a branch of ActCode.
  std::string_view set = "http://terminology.hl7.org/ValueSet/v3-ActEncounterCode";
  EXPECT_TRUE(*r4().holds(set, "IMP"));
  EXPECT_TRUE(*r4().holds(set, "http://terminology.hl7.org/CodeSystem/v3-ActCode", "EMER"));
  EXPECT_FALSE(*r4().holds(set, "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "EMER"));
  EXPECT_FALSE(*r4().holds(set, "CANVAL"));
}

TEST(Definitions, TellWhichCodesStandAboveACode) {
  auto parents = [](std::string_view system, std::string_view code) {
    Strings above;
    const Result<std::span<const CodeLink>> links = r4().hierarchy(system);
    for (const CodeLink& link : *links)
      if (link.code == code) above.emplace_back(link.parent);
    return above;
  };
  const std::string v3 = "http://terminology.hl7.org/CodeSystem/v3-";
  EXPECT_EQ(parents(v3 + "RoleCode", "CHILD"), Strings{"FAMMEMB"});
  EXPECT_EQ(parents(v3 + "RoleCode", "CHLDADOPT"), Strings{"CHILD"});
  EXPECT_EQ(parents(v3 + "ActCode|2018-08-12", "IMP"), Strings{"_ActEncounterCode"});
  EXPECT_TRUE(r4().hierarchy("http://hl7.org/fhir/administrative-gender")->empty());
  EXPECT_EQ(r4().hierarchy("http://snomed.info/sct").failure().cause, Cause::Unsupported);
  EXPECT_EQ(r4().hierarchy("http://example.org/none").failure().cause, Cause::NotFound);
}

TEST(Definitions, HoldTheConceptMapsOfThePackage) {
  Result<std::span<const MappedCode>> map = r4().concept_map("http://hl7.org/fhir/ConceptMap/cm-administrative-gender-v3|4.0.1");
  ASSERT_TRUE(map);
  Strings rows;
  for (const MappedCode& row : *map) rows.push_back(std::string(row.source) + ">" + std::string(row.target));
  EXPECT_EQ(rows, (Strings{"male>M", "female>F", "other>UN", "unknown>UNK"}));
  EXPECT_EQ((*map)[0].target_system, "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender");
  EXPECT_EQ((*map)[0].relation, "equal");
  EXPECT_EQ(r4().concept_map("http://example.org/none").failure().cause, Cause::NotFound);
}

TEST(Definitions, SayWhyASetCannotBeListed) {
  EXPECT_EQ(r4().value_set("http://example.org/none").failure().cause, Cause::NotFound);
  EXPECT_EQ(r4().value_set("http://hl7.org/fhir/ValueSet/body-site").failure().cause, Cause::Unsupported);
  EXPECT_EQ(r4().holds("http://hl7.org/fhir/ValueSet/body-site", "1").failure().cause, Cause::Unsupported);
  EXPECT_EQ(r4().code_system("http://snomed.info/sct").failure().cause, Cause::Unsupported);
  EXPECT_TRUE(r4().code_system("http://hl7.org/fhir/task-status"));
}

TEST(Definitions, ListEveryRequiredBindingButThoseOfOutsideStandards) {
  std::set<std::string> missing;
  for (TypeId id : r4().all_types())
    for (const Element& element : r4().elements(id))
      if (element.binding == BindingStrength::Required && element.value_set != 0 && !r4().value_set(r4().text(element.value_set)))
        missing.emplace(r4().text(element.value_set));
  EXPECT_EQ(missing, (std::set<std::string>{"http://hl7.org/fhir/ValueSet/currencies|4.0.1",  // ISO 4217
                                            "http://hl7.org/fhir/ValueSet/mimetypes|4.0.1",   // BCP 13
                                            "http://hl7.org/fhir/ValueSet/ucum-units|4.0.1",  // UCUM, a grammar
                                            "http://loinc.org/vs/LL379-9|4.0.1"}));           // LOINC
}

TEST(Definitions, RefuseWhatIsNoTable) {
  const TemporaryDirectory directory;
  const std::string path = directory.path() / "not_a_table";
  EXPECT_EQ(Definitions::open(path + ".absent").failure().cause, Cause::Broken);
  for (std::string content : {std::string(), std::string("VBR4DEF\n"), std::string(400, 'x')}) {
    std::ofstream(path, std::ios::binary) << content;
    EXPECT_EQ(Definitions::open(path).failure().cause, Cause::Broken) << content.size();
  }
  std::ifstream table(VARDBRON_BINARY_DIR "/share/r4.table", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(table), {}};
  std::ofstream(path, std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  EXPECT_EQ(Definitions::open(path).failure().says, "The definitions table is cut off.");
  bytes[8] = 99;
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_NE(Definitions::open(path).failure().says.find("another version"), std::string::npos);
}

}  // namespace
}  // namespace vardbron::fhir
