#pragma once

#include "gateway/fhirpath/program.h"
#include "gateway/formats/json/parse.h"
#include "r4.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::fhirpath::testing {

inline tree::Document parse_json(std::string text) {
  Result<tree::Document> document = json::parse(std::move(text), r4().names());
  CHECK(document);
  return *std::move(document);
}

/// A synthetic patient for the tables below.
inline const tree::Document& a_patient() {
  static const tree::Document document = parse_json(R"({
    "resourceType": "Patient", "id": "p1", "active": true,
    "contained": [{"resourceType": "Organization", "id": "o1", "name": "Region Syd"}],
    "extension": [{"url": "http://example.org/weight", "valueQuantity": {"value": 72.5, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}}],
    "identifier": [{"system": "urn:oid:1.2.752.129.2.1.3.1", "value": "195009072553"}],
    "name": [
      {"use": "official", "family": "Berg", "given": ["Tolvan", "Tage"]},
      {"use": "usual", "given": [null, "Tolle"], "_given": [{"extension": [{"url": "http://example.org/a", "valueString": "b"}]}, null]}],
    "telecom": [{"system": "phone", "value": "08-1", "rank": 2}, {"system": "email", "value": "t@example.org"}],
    "birthDate": "1950-09-07",
    "_birthDate": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime", "valueDateTime": "1950-09-07T14:35:45+01:00"}]},
    "gender": "male", "deceasedBoolean": false, "multipleBirthInteger": 2,
    "managingOrganization": {"reference": "#o1"}})");
  return document;
}

struct Setting {
  bool strict = false;
  const tree::Document* document = nullptr;  ///< default: a_patient()
  bool typed = true;
  Hooks* hooks = nullptr;
  std::size_t steps_max = limits::evaluation_steps_max;
};

/// "true", "1, 2", "" for the empty collection; "error: .." with the position.
inline std::string answer(std::string_view text, Setting setting = {}) {
  const tree::Document& document = setting.document != nullptr ? *setting.document : a_patient();
  Value focus = setting.typed ? element(tree::root(document), r4()) : Value::of(tree::root(document), 0);
  CompileOptions options{.definitions = r4(), .context = focus.type(), .strict = setting.strict, .variables = {{"weight", 0}}};
  Result<Program> program = compile(text, options);
  if (!program) return "error: " + program.failure().says + " @" + program.failure().where;
  Value weight = Value::of(std::int64_t{80});
  std::span<const Value> given[] = {{&weight, 1}};
  Environment environment{.variables = given,
                          .now = WallTime(std::chrono::milliseconds(1'758'000'000'123)),
                          .zone_minutes = 120,
                          .hooks = setting.hooks};
  environment.steps_max = setting.steps_max;
  Result<Collection> result = run(*program, focus, environment);
  if (!result) return "error: " + result.failure().says + " @" + result.failure().where;
  std::string shown;
  for (const Value& value : *result) {
    if (!shown.empty()) shown += ", ";
    std::optional<std::string> plain = to_string(value, r4());
    shown += plain ? *plain : describe(value, r4()).json;
  }
  return shown;
}

struct Row {
  std::string_view expression;
  std::string_view expected;  ///< "error" means any error
};

inline void expect_all(std::initializer_list<Row> rows, Setting setting = {}) {
  for (const Row& row : rows) {
    const std::string given = answer(row.expression, setting);
    const bool is_any_error = row.expected == "error" && given.starts_with("error: ");
    EXPECT_EQ(is_any_error ? "error" : given, row.expected) << row.expression << " gave " << given;
  }
}

}  // namespace vardbron::fhirpath::testing
