// Time for indexing a resource as it is committed, and for reading a query.

#include "gateway/formats/json/parse.h"
#include "gateway/search/indexer.h"
#include "gateway/search/parse_query.h"
#include "gateway/search/served.h"
#include "r4.h"

#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace vardbron;

constexpr std::array<std::string_view, 4> resources{
    R"({"resourceType":"Task","id":"t1","meta":{"tag":[{"system":"urn:t","code":"a"},{"system":"urn:t","code":"b"}]},)"
    R"("identifier":[{"system":"urn:s","value":"1"}],"status":"requested","businessStatus":{"coding":[{"system":"urn:b","code":"x"}]},)"
    R"("intent":"order","priority":"routine","code":{"coding":[{"system":"urn:c","code":"kvittera-inskrivning","display":"Kvittera"}]},)"
    R"("focus":{"reference":"Encounter/e1"},"for":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1"},)"
    R"("executionPeriod":{"start":"2026-03-09T10:00:00+01:00"},"authoredOn":"2026-03-09T10:00:00+01:00",)"
    R"("requester":{"identifier":{"system":"urn:oid:1.2.752.29.4.19","value":"SE2321000131-E000000000001"},"display":"Akuten"},)"
    R"("owner":{"identifier":{"system":"urn:oid:1.2.752.29.4.19","value":"SE2120001000-H001"},"display":"Hemsjukvården"},)"
    R"("restriction":{"period":{"end":"2026-03-10T10:00:00+01:00"}}})",
    R"({"resourceType":"Encounter","id":"e1","identifier":[{"system":"urn:cases","value":"4711"}],"status":"in-progress",)"
    R"("class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP","display":"inpatient encounter"},)"
    R"("subject":{"reference":"Patient/p1"},"period":{"start":"2026-03-09T10:00:00+01:00"},)"
    R"("serviceProvider":{"identifier":{"system":"urn:oid:1.2.752.29.4.19","value":"SE2321000131-E000000000001"}}})",
    R"({"resourceType":"Patient","id":"p1","active":true,"gender":"female","birthDate":"1950-09-07",)"
    R"("identifier":[{"system":"http://electronichealth.se/identifier/personnummer","value":"195009072553"}],)"
    R"("name":[{"use":"official","family":"Berg","given":["Alva","Åsa"]}],"telecom":[{"system":"phone","value":"08-1"}]})",
    R"({"resourceType":"Organization","id":"o1","active":true,"name":"Hemsjukvården Nacka",)"
    R"("identifier":[{"system":"urn:oid:1.2.752.29.4.19","value":"SE2120001000-H001"}],"telecom":[{"system":"phone","value":"08-1"}]})"};

void index_resource(benchmark::State& state) {
  const search::Indexer indexer(r4(), search::served());
  Result<tree::Document> document = json::parse(std::string(resources.at(std::size_t(state.range(0)))), r4().names());
  CHECK(document);
  std::size_t keys = 0;
  for (auto _ : state) keys = indexer.keys(tree::root(*document)).size();
  state.counters["keys"] = static_cast<double>(keys);
  state.SetLabel(std::string(tree::root(*document).text_of("resourceType")));
}
BENCHMARK(index_resource)->DenseRange(0, 3);

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> queries{
    {{"owner", "SE2120001000-H001"},
     {"patient.identifier", "195009072553"},
     {"_has:Task:part-of:owner:Organization.name", "nacka"},
     {"based-on.identifier", "x"}}};

void read_query(benchmark::State& state) {
  const auto& [name, value] = queries.at(std::size_t(state.range(0)));
  const std::vector<std::pair<std::string, std::string>> parameters{{std::string(name), std::string(value)},
                                                                    {"status", "requested"}};
  for (auto _ : state) benchmark::DoNotOptimize(search::parse_search(r4(), "Task", parameters));
  state.SetLabel(std::string(name));
}
BENCHMARK(read_query)->DenseRange(0, 3)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
