// What one more notice of a case costs, by how many the case has already: reading them back, projecting them, and finding what is
// new. The store is not in it.

#include "gateway/base/digest.h"
#include "gateway/exchange/case_cache.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/search/served.h"
#include "gateway/time/civil.h"
#include "r4.h"
#include "tests/exchange/notices.h"

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <string>
#include <vector>

namespace {

using namespace vardbron;
using exchange::ANotice;

/// An admission, then plans and leaves.
ANotice notice(int number) {
  const char* story[] = {"planning", "planned-discharge.changed", "leave.start", "leave.end"};
  const char* event = number == 0 ? "admission" : story[number % 4];
  // Every four minutes: within a week of when they were sent, which no notice is remarked for.
  const WallTime at = time::parse_civil("2026-03-10T10:00:00+01:00")->at + std::chrono::minutes(4) * number;
  return ANotice(event).with_id("M-" + std::to_string(number)).at(time::format_local(at));
}

care::Link read(const ANotice& notice) {
  Result<tree::Document> document = json::parse(notice.json(), r4().names());
  CHECK(document);
  Result<care::Notice> read = care::read_notice(*document);
  CHECK(read);
  return std::move(*read);
}

/// A stored case of that many notices.
store::Case case_of(int length, const exchange::CaseRules& rules, WallTime now) {
  store::Case stored;
  stored.key = "urn:test:cases|A-1";
  stored.version = length;
  stored.times.seen = now;
  care::Chain chain;
  for (int number = 0; number < length; ++number) {
    stored.links.push_back({"urn:test|M-" + std::to_string(number), "notice", notice(number).json(), now, number + 1});
    chain.push_back(read(notice(number)));
    std::get<care::Notice>(chain.back()).case_key = stored.key;
  }
  if (chain.empty()) return stored;
  for (const care::Projected& each : care::project(chain, rules.policies, now, rules.names).resources)
    if (!each.is_former) stored.resources.push_back({each.type, each.id, 1, to_hex(sha256(json::write(each.document)))});
  return stored;
}

struct Rules {
  const search::Indexer indexer{r4(), search::served()};
  const care::Policies policy = care::law();
  const exchange::CaseRules rules{r4().names(), policy, indexer, {100'000, 100'000, 100'000}};
  const WallTime now = WallTime(std::chrono::hours(24 * 20'530));
};

exchange::KeptCase must_read(store::Case stored, const exchange::CaseRules& rules) {
  Result<exchange::KeptCase> known = exchange::read_case(std::move(stored), rules);
  CHECK(known);
  return *std::move(known);
}

/// A change of a case, and what it wrote.
exchange::CaseChange change(exchange::KeptCase& known, const care::Link& link, const Rules& with) {
  static const subscription::Matcher matcher;
  Result<exchange::ProjectedCase> projected = exchange::project_case(known, link, with.rules, with.now);
  CHECK(projected);
  return exchange::change_of(known, *projected, with.rules, matcher);
}

void one_more_notice(benchmark::State& state) {
  const Rules with;
  const int length = static_cast<int>(state.range(0));
  const store::Case stored = case_of(length, with.rules, with.now);
  const care::Link link = read(notice(length));
  std::size_t written = 0;
  for (auto _ : state) {
    exchange::KeptCase known = must_read(stored, with.rules);
    written = change(known, link, with).change.resources.size();
  }
  state.counters["resources"] = static_cast<double>(stored.resources.size());
  state.counters["written"] = static_cast<double>(written);
}
BENCHMARK(one_more_notice)->Arg(5)->Arg(10)->Arg(60)->Arg(100)->Arg(500)->Arg(1000)->Arg(2000)->Unit(benchmark::kMicrosecond);

/// One more notice, as if it had been committed; how many resources it wrote.
std::size_t take(exchange::KeptCase& known, care::Link link, const Rules& with, bool* goes_on = nullptr) {
  static const subscription::Matcher matcher;
  std::get<care::Notice>(link).case_key = known.stored.key;
  Result<exchange::ProjectedCase> projected = exchange::project_case(known, std::move(link), with.rules, with.now);
  CHECK(projected);
  exchange::CaseChange made = exchange::change_of(known, *projected, with.rules, matcher);
  if (goes_on != nullptr) *goes_on = known.projected.links.shares(projected->after.links, 0);
  made.change.links.push_back({"urn:test|M", "notice", "", with.now, 0});
  store::Committed committed;
  for (const store::ResourceWrite& each : made.change.resources) committed.versions.push_back({each.type, each.id, 1});
  CHECK(exchange::KeptChange(*std::move(projected), made).take_into(known, committed));
  return made.change.resources.size();
}

/// The case is kept from its last change.
void one_more_notice_of_a_kept_case(benchmark::State& state) {
  const Rules with;
  const int length = static_cast<int>(state.range(0));
  const store::Case stored = case_of(length - 1, with.rules, with.now);
  const care::Link before = read(notice(length - 1)), link = read(notice(length));
  std::size_t written = 0;
  bool goes_on = false;
  for (auto _ : state) {
    state.PauseTiming();
    exchange::KeptCase known = must_read(stored, with.rules);
    take(known, before, with);
    state.ResumeTiming();
    written = take(known, link, with, &goes_on);
    state.PauseTiming();
    known = {};
    state.ResumeTiming();
  }
  state.counters["written"] = static_cast<double>(written);
  state.counters["goes_on"] = goes_on ? 1 : 0;
}
BENCHMARK(one_more_notice_of_a_kept_case)
    ->Arg(5)
    ->Arg(10)
    ->Arg(60)
    ->Arg(100)
    ->Arg(300)
    ->Arg(1000)
    ->Iterations(100)
    ->Unit(benchmark::kMicrosecond);

/// The memory of a kept case, and what the cache counts for it.
void kept_case_memory(benchmark::State& state) {
  const Rules with;
  const int length = static_cast<int>(state.range(0));
  const store::Case stored = case_of(length - 1, with.rules, with.now);
  care::Link link = read(notice(length - 1));
  std::vector<exchange::KeptCase> kept;
  kept.reserve(20);
  const std::size_t before = mallinfo2().uordblks;
  for (auto _ : state) {
    kept.clear();
    while (kept.size() < kept.capacity()) {
      kept.push_back(must_read(stored, with.rules));
      Result<exchange::ProjectedCase> projected = exchange::project_case(kept.back(), link, with.rules, with.now);
      CHECK(projected);
      exchange::CaseChange made = exchange::change_of(kept.back(), *projected, with.rules, {});
      made.change.links.push_back({"urn:test|M-1", "notice", notice(length - 1).json(), with.now, 0});
      store::Committed committed;
      for (const store::ResourceWrite& each : made.change.resources) committed.versions.push_back({each.type, each.id, 1});
      CHECK(exchange::KeptChange(*std::move(projected), made).take_into(kept.back(), committed));
    }
  }
  const auto cases = static_cast<double>(kept.size());
  state.counters["bytes"] = static_cast<double>(mallinfo2().uordblks - before) / cases;
  state.counters["counted"] = static_cast<double>(exchange::CaseCache::bytes_of(kept.front()));
}
BENCHMARK(kept_case_memory)->Arg(1)->Arg(5)->Arg(500)->Iterations(1);

// --- the first notice of a case, by stages ---

void new_case_parse(benchmark::State& state) {
  const std::string body = notice(0).json();
  for (auto _ : state) benchmark::DoNotOptimize(json::parse(body, r4().names()));
}
BENCHMARK(new_case_parse)->Unit(benchmark::kMicrosecond);

void new_case_read_notice(benchmark::State& state) {
  Result<tree::Document> document = json::parse(notice(0).json(), r4().names());
  CHECK(document);
  for (auto _ : state) benchmark::DoNotOptimize(care::read_notice(*document));
}
BENCHMARK(new_case_read_notice)->Unit(benchmark::kMicrosecond);

void new_case_project(benchmark::State& state) {
  const Rules with;
  const care::Chain chain{read(notice(0))};
  for (auto _ : state) benchmark::DoNotOptimize(care::project(chain, with.policy, with.now, with.rules.names));
}
BENCHMARK(new_case_project)->Unit(benchmark::kMicrosecond);

void new_case_keys(benchmark::State& state) {
  const Rules with;
  const care::Projection projection = care::project({read(notice(0))}, with.policy, with.now, with.rules.names);
  for (auto _ : state)
    for (const care::Projected& each : projection.resources)
      benchmark::DoNotOptimize(with.indexer.keys(tree::root(each.document)));
}
BENCHMARK(new_case_keys)->Unit(benchmark::kMicrosecond);

void new_case_write_and_hash(benchmark::State& state) {
  const Rules with;
  const care::Projection projection = care::project({read(notice(0))}, with.policy, with.now, with.rules.names);
  for (auto _ : state)
    for (const care::Projected& each : projection.resources) benchmark::DoNotOptimize(to_hex(sha256(json::write(each.document))));
}
BENCHMARK(new_case_write_and_hash)->Unit(benchmark::kMicrosecond);

void new_case_change(benchmark::State& state) {
  const Rules with;
  const care::Link link = read(notice(0));
  exchange::KeptCase known;
  known.stored.key = "urn:test:cases|A-1";
  for (auto _ : state) benchmark::DoNotOptimize(change(known, link, with));
}
BENCHMARK(new_case_change)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
