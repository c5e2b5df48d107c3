#include "gateway/search/indexer.h"

#include "gateway/search/match.h"
#include "json_text.h"
#include "r4.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::search {
namespace {

const Indexer& indexer() {
  static const Indexer made(r4());
  return made;
}

/// "parameter=system|value" of each key of that parameter; dates as "from..to".
std::vector<std::string> keys_of(std::string json, std::string_view parameter) {
  tree::Document document = from_json(std::move(json));
  std::vector<std::string> written;
  for (const Key& key : indexer().keys(tree::root(document))) {
    if (key.parameter != parameter) continue;
    if (key.kind == KeyKind::Date) {
      written.push_back(std::to_string(key.from_ms) + ".." + std::to_string(key.to_ms));
    } else if (key.kind == KeyKind::String) {
      written.push_back(key.value);
    } else {
      written.push_back(key.system + "|" + key.value);
    }
  }
  return written;
}

using Keys = std::vector<std::string>;

const std::string task = R"({"resourceType":"Task","id":"t1","identifier":[{"system":"urn:s","value":"42"}],"status":"requested",
  "intent":"order","meta":{"tag":[{"system":"urn:t","code":"x"}]},"focus":{"reference":"Encounter/e1"},
  "for":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1/_history/3"},
  "code":{"coding":[{"system":"urn:c","code":"a"},{"system":"urn:d","code":"b"}],"text":"t"},
  "authoredOn":"1970-01-02","executionPeriod":{"end":"1970-01-01T00:00:10Z"},
  "owner":{"type":"Organization","identifier":{"system":"urn:oid:1.2.752.29.4.19","value":"SE2321000016-A001"}}})";

TEST(Indexer, TakesEveryKindOfKeyFromATask) {
  EXPECT_EQ(keys_of(task, "identifier"), Keys{"urn:s|42"});
  EXPECT_EQ(keys_of(task, "status"), Keys{"http://hl7.org/fhir/task-status|requested"});
  EXPECT_EQ(keys_of(task, "code"), (Keys{"urn:c|a", "urn:d|b"}));
  EXPECT_EQ(keys_of(task, "_tag"), Keys{"urn:t|x"});
  EXPECT_EQ(keys_of(task, "patient"), Keys{"|Patient/p1"});
  EXPECT_EQ(keys_of(task, "subject"), Keys{"|Patient/p1"});
  EXPECT_EQ(keys_of(task, "encounter"), Keys{"|Encounter/e1"});
  EXPECT_EQ(keys_of(task, "owner"), Keys{"urn:oid:1.2.752.29.4.19|SE2321000016-A001"});
  EXPECT_EQ(keys_of(task, "authored-on"), Keys{"86400000..172799999"});
  EXPECT_EQ(keys_of(task, "period"), Keys{std::to_string(INT64_MIN) + "..10999"});
}

TEST(Indexer, LeavesTheStoresOwnKeysToTheStore) {
  EXPECT_TRUE(keys_of(task, "_id").empty());
  EXPECT_TRUE(keys_of(task, "_lastUpdated").empty());
  EXPECT_TRUE(indexer().serves("Task", "_id"));
  EXPECT_TRUE(indexer().serves("Task", "_lastUpdated"));
}

TEST(Indexer, MarksWhatHasFewValuesAsCommon) {
  tree::Document document = from_json(task);
  for (const Key& key : indexer().keys(tree::root(document))) {
    bool coded = key.parameter == "status" || key.parameter == "intent" || key.parameter == "code" || key.parameter == "_tag";
    EXPECT_EQ(key.common, coded) << key.parameter;
  }
}

TEST(Indexer, FollowsWhereAndResolve) {
  std::string patient =
      R"({"resourceType":"Patient","telecom":[{"system":"phone","value":"08-1"},{"system":"email","value":"a@b.example"}]})";
  EXPECT_EQ(keys_of(patient, "phone"), Keys{"|08-1"});
  EXPECT_EQ(keys_of(patient, "email"), Keys{"|a@b.example"});
  EXPECT_EQ(keys_of(patient, "telecom"), (Keys{"|08-1", "|a@b.example"}));
  std::string group = R"({"resourceType":"Encounter","subject":{"reference":"Group/g1"}})";
  EXPECT_TRUE(keys_of(group, "patient").empty());
  EXPECT_EQ(keys_of(group, "subject"), Keys{"|Group/g1"});
}

TEST(Indexer, FollowsChoicesAndAlternatives) {
  EXPECT_EQ(keys_of(R"({"resourceType":"Observation","effectiveDateTime":"1970-01-01"})", "date"), Keys{"0..86399999"});
  EXPECT_EQ(keys_of(R"({"resourceType":"Observation","effectivePeriod":{"start":"1970-01-01"}})", "date"),
            Keys{"0.." + std::to_string(INT64_MAX)});
  EXPECT_EQ(keys_of(R"({"resourceType":"Organization","name":"Vård Å","alias":["Omsorg"]})", "name"), (Keys{"vard a", "omsorg"}));
  EXPECT_EQ(keys_of(R"({"resourceType":"Observation","valueString":"x","valueCodeableConcept":{"text":"Y"}})", "value-string"),
            (Keys{"x", "y"}));
}

TEST(Indexer, TakesEveryPartOfNamesAndAddresses) {
  std::string patient = R"({"resourceType":"Patient","name":[{"use":"official","family":"Öberg","given":["Eva","Åsa"]}],
    "address":[{"line":["Gatan 1"],"city":"Umeå"}]})";
  EXPECT_EQ(keys_of(patient, "name"), (Keys{"oberg", "eva", "asa"}));
  EXPECT_EQ(keys_of(patient, "given"), (Keys{"eva", "asa"}));
  EXPECT_EQ(keys_of(patient, "address"), (Keys{"gatan 1", "umea"}));
}

TEST(Indexer, ReadsReferencesOfEveryForm) {
  struct Row {
    std::string reference;
    Keys expected;
  };
  for (const Row& row :
       {Row{R"("reference":"Patient/1")", {"|Patient/1"}}, Row{R"("reference":"#inside")", {}},
        Row{R"("reference":"https://other.example/fhir/Patient/1/_history/2")", {"|https://other.example/fhir/Patient/1"}},
        Row{R"("reference":"urn:uuid:0a1b2c3d-0000-4000-8000-000000000000")", {"|urn:uuid:0a1b2c3d-0000-4000-8000-000000000000"}},
        Row{R"("identifier":{"value":"x"})", {"|x"}}, Row{R"("display":"only text")", {}}}) {
    EXPECT_EQ(keys_of(R"({"resourceType":"Task","for":{)" + row.reference + "}}", "subject"), row.expected) << row.reference;
  }
}

TEST(Indexer, GivesNoKeyForWhatCannotBeRead) {
  EXPECT_TRUE(keys_of(R"({"resourceType":"Task","authoredOn":"yesterday"})", "authored-on").empty());
  EXPECT_TRUE(keys_of(R"({"resourceType":"Encounter","period":{"start":"2026-02-03","end":"2026-02-01"}})", "date").empty());
  EXPECT_TRUE(keys_of(R"({"resourceType":"Unknown","id":"1"})", "_tag").empty());
}

TEST(Indexer, ServesNearlyAllParametersOfR4ThatCompareOnly) {
  std::size_t served = 0, all = 0;
  std::string missing;
  for (fhir::TypeId type : r4().all_types()) {
    if (r4().kind(type) != fhir::TypeKind::Resource || r4().is_abstract(type)) continue;
    for (const fhir::SearchParameter& parameter : r4().search_parameters(type)) {
      bool compares = parameter.type == "token" || parameter.type == "reference" || parameter.type == "date" ||
                      parameter.type == "string" || parameter.type == "uri";
      if (!compares || parameter.code == "phonetic") continue;
      ++all;
      bool serves = indexer().serves(r4().name(type), parameter.code);
      served += serves ? 1 : 0;
      if (!serves) missing += std::string(r4().name(type)) + "." + std::string(parameter.code) + " ";
    }
  }
  EXPECT_GE(served * 100, all * 99) << served << " of " << all << "; not served: " << missing;
}

}  // namespace
}  // namespace vardbron::search
