#include "gateway/workbench/difference.h"

#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/tree/path.h"
#include "gateway/workbench/difference_match.h"
#include "tests/mapping/workshop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace vardbron::workbench {
namespace {

tree::Document read(std::string text) {
  Result<tree::Document> document = json::parse(std::move(text), mapping::r4().names());
  CHECK(document.ok());
  return std::move(*document);
}

/// All differences, one per line.
std::string differ(const std::string& expected, const std::string& found) {
  const tree::Document left = read(expected), right = read(found);
  std::string lines;
  for (const Difference& each : differences(left, right, mapping::r4())) lines += to_line(each) + "\n";
  return lines;
}

struct Row {
  const char* name;
  const char *expected, *found, *says;
};

class Table : public testing::TestWithParam<Row> {};

TEST_P(Table, Difference) { EXPECT_EQ(differ(GetParam().expected, GetParam().found), GetParam().says); }

const Row rows[] = {
    {"nothing", R"({"resourceType":"Patient","gender":"male"})", R"({"resourceType":"Patient","gender":"male"})", ""},
    {"value", R"({"resourceType":"Patient","gender":"male"})", R"({"resourceType":"Patient","gender":"female"})",
     "Patient.gender: expected 'male', found 'female'\n"},
    {"missing", R"({"resourceType":"Patient","gender":"male"})", R"({"resourceType":"Patient"})",
     "Patient.gender: expected 'male', found nothing\n"},
    {"extra", R"({"resourceType":"Patient"})", R"({"resourceType":"Patient","active":true})",
     "Patient.active: expected nothing, found true\n"},
    {"digits", R"({"resourceType":"Observation","valueQuantity":{"value":1.10}})",
     R"({"resourceType":"Observation","valueQuantity":{"value":1.1}})",
     "Observation.valueQuantity.value: expected 1.10, found 1.1\n"},
    {"kind", R"({"resourceType":"Patient","active":true})", R"({"resourceType":"Patient","active":"true"})",
     "Patient.active: expected true, found 'true'\n"},
    {"order of members", R"({"resourceType":"Patient","id":"1","active":true})",
     R"({"active":true,"resourceType":"Patient","id":"1"})", ""},
    {"identifiers in another order",
     R"({"resourceType":"Patient","identifier":[{"system":"a","value":"1"},{"system":"b","value":"2"}]})",
     R"({"resourceType":"Patient","identifier":[{"system":"b","value":"2"},{"system":"a","value":"1"}]})", ""},
    {"identifier changed inside",
     R"({"resourceType":"Patient","identifier":[{"system":"a","value":"1","use":"usual"},{"system":"b","value":"2"}]})",
     R"({"resourceType":"Patient","identifier":[{"system":"b","value":"2"},{"system":"a","value":"1","use":"old"}]})",
     "Patient.identifier[1].use: expected 'usual', found 'old'\n"},
    {"one more at the front",
     R"({"resourceType":"Patient","telecom":[{"system":"phone","value":"1"},{"system":"phone","value":"2"}]})",
     R"({"resourceType":"Patient","telecom":[{"system":"email","value":"x"},{"system":"phone","value":"1"},{"system":"phone","value":"2"}]})",
     "Patient.telecom[0]: expected nothing, found {\"system\":\"email\",\"value\":\"x\"}\n"},
    {"extension of the same url",
     R"({"resourceType":"Patient","extension":[{"url":"u","valueCode":"a"},{"url":"w","valueCode":"b"}]})",
     R"({"resourceType":"Patient","extension":[{"url":"w","valueCode":"b"},{"url":"u","valueCode":"c"}]})",
     "Patient.extension[1].valueCode: expected 'a', found 'c'\n"},
    {"given names have an order", R"({"resourceType":"Patient","name":[{"given":["Astrid","Maria"]}]})",
     R"({"resourceType":"Patient","name":[{"given":["Maria","Astrid"]}]})",
     "Patient.name[0].given[1]: stands at another place of its list than expected\n"},
    {"codes have none",
     R"({"resourceType":"Patient","maritalStatus":{"coding":[{"system":"s","code":"a"},{"system":"s","code":"b"}]}})",
     R"({"resourceType":"Patient","maritalStatus":{"coding":[{"system":"s","code":"b"},{"system":"s","code":"a"}]}})", ""},
    {"entries by their resource",
     R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p","gender":"male"}},{"resource":{"resourceType":"Task","id":"t"}}]})",
     R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Task","id":"t"}},{"resource":{"resourceType":"Patient","id":"p","gender":"other"}}]})",
     "Bundle.entry[1].resource.gender: expected 'male', found 'other'\n"},
    {"the header of a message stands first",
     R"({"resourceType":"Bundle","type":"message","entry":[{"fullUrl":"urn:a"},{"fullUrl":"urn:b"},{"fullUrl":"urn:c"}]})",
     R"({"resourceType":"Bundle","type":"message","entry":[{"fullUrl":"urn:b"},{"fullUrl":"urn:a"},{"fullUrl":"urn:c"}]})",
     "Bundle.entry[1]: stands at another place of its list than expected\n"},
    {"what follows the header has no order",
     R"({"resourceType":"Bundle","type":"message","entry":[{"fullUrl":"urn:a"},{"fullUrl":"urn:b"},{"fullUrl":"urn:c"}]})",
     R"({"resourceType":"Bundle","type":"message","entry":[{"fullUrl":"urn:a"},{"fullUrl":"urn:c"},{"fullUrl":"urn:b"}]})", ""},
    {"hits of a search are in order",
     R"({"resourceType":"Bundle","type":"searchset","entry":[{"fullUrl":"urn:a"},{"fullUrl":"urn:b"}]})",
     R"({"resourceType":"Bundle","type":"searchset","entry":[{"fullUrl":"urn:b"},{"fullUrl":"urn:a"}]})",
     "Bundle.entry[1]: stands at another place of its list than expected\n"},
    {"what is no FHIR keeps its order", R"({"x":["a","b"]})", R"({"x":["b","a"]})",
     "x[1]: stands at another place of its list than expected\n"},
    {"a primitive's extension", R"({"resourceType":"Patient","birthDate":"1950-09-07","_birthDate":{"id":"x"}})",
     R"({"resourceType":"Patient","birthDate":"1950-09-07"})", "Patient.birthDate.id: expected 'x', found nothing\n"}};

INSTANTIATE_TEST_SUITE_P(Rows, Table, testing::ValuesIn(rows), [](const testing::TestParamInfo<Row>& of) {
  std::string name = of.param.name;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

TEST(Difference, StopsAtItsLimit) {
  std::string many = R"({"resourceType":"Patient","identifier":[)";
  for (int at = 0; at < 50; ++at) many += std::string(at == 0 ? "" : ",") + R"({"value":")" + std::to_string(at) + "\"}";
  const tree::Document expected = read(many + "]}"), found = read(R"({"resourceType":"Patient"})");

  EXPECT_EQ(differences(expected, found, mapping::r4(), {.differences_max = 7}).size(), 7u);
}

TEST(Difference, NamesTheNodesOnBothSides) {
  const tree::Document expected = read(R"({"resourceType":"Patient","gender":"male"})");
  const tree::Document found = read(R"({"resourceType":"Patient","id":"1","gender":"female"})");

  const std::vector<Difference> all = differences(expected, found, mapping::r4());

  ASSERT_EQ(all.size(), 2u);
  for (const Difference& each : all) {
    if (each.kind != Difference::Kind::Changed) continue;
    EXPECT_EQ(tree::path_of(found, each.found_node), "Patient.gender");
    EXPECT_EQ(tree::path_of(expected, each.expected_node), "Patient.gender");
  }
}

TEST(Difference, CutsTextsBetweenCharacters) {
  EXPECT_EQ(shortened("åäö", 3), "å…");
  EXPECT_EQ(shortened("åäö", 6), "åäö");
  EXPECT_EQ(shortened("", 0), "");
}

TEST(Match, GivesEveryItemTheSameRanks) {
  const tree::Document document = read(R"({"a":{"url":"u"},"b":{"system":"s","value":"1"},"c":{}})");
  const tree::Item a = tree::root(document).child("a"), b = tree::root(document).child("b"), c = tree::root(document).child("c");

  EXPECT_EQ(identities_of(a).size(), identities_of(b).size());
  for (const std::string& each : identities_of(c)) EXPECT_EQ(each, "");
}

/// A list of the shape Patient.identifier with values that may repeat.
std::string shuffled(std::vector<std::string>& items, std::mt19937_64& random) {
  std::shuffle(items.begin(), items.end(), random);
  std::string text = R"({"resourceType":"Patient","identifier":[)";
  for (const std::string& item : items) text += (&item == &items.front() ? "" : ",") + item;
  return text + "]}";
}

TEST(Difference, FindsNothingInAnyOrderAndExactlyWhatWasChanged) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<std::string> items;
    const std::size_t count = 1 + random() % 12;
    for (std::size_t at = 0; at < count; ++at)
      items.push_back(R"({"system":"s)" + std::to_string(random() % 3) + R"(","value":")" + std::to_string(at) +
                      R"(","use":"usual"})");
    const std::string expected = shuffled(items, random), found = shuffled(items, random);
    EXPECT_EQ(differ(expected, found), "") << "seed " << seed;

    std::string& changed = items[random() % count];
    changed.replace(changed.find("usual"), 5, "old");
    const std::string lines = differ(expected, shuffled(items, random));
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1) << "seed " << seed << "\n" << lines;
    EXPECT_NE(lines.find(".use: expected 'usual', found 'old'"), std::string::npos) << lines;
  }
}

TEST(Difference, IsTheSameFromBothSides) {
  const std::string one = R"({"resourceType":"Patient","telecom":[{"value":"1"},{"value":"2"},{"value":"3"}],"active":true})";
  const std::string other = R"({"resourceType":"Patient","telecom":[{"value":"3"},{"value":"4"}],"gender":"male"})";
  auto count = [](const std::string& lines) { return std::count(lines.begin(), lines.end(), '\n'); };

  EXPECT_EQ(count(differ(one, other)), count(differ(other, one)));
}

}  // namespace
}  // namespace vardbron::workbench
