#include "gateway/base/random.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/mapping/compile/program.h"
#include "tests/mapping/workshop.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace vardbron::mapping {
namespace {

/// The map without its fast path.
void forget_direct(const Map& map) {
  auto& program = const_cast<Program&>(map.program());
  for (TargetCode& target : program.targets) target.direct = {};
}

std::string outcome(const Map& map, const tree::Document& source) {
  tree::Item item = tree::root(source);
  Result<tree::Document> made = run(map, {&item, 1}, {.identity = "plain"});
  return made ? json::write(*made) : "!" + made.failure().where + ": " + made.failure().says;
}

/// Rules that write elements of other rules, out of order, as several variants, or after a transform.
constexpr std::array rules{
    "src.one as v -> p.id = v;",
    "src -> p.gender = 'male';",
    "src.one as v -> p.gender = v;",
    "src -> p.active = true;",
    "src.day as v -> p.birthDate = v;",
    "src.many as v -> p.language = v;",
    "src.many as v -> p.name as n, n.use = 'usual', n.family = v, n.use = 'official';",
    "src.many as v -> p.name as n first, n.text = v;",
    "src.many as v -> p.name as n share one, n.given = v, n.family = 'x', n.text = v;",
    "src.one as v -> p.name.family = v;",
    "src -> p.multipleBirth = true;",
    "src.number as v -> p.multipleBirth = v;",
    "src.one as v -> p.deceased = (true);",
    "src.day as v -> p.deceased = v;",
    "src.one as v -> p.maritalStatus = cc('http://s', v), p.maritalStatus as m, m.text = v;",
    "src.many as v -> p.maritalStatus as m, m.text = v;",
    "src.one as v -> p.extension as e, e.value = v, e.url = 'http://e';",
    "src.many as v -> p.contained = create('Organization') as o, o.name = v, o.id = uuid(), o.active = true;",
    "src.one as v -> p.managingOrganization as r, r.display = v, r.reference = append('Organization/', v), r.display = 'y';",
    "src -> p.address as a, a.use = 'home' then { src.one as v -> a.country = v, a.city = v; src.many as v -> a.line = v; };",
    "src -> create('HumanName') as n, n.family = 'f', p.name = n, n.text = 't';",
    "src.many as v -> p.language = truncate(v, 2), p.gender = append(v, 'x');",
    "src.one as v -> p.name as n then { src.one as w -> n.id = w; };",
    "src -> p.name as n then { src.many as v -> n.given = v; src.one as v -> n.family = v; src.day as v -> n.text = v; };",
    "src.many as v -> p.contact as c, c.name as n, n.text = v, n.use = 'usual', c.gender = 'other', c.relationship = cc('r');",
    "src.many as v -> p.contact as c, c.relationship = cc('http://s', v, 'd'), c.relationship = cc('http://s', 'x'), c.gender = "
    "v;",
    "src.one as v -> p.identifier = id('http://s', v, 'MR') as i, i.use = 'old', i.system = 'http://other';",
    "src.one as v -> p.identifier = id('http://s', v) as i, i.id = v, i.type as t, t.text = 'x', t.coding = c('http://s', v);",
    "src.many as v -> p.telecom = cp('phone', v) as t, t.rank = 2, t.use = 'home'; src.many as v -> p.telecom = cp(v);",
    "src -> p.maritalStatus = cc('http://s', 'U', 'u') as m, m.id = 'm' then { src.one as v -> m.text = v; };",
    "src.one as v -> p.maritalStatus = cc('http://s', v), p.maritalStatus = cc('http://s', '', 'd');",
    "src.number as v -> p.extension as e, e.url = 'http://q', e.value = qty(v, 'mg', 'http://unitsofmeasure.org', 'mg');",
    "src.one as v -> p.extension as e, e.value = qty('3', v), e.url = v;",
    "src.day as v -> p.contained = create('Patient') as c, c.birthDate = v, c.name as n, n.given = 'b', n.given = 'a', c.id = "
    "'z';",
};

constexpr std::array sources{
    R"({"one":"a","many":["b","cc","ddd"],"number":2,"day":"2001-02-03"})",
    R"({"one":"","many":["b"],"number":0,"day":"2001"})",
    R"({"many":[null,"c"],"_many":[{"extension":[{"url":"http://x","valueString":"y"}]},null],"day":"2001-02"})",
    R"({"_one":{"extension":[{"url":"http://x","valueString":"y"}]},"one":"o"})",
    R"({})",
};

std::string random_map(Random& random) {
  std::string text =
      "map 'http://t/m' = 'm'\nuses 'http://t/A' alias A as source\nuses 'http://hl7.org/fhir/StructureDefinition/Patient' alias "
      "Patient as target\ngroup g(source src : A, target p : Patient) {\n";
  for (std::uint64_t line = random.below(9) + 2; line > 0; --line)
    text += std::string("  ") + rules[random.below(rules.size())] + "\n";
  return text + "}\n";
}

const Map& compiled(Workshop& workshop, const std::string& text) {
  workshop.model("A\none 0..1 string\nmany 0..* string\nnumber 0..1 integer\nday 0..1 date");
  workshop.map("m.fml", text);
  EXPECT_EQ(workshop.build(), "") << text;
  return *workshop.library().find("m");
}

TEST(FmlDirect, WritesWhatTheGeneralPathWrites) {
  sim::for_each_seed(60, [](std::uint64_t seed) {
    SeededRandom random(seed);
    const std::string text = random_map(random);
    Workshop short_workshop, general_workshop;
    const Map& map = compiled(short_workshop, text);
    const Map& general = compiled(general_workshop, text);
    forget_direct(general);

    for (const char* source : sources)
      EXPECT_EQ(outcome(map, short_workshop.read(source)), outcome(general, general_workshop.read(source))) << text << source;
  });
}

TEST(FmlDirect, IsTakenByValuesWrittenUnchangedAndByNewElementsOnly) {
  struct Row {
    const char* target;
    DirectCode::Way way;
  };
  for (const Row& row :
       {Row{"p.gender = 'male'", DirectCode::Way::Literal}, Row{"p.birthDate = v", DirectCode::Way::Copy},
        Row{"p.language = truncate(v, 2)", DirectCode::Way::Text}, Row{"p.name as n, n.text = v", DirectCode::Way::Create},
        Row{"p.gender = ('male')", DirectCode::Way::None}, Row{"p.name as n first, n.text = v", DirectCode::Way::None}}) {
    Workshop workshop;
    const Map& map = compiled(workshop,
                              "map 'http://t/m' = 'm'\nuses 'http://t/A' alias A as source\nuses "
                              "'http://hl7.org/fhir/StructureDefinition/Patient' alias Patient as target\n"
                              "group g(source src : A, target p : Patient) {\n  src.one as v -> " +
                                  std::string(row.target) + " \"r\";\n}\n");
    EXPECT_EQ(map.program().targets.front().direct.way, row.way) << row.target;
  }
}

TEST(FmlDirect, WritesElementsInTheOrderOfTheirDefinition) {
  Workshop workshop;
  const Map& map = compiled(workshop,
                            "map 'http://t/m' = 'm'\nuses 'http://t/A' alias A as source\nuses "
                            "'http://hl7.org/fhir/StructureDefinition/Patient' alias Patient as target\n"
                            "group g(source src : A, target p : Patient) {\n"
                            "  src.day as v where $this > @2000-01-01 -> p.birthDate = v;\n"
                            "  src -> p.name as n then { src.many as v -> n.given = v; src.one as v -> n.family = v; };\n"
                            "  src.one as v -> p.telecom as t, t.use = 'home', t.system = 'phone', t.value = v;\n"
                            "  src.one as v -> p.id = v;\n}\n");

  EXPECT_EQ(outcome(map, workshop.read(R"({"many":["b","c"],"one":"a","day":"2001-02-03"})")),
            R"({"resourceType":"Patient","id":"a","name":[{"family":"a","given":["b","c"]}],)"
            R"("telecom":[{"system":"phone","value":"a","use":"home"}],"birthDate":"2001-02-03"})");
}

}  // namespace
}  // namespace vardbron::mapping
