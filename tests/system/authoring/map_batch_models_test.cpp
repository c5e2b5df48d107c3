#include "gateway/authoring/map_batch.h"
#include "gateway/formats/json/composer.h"
#include "tests/system/authoring/without_warnings.h"
#include "v3_models.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace vardbron::authoring {
namespace {

const std::filesystem::path share = std::filesystem::path(VARDBRON_BINARY_DIR) / "share";

// Concern: models of HL7 v3's shapes, whose XML says types by xsi:type.
class MapBatchOfV3 : public testing::Test {
 protected:
  static std::string asked(const std::string& source, const std::string& target, const std::string& rest,
                           const std::string& input, const std::string& more = "") {
    const auto uses = [](const std::string& canonical, const std::string& alias, const std::string& mode) {
      return "uses '" + canonical + "' alias " + alias + " as " + mode + "\n";
    };
    std::string map = "map 'http://t/v3' = 'v3'\n" + uses(source, "S", "source") + uses(target, "T", "target");
    for (const char* type : {"CD", "PQ", "ST"}) map += uses(v3_url(type), type, "source");
    std::string models;
    for (const std::string& each : v3_models()) models += (models.empty() ? "" : ",") + each;
    return R"({"id":1,"map":)" + json::as_json(map + rest) + R"(,"models":[)" + models + R"(],"input":)" + input + more + "}";
  }
  static std::string answer(const std::string& line) { return without_warnings(MapBatch(share).answer(line)); }

  const std::string fhir = "http://hl7.org/fhir/StructureDefinition/";
  const std::string paper = json::as_json(
      R"(<Paper xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><subject><name>Dr <given>Alva</given>)"
      R"(<family>Berg</family></name><birthTime value="19800102"/></subject><observation>)"
      R"(<value xsi:type="PQ" value="1.50" unit="mg"/><value xsi:type="CD" code="k"/><value xsi:type="ST">hello</value>)"
      R"(</observation></Paper>)");
};

TEST_F(MapBatchOfV3, AnswersWithItsPartsAndTimes) {
  EXPECT_EQ(
      answer(asked(v3_url("Paper"), fhir + "Patient",
                   "group main(source s : S, target t : T) { s.subject as p then { p.birthTime as b then { b.value as v "
                   "-> t.birthDate = v; }; p.name as n -> t.name as h then { n.item as i then { i.family as f -> h.family "
                   "= (f.xmlText); i.given as g -> h.given = (g.xmlText); }; }; }; }",
                   paper)),
      R"({"id":1,"result":{"resourceType":"Patient","name":[{"family":"Berg","given":["Alva"]}],"birthDate":"1980-01-02"}})");
}

TEST_F(MapBatchOfV3, AnswersByTypesThatAreTold) {
  EXPECT_EQ(
      answer(asked(v3_url("Paper"), fhir + "Observation",
                   "group main(source s : S, target t : T) { s.observation as o then { o.value : PQ as v -> t.value = "
                   "create('Quantity') as q then { v.value as x -> q.value = x; }; o.value : CD as v -> t.code as c, c.text "
                   "= (v.code); o -> t.note as n, n.text = (o.value.ofType(ST).xmlText); o.value as v where is(CD) -> "
                   "t.status = (code); o.value as v where (is(ANY) and is(PQ).not()) -> t.note as n, n.text = "
                   "(v.children().first()); }; }",
                   paper)),
      R"({"id":1,"result":{"resourceType":"Observation","status":"k","code":{"text":"k"},"valueQuantity":{"value":1.50},)"
      R"("note":[{"text":"hello"},{"text":"k"},{"text":"hello"}]}})");
}

TEST_F(MapBatchOfV3, KnowsATypeByTheNameItHasInXmlAndRefusesOneThatThereIsNot) {
  const auto mapped = [&](const std::string& type) {
    std::string changed = paper;
    const std::string plain = R"(xsi:type=\"ST\")";
    const std::size_t at = changed.find(plain);
    if (at == std::string::npos) return std::string("the paper has no ST");
    changed.replace(at, plain.size(), R"(xsi:type=\")" + type + R"(\")");
    return answer(asked(v3_url("Paper"), fhir + "Observation",
                        "group main(source s : S, target t : T) { s.observation as o then { o.value : ST as v -> t.note as n, "
                        "n.text = (v.xmlText); }; }",
                        changed));
  };
  const std::string hello = R"({"id":1,"result":{"resourceType":"Observation","note":[{"text":"hello"}]}})";
  EXPECT_EQ(mapped("ST.r2b"), hello);
  EXPECT_EQ(mapped("v3:ST.r2b"), hello);
  EXPECT_THAT(mapped("nonsense"), testing::HasSubstr("there is no type 'nonsense' as xsi:type says"));
}

TEST_F(MapBatchOfV3, AnswersWithTheGroupOfTheTypeThatIsTold) {
  const std::string groups =
      "group Cd(source s : CD, target t : CodeableConcept) <<type+>> { s.code as c -> t.text = c; }\n"
      "group Pq(source s : PQ, target t : Quantity) <<type+>> { s.unit as c -> t.unit = c; }\n"
      "group St(source s : ST, target t : string) <<type+>> { s.xmlText as c -> t.value = c; }";
  const std::string known = "group main(source s : S, target t : T) { s.observation as o then { o.value -> t.value; }; }\n",
                    unknown =
                        "group main(source s : S, target t : T) { s.observation as o then { o.value as v -> t.component "
                        "as c then each(v, c); }; }\ngroup each(source v, target c) { v -> c.value; }\n";

  EXPECT_EQ(answer(asked(v3_url("Paper"), fhir + "Observation", known + groups, paper)),
            R"({"id":1,"result":{"resourceType":"Observation","valueString":"hello"}})");
  EXPECT_EQ(answer(asked(v3_url("Paper"), fhir + "Observation", unknown + groups, paper)),
            R"({"id":1,"result":{"resourceType":"Observation","component":[{"valueQuantity":{"unit":"mg"}},)"
            R"({"valueCodeableConcept":{"text":"k"}},{"valueString":"hello"}]}})");
}

TEST_F(MapBatchOfV3, AnswersInXmlAsTheModelHasIt) {
  EXPECT_EQ(
      answer(asked(fhir + "Observation", v3_url("Paper"),
                   "group main(source s : S, target t : T) { s -> t.observation as o then { s.value : Quantity as q -> "
                   "o.value = create('PQ') as p then { q.value as v -> p.value = v; }; s.effective : dateTime as d -> "
                   "o.effectiveTime as e, e.low as l, l.value = d; s.code as c -> o.code as k, k.translation = "
                   "create('CD') as x, x.code = 't', x.sdtcValueSet = '1.2'; }; s.text as x -> t.section as n, n.text = "
                   "(x.div); }",
                   R"({"resourceType":"Observation","text":{"div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a</p></div>"},)"
                   R"("code":{"text":"c"},"valueQuantity":{"value":1.50},"effectiveDateTime":"2026-01-02T10:00:00+01:00"})",
                   R"(,"format":"xml")")),
      R"({"id":1,"result":"<Paper xmlns=\"urn:hl7-org:v3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" )"
      R"(xmlns:sdtc=\"urn:hl7-org:sdtc\"><observation><code xsi:type=\"CD\"><translation xsi:type=\"CD\" code=\"t\" )"
      R"(sdtc:valueSet=\"1.2\"/></code><effectiveTime><low value=\"20260102100000+0100\"/></effectiveTime><value )"
      R"(xsi:type=\"PQ\" value=\"1.50\"/></observation><section><text><paragraph>a</paragraph></text></section></Paper>"})");
}

// Concern: maps from one FHIR release to another have the definitions of both.
class MapBatchOfReleases : public testing::Test {
 protected:
  static std::string from_to(const std::string& from, const std::string& to, const std::string& rules) {
    const auto uses = [](const std::string& release, const std::string& type, const std::string& mode) {
      return "uses 'http://hl7.org/fhir/" + release + "/StructureDefinition/" + type + "' alias " + type + mode.substr(0, 1) +
             " as " + mode + "\n";
    };
    return "map 'http://t/r' = 'r'\n" + uses(from, "MedicationRequest", "source") + uses(to, "MedicationRequest", "target") +
           uses(from, "HumanName", "source") + uses(to, "HumanName", "target") + uses(to, "Reference", "target") +
           "group main(source s : MedicationRequests, target t : MedicationRequestt) {\n" + rules + "\n}\n";
  }
  static std::string asked(const std::string& map, const std::string& input, const std::string& more = "") {
    return without_warnings(
        MapBatch(share).answer(R"({"id":1,"map":)" + json::as_json(map) + R"(,"input":)" + input + more + "}"));
  }
};

TEST_F(MapBatchOfReleases, WritesTheElementsOfTheTargetsRelease) {
  const std::string r4 = R"({"resourceType":"MedicationRequest","id":"m","medicationCodeableConcept":{"text":"x"},)"
                         R"("identifier":[{"value":"1"}]})";
  const std::string rules =
      "s.id as i -> t.id = i; s.identifier -> t.identifier; s.medication : CodeableConcept as m -> t.medication as c, "
      "c.concept = m; s -> t.note as n, n.text = 'x', t.contained = create('Patient') as p, p.id = 'p', t.subject = "
      "reference(p);";
  const std::string expected =
      R"({"id":1,"result":{"resourceType":"MedicationRequest","id":"m","contained":[{"resourceType":"Patient","id":"p"}],)"
      R"("identifier":[{"value":"1"}],"medication":{"concept":{"text":"x"}},"subject":{"reference":"Patient/p"},"note":[{"text":"x"}]}})";

  EXPECT_EQ(asked(from_to("4.0", "5.0", rules), r4), expected);
  EXPECT_EQ(asked(from_to("4.3", "5.0", rules), r4), expected);
  EXPECT_EQ(asked(from_to("4.0", "5.0", rules), r4, R"(,"model":"r5")"), expected);
}

TEST_F(MapBatchOfReleases, GoesTheOtherWayToo) {
  EXPECT_EQ(asked(from_to("5.0", "4.0", "s.medication as m then { m.concept as c -> t.medication = c; };"),
                  R"({"resourceType":"MedicationRequest","medication":{"concept":{"text":"x"}}})"),
            R"({"id":1,"result":{"resourceType":"MedicationRequest","medicationCodeableConcept":{"text":"x"}}})");
}

TEST_F(MapBatchOfReleases, ReadsAndWritesXmlOfEach) {
  const std::string xml = json::as_json(R"(<MedicationRequest xmlns="http://hl7.org/fhir"><medicationCodeableConcept>)"
                                        R"(<text value="x"/></medicationCodeableConcept></MedicationRequest>)");
  const std::string rules = "s.medication : CodeableConcept as m -> t.medication as c, c.concept = m;";
  const std::string expected =
      R"({"id":1,"result":"<MedicationRequest xmlns=\"http://hl7.org/fhir\"><medication><concept><text value=\"x\"/></concept>)"
      R"(</medication></MedicationRequest>"})";

  EXPECT_EQ(asked(from_to("4.0", "5.0", rules), xml, R"(,"format":"xml")"), expected);
  EXPECT_EQ(asked(from_to("4.0", "5.0", rules), xml, R"(,"format":"xml","model":"r5")"), expected);
}

TEST_F(MapBatchOfReleases, UsesTheDefaultGroupsBetweenThem) {
  const std::string map =
      from_to("4.0", "5.0", "s.contained : PatientX as p -> t.contained = create('Patient') as q then { p.name -> q.name; };") +
      "group Names(source s : HumanNames, target t : HumanNamet) <<type+>> { s.family as f -> t.text = f; }";
  std::string with_patient = map;
  with_patient.insert(with_patient.find("group"),
                      "uses 'http://hl7.org/fhir/4.0/StructureDefinition/Patient' alias PatientX as source\n");

  EXPECT_EQ(
      asked(with_patient,
            R"({"resourceType":"MedicationRequest","contained":[{"resourceType":"Patient","name":[{"family":"B"}]}]})"),
      R"({"id":1,"result":{"resourceType":"MedicationRequest","contained":[{"resourceType":"Patient","name":[{"text":"B"}]}]}})");
}

TEST_F(MapBatchOfReleases, SaysWhichReleasesThereAre) {
  const std::string answer = asked(from_to("3.0", "4.0", "s.id as i -> t.id = i;"), R"({"resourceType":"MedicationRequest"})");

  EXPECT_NE(answer.find("of FHIR's releases there are 4.0 (with 4.3) and 5.0"), std::string::npos) << answer;
  EXPECT_NE(answer.find("\"at\":\"map:2:"), std::string::npos) << answer;
}

}  // namespace
}  // namespace vardbron::authoring
