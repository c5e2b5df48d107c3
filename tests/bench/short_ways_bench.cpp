#include "gateway/base/check.h"
#include "gateway/mapping/compile/program.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/map_check.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

// What each short way of a map's rules saves on the real maps: the messages of their cases are mapped with all of them, and in
// turn with one of them forgotten. `cost` is what forgetting it adds, as a part of a run with all; `noise` the same between two
// runs with all.
namespace vardbron {
namespace {

using mapping::nothing;
using mapping::Program;

/// The parts of a program that hold its short ways.
struct Taken {
  std::vector<mapping::RuleCode> rules;
  std::vector<mapping::TargetCode> targets;
  std::vector<mapping::Index> list_child_indexes;

  explicit Taken(const Program& program)
      : rules(program.rules), targets(program.targets), list_child_indexes(program.list_child_indexes) {}
  void put_into(Program& program) const {
    program.rules = rules;
    program.targets = targets;
    program.list_child_indexes = list_child_indexes;
  }
};

struct Way {
  const char* name;
  std::function<void(Program&)> forget;
};

void forget_plain(Program& program) {
  for (mapping::RuleCode& rule : program.rules) rule.is_plain = false;
}
void forget_child_indexes(Program& program) {
  for (mapping::RuleCode& rule : program.rules) rule.child_index = nothing;
  program.list_child_indexes.assign(program.list_child_indexes.size(), nothing);
}
void forget_templates(Program& program) {
  for (mapping::TargetCode& target : program.targets) target.branch_template = nothing;
}
void forget_direct(Program& program) {
  for (mapping::TargetCode& target : program.targets) target.direct = {};
}
void forget_variants(Program& program) {
  for (mapping::TargetCode& target : program.targets) target.variant = nothing;
}

const std::vector<Way>& ways() {
  static const std::vector<Way> all{{"plain", [](Program& program) { forget_plain(program), forget_child_indexes(program); }},
                                    {"child_index", forget_child_indexes},
                                    {"template", forget_templates},
                                    {"direct", [](Program& program) { forget_direct(program), forget_templates(program); }},
                                    {"variant", forget_variants},
                                    {"all", [](Program& program) {
                                       forget_plain(program), forget_child_indexes(program), forget_templates(program),
                                           forget_direct(program), forget_variants(program);
                                     }}};
  return all;
}

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

void ShortWay(benchmark::State& state, const std::string& folder, const std::string& name, const Way& way) {
  const Subject tried = subject(folder, name);
  // The library is this program's own; nobody else has the map.
  auto& program = const_cast<Program&>(tried.map->program());
  const Taken with(program);
  way.forget(program);
  const Taken without(program);
  mapping::Runner runner(*tried.map);
  tree::Document target(program.definitions->names());
  auto timed = [&](const Taken& as) {
    as.put_into(program);
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
  with.put_into(program);
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
    for (const Way& way : ways()) {
      const std::string called = "ShortWay/" + folder + "/without_" + way.name;
      benchmark::RegisterBenchmark(called.c_str(), ShortWay, folder, name, way)->Iterations(400);
    }
  }
  return 0;
}();

}  // namespace
}  // namespace vardbron

BENCHMARK_MAIN();
