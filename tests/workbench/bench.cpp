#include "tests/workbench/bench.h"

#include <gtest/gtest.h>

#include <utility>

namespace vardbron::workbench {

const char* const bench_map = R"(/// url = 'http://test/export'
/// name = 'Export'
conceptmap "sex" { prefix s = "http://s" prefix t = "http://hl7.org/fhir/administrative-gender" s:'1' == t:male s:'2' == t:female }
uses "http://test/A" alias A as source
uses "http://hl7.org/fhir/StructureDefinition/Patient" alias Patient as target
group Export(source a : A, target p : Patient) {
  a.sex as sex -> p.gender = translate(sex, '#sex', 'code') "sex";
  a.name as name -> p.name as out then Name(name, out) "name";
  a.phone as phone where phone.startsWith('+') -> p.telecom as t, t.system = 'phone', t.value = phone "phone";
  a -> p.active = true "active";
  a.never as never -> p.language = never "never";
}
group Name(source name, target out : HumanName) {
  name.family as family -> out.family = family "family";
  name.given as given -> out.given = given "given";
}
)";

const char* const full_message = R"({"sex":"2",
"name":{"family":"Berg","given":["Astrid","Maria"],"maiden":"Lind"},
"phone":["+4670","070"],
"note":"nobody asks"})";

Bench::Bench(std::string message) {
  workshop.model(
      "A\n sex 0..1 code\n name 0..1 BackboneElement\n name.family 0..1 string\n name.given 0..* string\n name.maiden 0..1 "
      "string\n phone 0..* string\n note 0..1 string\n never 0..1 code");
  workshop.map("export.fml", bench_map);
  const std::string failures = workshop.build();
  EXPECT_EQ(failures, "");
  source.emplace(workshop.read(std::move(message)));
}

const mapping::Map& Bench::map() {
  const mapping::Map* found = workshop.library().find("Export");
  CHECK(found);
  return *found;
}

bool Bench::run(mapping::Environment environment) {
  environment.identity = "bench";
  const tree::Item item = tree::root(*source);
  output.emplace(source->names());
  Result<void> ran = mapping::Runner(map()).run({&item, 1}, environment, *output);
  if (!ran) refusal = std::move(ran).failure();
  return !refusal;
}

}  // namespace vardbron::workbench
