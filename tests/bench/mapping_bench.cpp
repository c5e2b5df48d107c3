#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/mapping/library.h"
#include "r4.h"
#include "tests/bench/allocations.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <string>

// A notice of 4 KB becomes a Bundle of about 25 KB. Beside it the floor: the same input read and the same output written with
// the same reader and writer.
namespace vardbron::mapping {
namespace {

const char* const model =
    R"({"resourceType":"StructureDefinition","url":"http://bench/N","name":"N","status":"draft","kind":"logical",
"abstract":false,"type":"N","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Element","derivation":"specialization",
"differential":{"element":[{"path":"N","min":0,"max":"*"},
{"path":"N.id","min":1,"max":"1","type":[{"code":"string"}]},
{"path":"N.item","min":0,"max":"*","type":[{"code":"BackboneElement"}]},
{"path":"N.item.number","min":0,"max":"1","type":[{"code":"string"}]},
{"path":"N.item.family","min":0,"max":"1","type":[{"code":"string"}]},
{"path":"N.item.given","min":0,"max":"*","type":[{"code":"string"}]},
{"path":"N.item.sex","min":0,"max":"1","type":[{"code":"string"}]},
{"path":"N.item.born","min":0,"max":"1","type":[{"code":"string"}]},
{"path":"N.item.phone","min":0,"max":"1","type":[{"code":"string"}]},
{"path":"N.item.street","min":0,"max":"1","type":[{"code":"string"}]},
{"path":"N.item.city","min":0,"max":"1","type":[{"code":"string"}]},
{"path":"N.item.note","min":0,"max":"1","type":[{"code":"string"}]}]}})";

const char* const text = R"(/// url = 'http://bench/map'
/// name = 'bench'
conceptmap "sex" { prefix s = "http://s" prefix t = "http://hl7.org/fhir/administrative-gender" s:'1' == t:male s:'2' == t:female }
uses "http://bench/N" alias N as source
uses "http://hl7.org/fhir/StructureDefinition/Bundle" alias Bundle as target
group main(source n : N, target b : Bundle) {
  n.id as id -> b.id = id, b.type = 'message' "head";
  n.item as item -> b.entry as e, e.resource = create('Patient') as p, p.id = uuid() as id, e.fullUrl = append('urn:uuid:', id)
    then person(item, p) "item";
}
group person(source item, target p : Patient) {
  item -> p.meta as m, m.profile = 'https://vardbron.example/fhir/StructureDefinition/patient' "meta";
  item.number as v -> p.identifier as i, i.use = 'official', i.system = 'http://electronichealth.se/identifier/personnummer', i.value = v "number";
  item -> p.active = true "active";
  item -> p.name as name, name.use = 'official' then {
    item.family as v -> name.family = v "family";
    item.given as v -> name.given = v "given";
  } "name";
  item.sex as v -> p.gender = translate(v, '#sex', 'code') "sex";
  item.born as v -> p.birthDate = v "born";
  item.phone as v -> p.telecom as t, t.system = 'phone', t.use = 'mobile', t.value = v "phone";
  item -> p.address as a, a.use = 'home', a.country = 'SE' then {
    item.street as v -> a.line = v "street";
    item.city as v -> a.city = v "city";
  } "address";
  item -> p.maritalStatus = cc('http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', 'UNK', 'unknown') "status";
  item -> p.communication as k, k.language = cc('urn:ietf:bcp:47', 'sv', 'svenska'), k.preferred = true "language";
  item -> p.generalPractitioner as g, g.reference = 'Organization/vardcentral-with-a-long-identifier',
    g.display = 'Vårdcentralen Teleborg' "practitioner";
  item.note as v -> p.extension as x, x.url = 'https://vardbron.example/fhir/StructureDefinition/note', x.value = v "note";
  item -> p.managingOrganization as o, o.reference = 'Organization/region-with-a-long-identifier', o.display = 'Region Kronoberg' "owner";
}
)";

/// Makes 4 KB of notice and 25 KB of Bundle.
constexpr int items = 19;

std::string notice(int count) {
  std::string body = R"({"id":"notice-1","item":[)";
  for (int at = 0; at < count; ++at) {
    body +=
        std::string(at > 0 ? "," : "") + R"({"number":"195009072553","family":"Åkerström","given":["Astrid","Maria"],"sex":")" +
        (at % 2 == 0 ? "1" : "2") +
        R"(","born":"1950-09-07","phone":"+46701740605","street":"Östra Storgatan 12","city":"Växjö","note":"ring grannen före hembesök"})";
  }
  return body + "]}";
}

struct Setting {
  const fhir::Definitions& definitions = r4();
  std::unique_ptr<Library> library;
  const Map* map = nullptr;

  Setting() {
    library = std::make_unique<Library>(definitions);
    Result<tree::Document> read = json::parse(model, definitions.names());
    CHECK(read.ok());
    CHECK(library->add_resource("model", std::move(*read)).ok());
    CHECK(library->add_map("bench.fml", text).ok());
    CHECK(library->build().empty());
    map = library->find("bench");
    CHECK(map != nullptr);
  }
};

const Setting& setting() {
  static const Setting set;
  return set;
}

class Count : public Observer {
 public:
  void fired(RuleId, std::span<const tree::Item>) override { ++rules; }
  std::size_t rules = 0;
};

/// The map alone; items of the notice as argument. s_per_rule: what a firing costs, its targets (2.2 of them) included.
void MapOnly(benchmark::State& state) {
  const tree::Names& names = setting().library->definitions().names();
  tree::Document source = std::move(*json::parse(notice(static_cast<int>(state.range(0))), names));
  tree::Item item = tree::root(source);
  Runner runner(*setting().map);
  tree::Document target(names);
  Count count;
  CHECK(runner.run({&item, 1}, {.identity = "bench", .observer = &count}, target).ok());
  const std::size_t before = bench::allocations();  // a map must not allocate after its memory has grown
  for (auto _ : state) CHECK(runner.run({&item, 1}, {.identity = "bench"}, target).ok());
  state.counters["allocations"] = static_cast<double>(bench::allocations() - before) / static_cast<double>(state.iterations());
  state.counters["rules"] = static_cast<double>(count.rules);
  state.counters["s_per_rule"] = benchmark::Counter(static_cast<double>(count.rules),
                                                    benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(MapOnly)->Arg(items)->Arg(100)->Arg(1000)->Arg(10000);

/// CPU seconds of this thread.
double computed_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The map alone with coverage on, and in turn without it; the best of many turns each. `cost` is what coverage adds as a part of
/// the map's own time: at most 0.10 is allowed. `noise` is the same between two turns without it.
void MapWithCoverage(benchmark::State& state) {
  const tree::Names& names = setting().library->definitions().names();
  tree::Document source = std::move(*json::parse(notice(static_cast<int>(state.range(0))), names));
  tree::Item item = tree::root(source);
  Runner runner(*setting().map);
  tree::Document target(names);
  Marks marks;
  auto timed = [&](Marks* with) {
    const double before = computed_seconds();
    for (int turn = 0; turn < 4; ++turn) CHECK(runner.run({&item, 1}, {.identity = "bench", .marks = with}, target).ok());
    return computed_seconds() - before;
  };
  double off = 1e9, on = 1e9, off_again = 1e9;
  for (auto _ : state) {
    off = std::min(off, timed(nullptr));
    on = std::min(on, timed(&marks));
    off_again = std::min(off_again, timed(nullptr));
  }
  state.counters["cost"] = on / off - 1;
  state.counters["noise"] = off_again / off - 1;
}
BENCHMARK(MapWithCoverage)->Arg(items)->Arg(1000);

void ParseMapWrite(benchmark::State& state) {
  const tree::Names& names = setting().library->definitions().names();
  const std::string body = notice(items);
  json::Parser parser;
  tree::Document source(names), target(names);
  Runner runner(*setting().map);
  std::string out;
  for (auto _ : state) {
    CHECK(parser.parse(body, source).ok());
    tree::Item item = tree::root(source);
    CHECK(runner.run({&item, 1}, {.identity = "bench"}, target).ok());
    out.clear();
    json::write_to(out, target);
  }
  state.counters["bytes_in"] = static_cast<double>(body.size());
  state.counters["bytes_out"] = static_cast<double>(out.size());
}
BENCHMARK(ParseMapWrite);

void FloorParseWrite(benchmark::State& state) {
  const tree::Names& names = setting().library->definitions().names();
  const std::string body = notice(items);
  json::Parser parser;
  tree::Document source = std::move(*json::parse(body, names));
  tree::Item item = tree::root(source);
  Result<tree::Document> target = run(*setting().map, {&item, 1}, {.identity = "bench"});
  CHECK(target.ok());
  std::string out;
  for (auto _ : state) {
    CHECK(parser.parse(body, source).ok());
    out.clear();
    json::write_to(out, *target);
  }
}
BENCHMARK(FloorParseWrite);

void CompileMap(benchmark::State& state) {
  for (auto _ : state) {
    Library library(setting().definitions);
    Result<tree::Document> read = json::parse(model, setting().definitions.names());
    CHECK(library.add_resource("model", std::move(*read)).ok());
    CHECK(library.add_map("bench.fml", text).ok());
    CHECK(library.build().empty());
  }
}
BENCHMARK(CompileMap)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vardbron::mapping

BENCHMARK_MAIN();
