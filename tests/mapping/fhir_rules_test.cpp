#include "tests/mapping/workshop.h"

#include <gtest/gtest.h>

// Concern: rules between FHIR's own types: choices, contained resources, extensions, default groups, resources in a Bundle.
namespace vardbron::mapping {
namespace {

struct PatientCase {
  const char* name;
  const char* rules;
  const char* source;  ///< after {"resourceType":"Patient",
  const char* result;
  const char* groups = "";
};

class PatientRule : public testing::TestWithParam<PatientCase> {};

TEST_P(PatientRule, GivesWhatItSays) {
  const std::string start = R"({"resourceType":"Patient")";
  const auto whole = [&](std::string_view rest) { return start + (rest.empty() ? "" : ",") + std::string(rest) + "}"; };
  Workshop workshop;
  workshop.map("m.fml", "/// url = 'http://test/m'\n/// name = 'm'\ngroup g(source src : Patient, target tgt : Patient) {\n" +
                            std::string(GetParam().rules) + "\n}\n" + GetParam().groups);
  ASSERT_EQ(workshop.build(), "");

  EXPECT_EQ(workshop.run("m", {whole(GetParam().source)}), whole(GetParam().result));
}

INSTANTIATE_TEST_SUITE_P(
    Table, PatientRule,
    testing::Values(
        PatientCase{"ChoiceByItsStem", "src.deceased as d -> tgt.deceased = d;", R"("deceasedDateTime":"2020")",
                    R"("deceasedDateTime":"2020")"},
        PatientCase{"ChoiceBySpelling", "src.deceasedDateTime as d -> tgt.deceasedDateTime = d;", R"("deceasedDateTime":"2020")",
                    R"("deceasedDateTime":"2020")"},
        PatientCase{"ChoiceInBrackets", "src.deceased[x] as d -> tgt.deceased[x] = d;", R"("deceasedBoolean":true)",
                    R"("deceasedBoolean":true)"},
        PatientCase{"ChoiceByType", "src.multipleBirth : integer as m -> tgt.id = m;", R"("multipleBirthInteger":3)",
                    R"("id":"3")"},
        PatientCase{"ChoiceOfAnotherType", "src.multipleBirth : boolean as m -> tgt.id = 'x';", R"("multipleBirthInteger":3)",
                    ""},
        PatientCase{"ChoiceByCondition", "src.deceased as d where ($this is dateTime) -> tgt.deceased = d;",
                    R"("deceasedDateTime":"2020")", R"("deceasedDateTime":"2020")"},
        PatientCase{"ContainedOfAType", "src.contained : Organization as o -> tgt.contained = o;",
                    R"("contained":[{"resourceType":"Organization","id":"o"},{"resourceType":"Practitioner","id":"p"}])",
                    R"("contained":[{"resourceType":"Organization","id":"o"}])"},
        PatientCase{"ContainedByCondition", "src.contained as o where (o is Organization) -> tgt.contained = o;",
                    R"("contained":[{"resourceType":"Organization","id":"o"},{"resourceType":"Practitioner","id":"p"}])",
                    R"("contained":[{"resourceType":"Organization","id":"o"}])"},
        PatientCase{"PrimitiveWithExtension", "src.birthDate as b -> tgt.birthDate = b;",
                    R"("birthDate":"2000-01-01","_birthDate":{"extension":[{"url":"http://u","valueString":"x"}]})",
                    R"("birthDate":"2000-01-01","_birthDate":{"extension":[{"url":"http://u","valueString":"x"}]})"},
        PatientCase{"ExtensionOfAPrimitive", "src.birthDate as b then { b.extension as e -> tgt.extension = e; };",
                    R"("birthDate":"2000-01-01","_birthDate":{"extension":[{"url":"http://u","valueString":"x"}]})",
                    R"("extension":[{"url":"http://u","valueString":"x"}])"},
        PatientCase{"ConditionOnAChild", "src.telecom as t where (t.system = 'phone') -> tgt.telecom = t;",
                    R"("telecom":[{"system":"phone","value":"1"},{"system":"email","value":"2"}])",
                    R"("telecom":[{"system":"phone","value":"1"}])"},
        PatientCase{"BareConditionOnAChild", "src.telecom as t where system = 'email' and value = '2' -> tgt.telecom = t;",
                    R"("telecom":[{"system":"phone","value":"1"},{"system":"email","value":"2"}])",
                    R"("telecom":[{"system":"email","value":"2"}])"},
        PatientCase{"BooleanAsCondition", "src.active as a where (a) -> tgt.active = a;", R"("active":true)", R"("active":true)"},
        PatientCase{"VariablesWithPercent", "src.gender as g -> tgt.gender = (%g), tgt.id = (%src.id & '-' & %tgt.gender);",
                    R"("id":"i","gender":"male")", R"("id":"i-male","gender":"male")"},
        PatientCase{
            "TypePlus", "src.extension as e -> tgt.extension as x then { e.url -> x.url; e.value -> x.value; };",
            R"("extension":[{"url":"http://u","valueIdentifier":{"use":"usual","value":"1"}},{"url":"http://v","valueCode":"c"}])",
            R"("extension":[{"url":"http://u","valueIdentifier":{"value":"1"}},{"url":"http://v","valueCode":"c"}])",
            "group i(source s : Identifier, target t : Identifier) <<type+>> { s.value as v -> t.value = v; }"},
        PatientCase{"Types", "src.name -> tgt.name;", R"("name":[{"family":"f"}])", R"("name":[{"text":"f"}])",
                    "group n(source s : HumanName, target t : HumanName) <<types>> { s.family as f -> t.text = f; }"},
        PatientCase{"ShortFormOfAType", "src.deceased : boolean -> tgt.deceased; src.name : HumanName -> tgt.name;",
                    R"("deceasedBoolean":true,"name":[{"use":"official","family":"a"},{"use":"usual","family":"b"}])",
                    R"("name":[{"use":"official","family":"a"},{"use":"usual","family":"b"}],"deceasedBoolean":true)"},
        PatientCase{"ShortFormOfAnotherType", "src.deceased : boolean -> tgt.deceased;", R"("deceasedDateTime":"2020")", ""},
        PatientCase{"ShortFormOfAConditionAndAPlace",
                    "src.name where (use = 'usual') -> tgt.name; src.telecom last -> tgt.telecom;",
                    R"("name":[{"use":"official"},{"use":"usual"}],"telecom":[{"value":"1"},{"value":"2"}])",
                    R"("name":[{"use":"usual"}],"telecom":[{"value":"2"}])"},
        PatientCase{"ResourceByTheGroupOfItsType", "src.contained -> tgt.contained;",
                    R"("contained":[{"resourceType":"Organization","id":"o","name":"n","active":true}])",
                    R"("contained":[{"resourceType":"Organization","id":"o","name":"n"}])",
                    "group r(source s : Resource, target t : Resource) <<type+>> { s.id -> t.id; }\n"
                    "group o(source s : Organization, target t : Organization) extends r <<type+>> { s.name -> t.name; }"},
        PatientCase{"ResourceOfATypeWithoutGroup", "src.contained -> tgt.contained;",
                    R"("contained":[{"resourceType":"Practitioner","id":"p"},{"resourceType":"Organization","id":"o"}])",
                    R"("contained":[{"resourceType":"Practitioner","id":"p"},{"resourceType":"Organization"}])",
                    "group o(source s : Organization, target t : Organization) <<type+>> { s.name -> t.name; }"},
        PatientCase{"ResourceOfATypeWhoseGroupDoesNotSayWhatIsMade", "src.contained -> tgt.contained;",
                    R"("contained":[{"resourceType":"Organization","id":"o","name":"n"}])",
                    R"("contained":[{"resourceType":"Organization","id":"o","name":"n"}])",
                    "group o(source s : Organization, target t : Organization) <<types>> { s.name -> t.name; }"},
        PatientCase{"UntypedGroupsThatExtend", "src.name as n -> tgt.name as t then h(n, t);",
                    R"("name":[{"id":"i","family":"f"}])", R"("name":[{"id":"i","family":"f"}])",
                    "group h(source s, target t) extends e { s.family as f -> t.family = f; }\n"
                    "group e(source s, target t) { s.id as i -> t.id = i; }"},
        PatientCase{"FirstAndTheRest",
                    "src.name first as n -> tgt.name = n; src.name not_first as n then { n.family as f -> tgt.contact as c, "
                    "c.name as cn, cn.family = f; };",
                    R"("name":[{"family":"a"},{"family":"b"}])",
                    R"("name":[{"family":"a"}],"contact":[{"name":{"family":"b"}}])"},
        PatientCase{"AResourceMadeBesideTheTarget",
                    "src.id as i -> create('Organization') as o, tgt.id = i then { i -> tgt.contained = o, o.id = i; };",
                    R"("id":"x")", R"("id":"x","contained":[{"resourceType":"Organization","id":"x"}])"}),
    [](const testing::TestParamInfo<PatientCase>& of) { return std::string(of.param.name); });

TEST(FhirRules, AResourceThatOnlyTheGroupOfItsBaseFitsIsAnError) {
  Workshop workshop;
  workshop.map("m.fml",
               "/// url = 'http://test/m'\n/// name = 'm'\n"
               "group g(source src : Patient, target tgt : Patient) { src.contained -> tgt.contained; }\n"
               "group r(source s : Resource, target t : Resource) <<type+>> { s.id -> t.id; }\n");
  ASSERT_EQ(workshop.build(), "");
  EXPECT_THAT(workshop.run("m", {R"({"resourceType":"Patient","contained":[{"resourceType":"Practitioner","id":"p"}]})"}),
              testing::HasSubstr("no default group makes a resource of a Practitioner here"));
}

}  // namespace
}  // namespace vardbron::mapping
