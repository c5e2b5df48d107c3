// What one more notice of a case costs, by how many the case has already: reading them back, projecting them, and finding what is
// new. The store is not in it.

#include "gateway/base/digest.h"
#include "gateway/exchange/case_change.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/search/served.h"
#include "tests/exchange/notices.h"

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace vardbron;
using exchange::ANotice;

const fhir::Definitions& definitions() {
  static const fhir::Definitions opened = [] {
    Result<fhir::Definitions> table = fhir::Definitions::open(VARDBRON_BINARY_DIR "/share/r4.table");
    CHECK(table);
    return *std::move(table);
  }();
  return opened;
}

/// An admission, then plans and leaves.
ANotice notice(int number) {
  const char* story[] = {"planning", "planned-discharge.changed", "leave.start", "leave.end"};
  const std::string hour = std::to_string(10 + number % 10), day = std::to_string(10 + number / 10 % 18);
  const char* event = number == 0 ? "admission" : story[number % 4];
  return ANotice(event).with_id("M-" + std::to_string(number)).at("2026-03-" + day + "T" + hour + ":00:00+01:00");
}

care::Link read(const ANotice& notice) {
  Result<tree::Document> document = json::parse(notice.json(), definitions().names());
  CHECK(document);
  Result<care::Notice> read = care::read_notice(*document);
  CHECK(read);
  return std::move(*read);
}

store::Case case_of(int length, const exchange::CaseRules& rules, WallTime now) {
  store::Case known;
  known.key = "urn:test:cases|A-1";
  known.version = length;
  known.times.seen = now;
  for (int number = 0; number < length; ++number)
    known.links.push_back({"urn:test|M-" + std::to_string(number), "notice", notice(number).json(), now, number + 1});
  Result<exchange::ProjectedCase> projected = exchange::project_case(known, std::nullopt, rules, now);
  CHECK(projected);
  for (const care::Projected& each : projected->after.resources)
    known.resources.push_back({each.type, each.id, 1, to_hex(sha256(json::write(each.document)))});
  return known;
}

void one_more_notice(benchmark::State& state) {
  const search::Indexer indexer(definitions(), search::served());
  const care::Policy policy = care::law();
  const exchange::CaseRules rules{definitions().names(), policy, indexer, {100'000, 100'000, 100'000}};
  const WallTime now = WallTime(std::chrono::hours(24 * 20'530));
  const int length = static_cast<int>(state.range(0));
  const store::Case known = case_of(length, rules, now);
  const care::Link link = read(notice(length));
  const subscription::Matcher matcher;
  std::size_t written = 0;
  for (auto _ : state) {
    Result<exchange::ProjectedCase> projected = exchange::project_case(known, link, rules, now);
    CHECK(projected);
    const exchange::CaseChange change = exchange::change_of(known, *projected, rules, matcher);
    written = change.change.resources.size();
    benchmark::DoNotOptimize(change);
  }
  state.counters["resources"] = static_cast<double>(known.resources.size());
  state.counters["written"] = static_cast<double>(written);
}
BENCHMARK(one_more_notice)->Arg(10)->Arg(60)->Arg(100)->Arg(1000)->Arg(2000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
