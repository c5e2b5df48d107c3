#include "gateway/fhirpath/program.h"
#include "gateway/formats/json/parse.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <new>
#include <string>

namespace {
std::size_t allocations = 0;
}

// Counted, because a plain path promises to make none.
void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* place = std::malloc(bytes)) return place;
  throw std::bad_alloc();
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }

namespace vardbron::fhirpath {
namespace {

const fhir::Definitions& r4() {
  static const fhir::Definitions definitions = [] {
    Result<fhir::Definitions> opened = fhir::Definitions::open(VARDBRON_BINARY_DIR "/share/r4.table");
    CHECK(opened);
    return *std::move(opened);
  }();
  return definitions;
}

/// A patient as a notice carries it; invented.
std::string patient(int number) {
  return R"({"resourceType":"Patient","id":"p)" + std::to_string(number) +
         R"(","meta":{"versionId":"1","lastUpdated":"2026-03-01T08:15:00.123+01:00"},)"
         R"("extension":[{"url":"https://vardbron.example/fhir/StructureDefinition/x","valueDate":"2026-03-04"}],)"
         R"("identifier":[{"use":"official","system":"http://electronichealth.se/identifier/personnummer","value":"195009072553"}],)"
         R"("active":true,"name":[{"use":"official","family":"Berg","given":["Tolvan","Tage"]},{"use":"usual","given":["Tolle"]},)"
         R"({"use":"maiden","family":"Dal","given":["Tolvan","Tage"]}],)"
         R"("telecom":[{"system":"phone","value":"+46701740605","use":"mobile","rank":1},{"system":"email","value":"tolvan@example.org"},)"
         R"({"system":"phone","value":"+46701740606","use":"home","rank":2}],"gender":"male","birthDate":"1950-09-07",)"
         R"("address":[{"use":"home","line":["Storgatan 12"],"city":"Lund","postalCode":"22234","country":"SE"}],)"
         R"("contact":[{"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0131","code":"N"}]}],)"
         R"("name":{"text":"Beata Berg"}}],"managingOrganization":{"reference":"Organization/1"}})";
}

std::string bundle() {
  std::string body = R"({"resourceType":"Bundle","id":"b1","type":"collection","entry":[)";
  for (int at = 0; body.size() < 24'500; ++at) {
    if (at > 0) body += ",";
    body += R"({"fullUrl":"urn:uuid:3c3b1a60-5d1e-4c1f-9a55-000000000000","resource":)" + patient(at) + "}";
  }
  return body + "]}";
}

void run_expression(benchmark::State& state, const std::string& body, std::string_view expression) {
  Result<tree::Document> document = json::parse(body, r4().names());
  CHECK(document);
  Value focus = element(tree::root(*document), r4());
  Result<Program> program = compile(expression, {.definitions = r4(), .context = focus.type()});
  CHECK(program);
  Environment environment;
  Collection result;
  CHECK(run_into(result, *program, {&focus, 1}, environment));
  std::size_t before = allocations;
  for (auto _ : state) benchmark::DoNotOptimize(run_into(result, *program, {&focus, 1}, environment).ok());
  state.counters["allocations"] = static_cast<double>(allocations - before) / static_cast<double>(state.iterations());
  state.counters["items"] = static_cast<double>(result.size());
}

void Path(benchmark::State& state) { run_expression(state, patient(1), "name.given"); }
BENCHMARK(Path);
void PathWithType(benchmark::State& state) { run_expression(state, patient(1), "Patient.name.family"); }
BENCHMARK(PathWithType);
void Where(benchmark::State& state) { run_expression(state, patient(1), "telecom.where(system = 'phone')"); }
BENCHMARK(Where);
void WhereAndMore(benchmark::State& state) {
  run_expression(state, patient(1), "telecom.where(system = 'phone' and rank > 1).value.first()");
}
BENCHMARK(WhereAndMore);
void Select(benchmark::State& state) { run_expression(state, patient(1), "name.select(given.join(' ') & ' ' & family)"); }
BENCHMARK(Select);
void Exists(benchmark::State& state) {
  run_expression(state, patient(1), "name.exists(use = 'usual') and birthDate < @2000-01-01");
}
BENCHMARK(Exists);
void Descendants(benchmark::State& state) { run_expression(state, bundle(), "descendants()"); }
BENCHMARK(Descendants);
void OfType(benchmark::State& state) { run_expression(state, bundle(), "entry.resource.ofType(Patient).name.given"); }
BENCHMARK(OfType);
void Union(benchmark::State& state) { run_expression(state, bundle(), "(entry.resource.id | entry.resource.id).count()"); }
BENCHMARK(Union);

void Compile(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(compile("telecom.where(system = 'phone' and rank > 1).value.first()", {.definitions = r4()}).ok());
}
BENCHMARK(Compile);

}  // namespace
}  // namespace vardbron::fhirpath

BENCHMARK_MAIN();
