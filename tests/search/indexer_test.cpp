#include "gateway/search/indexer.h"

#include "gateway/search/match.h"
#include "gateway/search/served.h"
#include "json_text.h"
#include "r4.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

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
    } else if (key.kind == KeyKind::Number || key.kind == KeyKind::Quantity) {
      std::ostringstream text;
      text << key.low << ".." << key.high;
      if (key.kind == KeyKind::Quantity) text << " " << key.system << "|" << key.value;
      written.push_back(text.str());
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

TEST(Indexer, TakesNumbersAndQuantitiesWithTheirUnits) {
  const std::string item =
      R"({"resourceType":"ChargeItem","factorOverride":0.80,"priceOverride":{"value":9480.50,"currency":"SEK"},
    "quantity":{"value":3,"unit":"dygn","system":"http://unitsofmeasure.org","code":"d"},)";
  struct Row {
    std::string json, parameter;
    Keys expected;
  };
  auto quantity = [](const std::string& members) { return R"({"resourceType":"ChargeItem","quantity":{)" + members + "}}"; };
  for (const Row& row :
       {Row{item + R"("id":"1"})", "factor-override", {"0.8..0.8"}},
        Row{item + R"("id":"1"})", "price-override", {"9480.5..9480.5 urn:iso:std:iso:4217|SEK"}},
        Row{item + R"("id":"1"})", "quantity", {"3..3 http://unitsofmeasure.org|d", "3..3 |dygn"}},
        Row{quantity(R"("value":3)"), "quantity", {"3..3 |"}},
        Row{quantity(R"("value":3,"unit":"d","code":"d","system":"s")"), "quantity", {"3..3 s|d"}},
        Row{quantity(R"("value":3,"unit":"dygn")"), "quantity", {"3..3 |dygn"}},
        Row{quantity(R"("value":3,"comparator":"<=")"), "quantity", {"-inf..3 |"}},
        Row{quantity(R"("value":3,"comparator":">")"), "quantity", {"3..inf |"}}, Row{quantity(R"("unit":"d")"), "quantity", {}},
        Row{R"({"resourceType":"Encounter","length":{"value":1e2,"code":"min"}})", "length", {"100..100 |min"}},
        Row{R"({"resourceType":"RiskAssessment","prediction":[{"probabilityDecimal":0.25},
             {"probabilityRange":{"low":{"value":1},"high":{"value":2}}},{"probabilityRange":{"low":{"value":3}}},
             {"probabilityRange":{"low":{"value":2},"high":{"value":1}}}]})",
            "probability",
            {"0.25..0.25", "1..2", "3..inf"}},
        Row{R"({"resourceType":"Observation","valueQuantity":{"value":-1.5,"code":"mV"}})", "value-quantity", {"-1.5..-1.5 |mV"}},
        Row{R"({"resourceType":"Condition","onsetRange":{"low":{"value":40,"code":"a","system":"u"}}})",
            "onset-age",
            {"40..inf u|a"}}})
    EXPECT_EQ(keys_of(row.json, row.parameter), row.expected) << row.json << " " << row.parameter;
}

TEST(Indexer, TakesTextsOfTokensAndReferencesForTheModifierText) {
  EXPECT_EQ(keys_of(task, "code:text"), Keys{"t"});
  const std::string named = R"({"resourceType":"Task","code":{"coding":[{"code":"a","display":"Utse fast vårdkontakt"}]},
    "owner":{"reference":"Organization/1","display":"Nacka hemsjukvård"},
    "identifier":[{"value":"1","type":{"text":"Ärendenummer"}},{"type":{"text":"without a value"}}]})";
  EXPECT_EQ(keys_of(named, "code:text"), Keys{"utse fast vardkontakt"});
  EXPECT_EQ(keys_of(named, "owner:text"), Keys{"nacka hemsjukvard"});
  EXPECT_EQ(keys_of(named, "identifier:text"), Keys{"arendenummer"});
  EXPECT_EQ(keys_of(R"({"resourceType":"Encounter","class":{"code":"IMP","display":"inpatient"}})", "class:text"),
            Keys{"inpatient"});
}

TEST(Indexer, TakesIdentifiersWithTheirTypeForTheModifierOfType) {
  const std::string patient = R"({"resourceType":"Patient","identifier":[{"system":"urn:s","value":"42",
    "type":{"coding":[{"system":"urn:types","code":"MR"},{"code":"X"},{"system":"urn:types"}]}},{"value":"43"}]})";
  EXPECT_EQ(keys_of(patient, "identifier:of-type"), (Keys{"urn:types|MR|42", "|X|42"}));
  EXPECT_EQ(keys_of(patient, "identifier"), (Keys{"urn:s|42", "|43"}));
}

TEST(Indexer, TellsWhetherAPatientIsDead) {
  for (const auto& [member, expected] : {std::pair{"", "|false"},
                                         {R"(,"deceasedBoolean":false)", "|false"},
                                         {R"(,"deceasedBoolean":true)", "|true"},
                                         {R"(,"deceasedDateTime":"2026-03-01")", "|true"}})
    EXPECT_EQ(keys_of(std::string(R"({"resourceType":"Patient","active":true)") + member + "}", "deceased"), Keys{expected})
        << member;
  EXPECT_EQ(keys_of(R"({"resourceType":"Patient","deceasedDateTime":"1970-01-01"})", "death-date"), Keys{"0..86399999"});
}

TEST(Indexer, TakesWhatEveryResourceHas) {
  const std::string tagged =
      R"({"resourceType":"CarePlan","meta":{"source":"urn:a#1","profile":["http://p.example/a|2.0","http://p.example/b"],
    "security":[{"system":"urn:s","code":"R"}]},"activity":[{"detail":{"scheduledPeriod":{"start":"1970-01-01","end":"1970-01-01"}}}]})";
  EXPECT_EQ(keys_of(tagged, "_source"), Keys{"|urn:a#1"});
  EXPECT_EQ(keys_of(tagged, "_profile"), (Keys{"|http://p.example/a|2.0", "|http://p.example/a", "|http://p.example/b"}));
  EXPECT_EQ(keys_of(tagged, "_security"), Keys{"urn:s|R"});
  EXPECT_EQ(keys_of(tagged, "activity-date"), Keys{"0..86399999"});
}

TEST(Indexer, IndexesOnlyTheTypesItIsMadeFor) {
  constexpr std::array<std::string_view, 1> tasks{"Task"};
  const Indexer narrow(r4(), tasks);
  tree::Document document = from_json(task), patient = from_json(R"({"resourceType":"Patient","gender":"female"})");
  EXPECT_EQ(narrow.keys(tree::root(document)), indexer().keys(tree::root(document)));
  EXPECT_TRUE(narrow.keys(tree::root(patient)).empty());
  EXPECT_TRUE(narrow.serves("Task", "intent"));
  EXPECT_FALSE(narrow.serves("Patient", "gender"));
}

// Composite and special parameters and `phonetic` compare in ways of their own.
bool is_of_another_way(const fhir::SearchParameter& parameter) {
  return parameter.type == "composite" || parameter.type == "special" || parameter.code == "phonetic";
}

TEST(Indexer, ServesEveryParameterOfTheStoredTypes) {
  for (std::string_view type : served()) {
    for (const fhir::SearchParameter& parameter : r4().search_parameters(r4().find_type(type)))
      EXPECT_EQ(indexer().serves(type, parameter.code), !is_of_another_way(parameter)) << type << "." << parameter.code;
  }
}

TEST(Indexer, ServesNearlyAllParametersOfR4) {
  std::size_t served = 0, all = 0;
  std::string missing;
  for (fhir::TypeId type : r4().all_types()) {
    if (r4().kind(type) != fhir::TypeKind::Resource || r4().is_abstract(type)) continue;
    for (const fhir::SearchParameter& parameter : r4().search_parameters(type)) {
      if (is_of_another_way(parameter)) continue;
      ++all;
      bool serves = indexer().serves(r4().name(type), parameter.code);
      served += serves ? 1 : 0;
      if (!serves) missing += std::string(r4().name(type)) + "." + std::string(parameter.code) + " ";
    }
  }
  EXPECT_GE(served * 1000, all * 997) << served << " of " << all << "; not served: " << missing;
  RecordProperty("not served", missing);
}

}  // namespace
}  // namespace vardbron::search
