#include "gateway/base/check.h"
#include "gateway/mapping/compile/program.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/map_check.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

// What the fast path of targets saves on the real maps: the messages of their cases are mapped with it and, in turn, without it.
// `cost` is what leaving it out adds, as a part of a run with it; `noise` the same between two runs with it.
namespace vardbron {
namespace {

using mapping::Program;

/// A map with the messages of its cases that it takes.
struct Subject {
  const mapping::Map* map = nullptr;
  std::vector<tree::Document> messages;
  const mapping::CivilZone* zone = nullptr;
};

Subject subject(const std::string& folder, const std::string& name) {
  static const Result<workspace::LoadedMaps> loaded = workspace::load_maps({}, {VARDBRON_SOURCE_DIR "/mappings"});
  CHECK(loaded.ok() && loaded->failures.empty());
  const mapping::Library& library = loaded->workspace->library;
  static workspace::MapCheck check(library);
  Subject out;
  out.map = library.find("https://vardbron.example/fhir/StructureMap/" + name);
  CHECK(out.map != nullptr);
  out.zone = check.test_environment().zone;
  const fhir::TypeId model = out.map->source_types().front();
  for (const auto& each : std::filesystem::recursive_directory_iterator(VARDBRON_SOURCE_DIR "/mappings/" + folder + "/cases")) {
    if (each.path().stem() != "input") continue;
    Result<std::string> body = workspace::read_file(each.path());
    CHECK(body.ok());
    Result<tree::Document> message = check.test_environment().read(std::move(*body), each.path(), model);
    if (!message) continue;
    tree::Item item = tree::root(*message);
    if (mapping::run(*out.map, {&item, 1}, {.identity = "bench", .zone = out.zone})) out.messages.push_back(std::move(*message));
  }
  CHECK(!out.messages.empty());
  return out;
}

double computed_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void FastPath(benchmark::State& state, const std::string& folder, const std::string& name) {
  const Subject tried = subject(folder, name);
  // The library is this program's own; nobody else has the map.
  auto& program = const_cast<Program&>(tried.map->program());
  const std::vector<mapping::TargetCode> with = program.targets;
  std::vector<mapping::TargetCode> without = with;
  for (mapping::TargetCode& target : without) target.direct = {};
  mapping::Runner runner(*tried.map);
  tree::Document target(program.definitions->names());
  auto timed = [&](const std::vector<mapping::TargetCode>& targets) {
    program.targets = targets;
    const double before = computed_seconds();
    for (const tree::Document& message : tried.messages) {
      tree::Item item = tree::root(message);
      CHECK(runner.run({&item, 1}, {.identity = "bench", .zone = tried.zone}, target).ok());
    }
    return computed_seconds() - before;
  };
  double on = 1e9, off = 1e9, on_again = 1e9;
  for (auto _ : state) {
    on = std::min(on, timed(with));
    off = std::min(off, timed(without));
    on_again = std::min(on_again, timed(with));
  }
  program.targets = with;
  state.counters["messages"] = static_cast<double>(tried.messages.size());
  state.counters["us_each"] = on * 1e6 / static_cast<double>(tried.messages.size());
  state.counters["cost"] = off / on - 1;
  state.counters["noise"] = on_again / on - 1;
}

const int registered = [] {
  const std::vector<std::pair<std::string, std::string>> maps{{"cosmic-notice", "CosmicNotice"},
                                                              {"hl7v2-adt", "Hl7v2Adt"},
                                                              {"medcom-hospitalnotification", "MedComHospitalNotification"}};
  for (const auto& [folder, name] : maps) {
    const std::string called = "FastPath/" + folder;
    benchmark::RegisterBenchmark(called.c_str(), FastPath, folder, name)->Iterations(400);
  }
  return 0;
}();

}  // namespace
}  // namespace vardbron

BENCHMARK_MAIN();
