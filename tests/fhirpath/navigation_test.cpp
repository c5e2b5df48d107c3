#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

// Concern: a path finds every element of its name, however the search for it is cut short.
namespace vardbron::fhirpath {
namespace {

using testing::answer;
using testing::Setting;

/// A Patient whose children are these, in this order; a parser would refuse some of them.
tree::Document patient_of(const std::vector<std::pair<std::string, std::string>>& children) {
  tree::Document document(r4().names());
  document.add_text(0, document.intern("resourceType"), tree::Kind::String, "Patient");
  for (const auto& [name, text] : children) document.add_text(0, document.intern(name), tree::Kind::String, text);
  return document;
}

TEST(FhirPathNavigation, FindsAnElementAtAnyPlaceAmongItsSiblings) {
  const std::vector<std::pair<std::string, std::string>> others{{"id", "x"}, {"gender", "male"}, {"language", "sv"}};
  for (std::size_t place = 0; place <= others.size(); ++place) {
    std::vector<std::pair<std::string, std::string>> children = others;
    children.insert(children.begin() + static_cast<std::ptrdiff_t>(place), {"birthDate", "1950-09-07"});
    const tree::Document one = patient_of(children);
    EXPECT_EQ(answer("birthDate", {.document = &one}), "1950-09-07") << place;
    EXPECT_EQ(answer("gender | language | id", {.document = &one}), "male, sv, x") << place;
    // Twice what may be there once: no part of it is hidden.
    children.insert(children.begin() + static_cast<std::ptrdiff_t>(place), {"birthDate", "1950-09-08"});
    const tree::Document two = patient_of(children);
    EXPECT_EQ(answer("birthDate.count()", {.document = &two}), "2") << place;
  }
}

TEST(FhirPathNavigation, FindsAllItemsOfAListWhereverTheyAre) {
  const tree::Document document = testing::parse_json(
      R"({"resourceType":"Patient","name":[{"given":["a","b"]},{"family":"x"},{"given":["c"]}],"active":true,"gender":"male"})");
  EXPECT_EQ(answer("name.given", {.document = &document}), "a, b, c");
  EXPECT_EQ(answer("name.count()", {.document = &document}), "3");
  EXPECT_EQ(answer("name.family | gender", {.document = &document}), "x, male");
}

TEST(FhirPathNavigation, KnowsTheTypeOfEachEntryInAnyOrder) {
  std::mt19937 random(5);
  const std::vector<std::string> types{"Patient", "Task", "Encounter", "Patient"};
  for (int round = 0; round < 200; ++round) {
    std::string entries;
    std::size_t patients = 0, tasks = 0, all = random() % 12 + 1;
    for (std::size_t entry = 0; entry < all; ++entry) {
      const std::string& type = types[random() % types.size()];
      patients += type == "Patient" ? 1 : 0;
      tasks += type == "Task" ? 1 : 0;
      entries +=
          (entry > 0 ? "," : "") + (R"({"resource":{"resourceType":")" + type + R"(","id":"i)" + std::to_string(entry) + "\"}}");
    }
    const tree::Document bundle = testing::parse_json(R"({"resourceType":"Bundle","type":"batch","entry":[)" + entries + "]}");
    const Setting setting{.document = &bundle};
    EXPECT_EQ(answer("entry.resource.ofType(Patient).count()", setting), std::to_string(patients)) << entries;
    EXPECT_EQ(answer("entry.resource.where($this is Task).id.count()", setting), std::to_string(tasks)) << entries;
    EXPECT_EQ(answer("(entry.resource.id | entry.resource.id).count()", setting), std::to_string(all)) << entries;
  }
}

TEST(FhirPathNavigation, ConvertsValuesOfManyTypesBesideEachOther) {
  const tree::Document patient = testing::parse_json(
      R"({"resourceType":"Patient","id":"1","active":true,"birthDate":"1950-09-07","multipleBirthInteger":1,"gender":"male",)"
      R"("telecom":[{"system":"phone","value":"1","rank":1,"period":{"start":"1950-09-07"}},{"system":"phone","value":"1","rank":2}]})");
  EXPECT_EQ(
      answer("(id | active | birthDate | multipleBirth | gender | telecom.value | telecom.rank).count()", {.document = &patient}),
      "6")
      << "'1' of id and value are equal, 1 of multipleBirth and rank too";
  EXPECT_EQ(answer("telecom.distinct().count()", {.document = &patient}), "2");
  EXPECT_EQ(answer("telecom.rank.select($this + 1).count()", {.document = &patient}), "2");
}

}  // namespace
}  // namespace vardbron::fhirpath
