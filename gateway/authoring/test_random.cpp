// Tested by tests/system/app/readme_test.cpp.

#include "gateway/authoring/commands.h"
#include "gateway/base/text.h"
#include "gateway/workbench/random_run.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/map_check.h"
#include "gateway/workspace/map_texts.h"
#include "gateway/workspace/print.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

namespace vardbron::authoring {

namespace {

namespace fs = std::filesystem;

int report(const mapping::Map& map, const workbench::RandomResult& result) {
  const std::string name(map.name().empty() ? map.url() : map.name());
  std::printf("%s: %zu messages, %zu refused, %zu failures\n", name.c_str(), result.messages, result.refused,
              result.failures.size());
  if (!result.refusal.empty()) std::printf("  refused, for example: %s\n", visible(result.refusal).c_str());
  int worst = workspace::Done;
  for (const workbench::RandomFailure& failure : result.failures) {
    worst = std::max<int>(worst, workspace::Refused);
    const fs::path beside = workbench::file_of(map).parent_path() / (name + "-random-" + std::to_string(failure.seed) + ".json");
    std::printf("  seed %llu: %s\n", static_cast<unsigned long long>(failure.seed), visible(failure.says).c_str());
    Result<void> written = workspace::write_file(beside, failure.message + "\n");
    if (!written) return workspace::print_failure(written.failure());
    std::printf("    the least message that fails so: %s\n", beside.c_str());
  }
  return worst;
}

int run_one(const mapping::Map& map, const TestOptions& options, const workbench::TestEnvironment& test_environment,
            const workspace::MapTexts& texts, bool& has_run) {
  Result<std::vector<workbench::Assertion>> assertions = workbench::assertions_beside(map, test_environment);
  if (!assertions) return workspace::print_failure(assertions.failure());
  const std::vector<const mapping::syntax::Map*> all = texts.pointers();
  const workbench::CodeHints hints = workbench::code_hints(all);
  workbench::RandomOptions how{.count = options.random, .seed = options.seed, .generate = {}};
  how.generate.codes = &hints;
  Result<workbench::RandomResult> result = workbench::run_random(map, test_environment, *assertions, how);
  if (!result && result.failure().cause == Cause::Unsupported) {
    std::printf("%s: skipped: %s\n", result.failure().where.c_str(), result.failure().says.c_str());
    return workspace::Done;
  }
  has_run = true;
  return result ? report(map, *result) : workspace::print_failure(result.failure());
}

}  // namespace

int test_random(const TestOptions& options) {
  std::vector<fs::path> folders = options.folders;
  if (!options.mappings.empty()) folders = {options.mappings};
  Result<workspace::LoadedMaps> loaded = workspace::load_maps({}, folders);
  if (!loaded) return workspace::print_failure(loaded.failure());
  int worst = workspace::Done;
  for (const Failure& failure : loaded->failures) worst = std::max<int>(worst, workspace::print_failure(failure));
  if (loaded->workspace->library.maps().empty() && worst == workspace::Done)
    return workspace::print_failure(
        {Cause::NotFound, "There is no map in this folder: no .fml, .map or StructureMap.", folders.front().string()});
  workspace::MapCheck map_check(loaded->workspace->library, loaded->workspace->releases().other);
  bool has_run = false;
  for (const mapping::Map* map : loaded->workspace->library.maps()) {
    const workspace::MapTexts texts =
        workspace::read_map_texts({workbench::file_of(*map).string()}, loaded->workspace->library.definitions());
    worst = std::max(worst, run_one(*map, options, map_check.test_environment(), texts, has_run));
  }
  if (!has_run && worst == workspace::Done)
    return workspace::print_failure(
        {Cause::Unsupported, "No map was tried: messages can be made for none of them.", folders.front().string()});
  return worst;
}

}  // namespace vardbron::authoring
