#include "gateway/rest/presentation.h"

#include "r4.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::rest {
namespace {

using search::Presentation;
using search::Summary;

constexpr std::string_view tag =
    R"("tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}])";

std::string with_tag(std::string text) {
  const std::size_t at = text.find("TAG");
  return at == std::string::npos ? text : text.replace(at, 3, tag);
}

std::string shown(std::string_view body, Summary summary, std::vector<std::string> elements = {}) {
  return present(body, Presentation{summary, std::move(elements)}, r4());
}

constexpr std::string_view encounter =
    R"({"resourceType":"Encounter","id":"e1","meta":{"versionId":"3"},"language":"sv","text":{"status":"generated","div":"<div>x</div>"},)"
    R"("extension":[{"url":"urn:a","valueCode":"b"}],"modifierExtension":[{"url":"urn:m","valueCode":"c"}],)"
    R"("identifier":[{"id":"i","extension":[{"url":"urn:a","valueCode":"b"}],"system":"urn:s","value":"1"},{"value":"2"}],)"
    R"("status":"in-progress","_status":{"id":"s"},"statusHistory":[{"status":"planned","period":{"start":"2026"}}],)"
    R"("class":{"code":"IMP"},"subject":{"reference":"Patient/1"},)"
    R"("diagnosis":[{"condition":{"reference":"Condition/1"},"rank":1},{"condition":{"reference":"Condition/2"},"use":{"text":"u"}}],)"
    R"("length":{"value":2.50,"code":"d"},"hospitalization":{"origin":{"reference":"Location/1"}},)"
    R"("location":[{"location":{"reference":"Location/1"}}]})";

TEST(Presentation, ShowsWhatIsAskedForAndWhatMustBeThere) {
  struct Row {
    Summary summary;
    std::vector<std::string> elements;
    std::string expected;
  };
  const std::string head = R"({"resourceType":"Encounter","id":"e1","meta":{"versionId":"3",TAG},)";
  const std::string modifier = R"("modifierExtension":[{"url":"urn:m","valueCode":"c"}],)";
  const std::string needed = R"("status":"in-progress","_status":{"id":"s"},"class":{"code":"IMP"})";
  for (const Row& row :
       {Row{Summary::True,
            {},
            head + modifier + R"("identifier":[{"system":"urn:s","value":"1"},{"value":"2"}],)" +
                R"("status":"in-progress","_status":{"id":"s"},"class":{"code":"IMP"},"subject":{"reference":"Patient/1"},)"
                R"("diagnosis":[{"condition":{"reference":"Condition/1"}},{"condition":{"reference":"Condition/2"}}]})"},
        Row{Summary::Text, {}, head + R"("text":{"status":"generated","div":"<div>x</div>"},)" + needed + "}"},
        Row{Summary::False, {"length"}, head + modifier + needed + R"(,"length":{"value":2.50,"code":"d"}})"},
        Row{Summary::False,
            {"subject", "location"},
            head + modifier + needed +
                R"(,"subject":{"reference":"Patient/1"},"location":[{"location":{"reference":"Location/1"}}]})"}})
    EXPECT_EQ(shown(encounter, row.summary, row.elements), with_tag(row.expected));
}

TEST(Presentation, LeavesOutTheTextOnly) {
  std::string expected(encounter);
  const std::string text = R"("text":{"status":"generated","div":"<div>x</div>"},)";
  expected.erase(expected.find(text), text.size());
  expected.replace(expected.find(R"("versionId":"3")"), 15, R"("versionId":"3",TAG)");
  EXPECT_EQ(shown(encounter, Summary::Data), with_tag(expected));
}

TEST(Presentation, FindsAnElementUnderEachNameOfItsChoice) {
  const std::string patient = R"({"resourceType":"Patient","id":"1","gender":"female","deceasedDateTime":"2026-03-01"})";
  EXPECT_EQ(shown(patient, Summary::False, {"deceased"}),
            with_tag(R"({"resourceType":"Patient","id":"1","deceasedDateTime":"2026-03-01","meta":{TAG}})"));
  EXPECT_EQ(
      shown(R"({"resourceType":"Patient","id":"1","deceasedBoolean":true,"birthDate":"1950"})", Summary::False, {"birthDate"}),
      with_tag(R"({"resourceType":"Patient","id":"1","deceasedBoolean":true,"birthDate":"1950","meta":{TAG}})"))
      << "deceased changes the meaning of the others";
}

TEST(Presentation, KeepsTheTagsThatAreThere) {
  const std::string task =
      R"({"resourceType":"Task","id":"1","meta":{"tag":[{"code":"a"}],"source":"urn:x"},"status":"draft","intent":"order","note":[{"text":"n"}]})";
  const std::string shown_task = shown(task, Summary::True);
  EXPECT_EQ(shown_task,
            R"({"resourceType":"Task","id":"1","meta":{"tag":[{"code":"a"},{"system":"http://terminology.hl7.org/CodeSystem/v3-)"
            R"(ObservationValue","code":"SUBSETTED"}],"source":"urn:x"},"status":"draft","intent":"order"})");
}

TEST(Presentation, LeavesWholeWhatIsNotCutOrCannotBeRead) {
  for (Summary whole : {Summary::False, Summary::Count}) {
    if (whole == Summary::False) EXPECT_EQ(shown(encounter, whole), encounter);
  }
  for (const char* broken : {"", "{", "[]", R"({"resourceType":"Unknown"})", "{}"})
    EXPECT_EQ(shown(broken, Summary::True), broken);
}

TEST(Presentation, OfNoElementAtAllIsStillAResource) {
  store::Resource task, organization;
  task.body = R"({"resourceType":"Task","id":"1","status":"draft","intent":"order","note":[{"text":"n"}]})";
  organization.body = R"({"resourceType":"Organization","id":"2","name":"Nacka","text":{"status":"empty"}})";
  std::vector<store::Resource> matches{task}, included{organization};
  const Presentation elements{Summary::False, {"owner"}}, data{Summary::Data, {}};

  present(matches, elements, r4());
  present_included(included, elements, r4());
  EXPECT_EQ(matches[0].body, with_tag(R"({"resourceType":"Task","id":"1","status":"draft","intent":"order","meta":{TAG}})"));
  EXPECT_EQ(included[0].body, organization.body) << "the elements are those of a Task";
  present_included(included, data, r4());
  EXPECT_EQ(included[0].body, with_tag(R"({"resourceType":"Organization","id":"2","name":"Nacka","meta":{TAG}})"));
}

}  // namespace
}  // namespace vardbron::rest
