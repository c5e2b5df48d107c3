// Time for a case: reading, folding its notices, writing every resource, comparing with the former projection.

#include "gateway/care/arende/fold.h"
#include "gateway/care/notifications.h"
#include "gateway/care/project.h"
#include "gateway/fhir/definitions.h"
#include "gateway/time/civil.h"
#include "r4.h"

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace vardbron;
using namespace vardbron::care;

Party unit(const char* id, Role role) { return {id, {"urn:oid:1.2.752.29.4.19", id}, "En enhet i vården", "010-1234567", role}; }

Notice notice(Event event, int number) {
  Notice made;
  made.identity = {"urn:example:messages", "n" + std::to_string(number)};
  made.case_identity = {"urn:example:cases", "4711"};
  made.case_key = "urn:example:cases|4711";
  made.event = event;
  made.happened.at = time::parse_civil("2025-03-20T10:00:00+01:00")->at + std::chrono::hours(number);
  made.happened.text = time::format_local(made.happened.at);
  made.sent = made.happened.at;
  made.sender = unit("SE2321000131-E000000000001", Role::SlutenVard);
  made.receivers = {unit("SE5565594230-V001", Role::Oppenvard), unit("SE2120001000-S001", Role::Socialtjanst),
                    unit("SE2120001000-H001", Role::KommunalHsv)};
  made.person.identifiers = {{"http://electronichealth.se/identifier/personnummer", "195009072553"}};
  made.person.family = "Berg";
  made.person.given = {"Alva"};
  made.person.addresses = {{"home", "", "39231", "Kalmar", "SE", {"Brogatan 1"}}};
  made.person.kommun = "0880";
  made.stay.status = "in-progress";
  made.stay.class_code = "IMP";
  made.stay.planned_discharge = "2025-03-26";
  if (event == Event::SipInvitation || event == Event::FastVardkontakt) std::swap(made.sender, made.receivers[0]);
  if (event == Event::Receipt) {
    std::swap(made.sender, made.receivers[std::size_t(number) % 3]);
    made.receivers = {made.receivers[std::size_t(number) % 3]};
    made.acknowledges = Identity{"", "n0"};
  }
  return made;
}

/// An ordinary case with that many notices.
Chain chain(int length) {
  constexpr Event story[] = {Event::Admission,
                             Event::Receipt,
                             Event::Receipt,
                             Event::PlannedDischargeChanged,
                             Event::DischargeReady,
                             Event::Receipt,
                             Event::DischargeReadyWithdrawn,
                             Event::LeaveStart,
                             Event::LeaveEnd,
                             Event::Planning,
                             Event::DischargeReady,
                             Event::SipInvitation,
                             Event::FastVardkontakt,
                             Event::Discharge,
                             Event::CaseClosed};
  Chain made;
  for (int number = 0; number < length; ++number) made.push_back(notice(story[number % 15], number));
  return made;
}

void project_case(benchmark::State& state) {
  Chain links = chain(int(state.range(0)));
  WallTime now = time::parse_civil("2025-03-21")->at;
  std::size_t resources = 0;
  for (auto _ : state) {
    Projection projection = project(links, law(), now, r4().names());
    resources = projection.resources.size();
    benchmark::DoNotOptimize(projection);
  }
  state.counters["resources"] = double(resources);
}
BENCHMARK(project_case)->Arg(1)->Arg(5)->Arg(10)->Arg(15)->Arg(60)->Unit(benchmark::kMicrosecond);

void outline_case(benchmark::State& state) {
  const Chain links = chain(int(state.range(0)));
  const Policies policies = law();
  const WallTime now = time::parse_civil("2025-03-21")->at;
  for (auto _ : state) benchmark::DoNotOptimize(outline(links, policies, now, r4().names()));
}
BENCHMARK(outline_case)->Arg(10)->Arg(30)->Arg(60)->Unit(benchmark::kMicrosecond);

void fold_case(benchmark::State& state) {
  const Chain links = chain(int(state.range(0)));
  const Policies policies = law();
  const WallTime now = time::parse_civil("2025-03-21")->at;
  for (auto _ : state) benchmark::DoNotOptimize(conclude(*begin_fold(links, policies, now, {})).works.all().size());
}
BENCHMARK(fold_case)->Arg(10)->Arg(30)->Arg(60)->Unit(benchmark::kMicrosecond);

void tell_the_last_notice(benchmark::State& state) {
  Chain links = chain(int(state.range(0)));
  WallTime now = time::parse_civil("2025-03-21")->at;
  Projection before = project(Chain(links.begin(), links.end() - 1), law(), now, r4().names());
  Projection after = project(links, law(), now, r4().names());
  for (auto _ : state) {
    benchmark::DoNotOptimize(what_changed(before, after));
    benchmark::DoNotOptimize(case_events(before, after));
  }
}
BENCHMARK(tell_the_last_notice)->Arg(5)->Arg(15)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
