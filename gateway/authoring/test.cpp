// Tested by tests/system/app/readme_test.cpp and tests/system/app/mistakes_test.cpp.

#include "gateway/authoring/commands.h"
#include "gateway/authoring/watch.h"
#include "gateway/base/clock.h"
#include "gateway/base/counted.h"
#include "gateway/workbench/case.h"
#include "gateway/workbench/coverage.h"
#include "gateway/workbench/report.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/map_check.h"
#include "gateway/workspace/print.h"
#include "gateway/workspace/suggestions.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace vardbron::authoring {

namespace {

namespace fs = std::filesystem;
using workbench::Case;
using workbench::CaseResult;

bool is_terminal(std::FILE* stream) { return isatty(fileno(stream)) == 1; }

workbench::Ink ink_of_terminal(const TestOptions& options) { return {is_terminal(stdout) && !options.no_color}; }

bool holds_a_map(const fs::path& folder) {
  std::error_code error;
  for (const fs::directory_entry& each : fs::directory_iterator(folder, error)) {
    const std::string type = each.path().extension().string();
    if (type == ".fml" || type == ".map") return true;
  }
  return false;
}

// A single case, or a folder of cases, uses the maps of the nearest folder above.
fs::path maps_above(const fs::path& folder) {
  const fs::path whole = fs::absolute(folder / "").lexically_normal().parent_path();
  std::error_code error;
  for (fs::recursive_directory_iterator at(whole, error), end; !error && at != end; at.increment(error)) {
    if (at->is_directory() && at->path().filename() == "cases") at.disable_recursion_pending();
    if (at->path().extension() == ".fml" || at->path().extension() == ".map") return folder;
  }
  const Result<std::vector<Case>> cases = workbench::find_cases({folder});
  if (!cases || cases->empty()) return folder;
  // Not above the parent of `cases`, which may contain anything.
  fs::path below = whole;
  for (int levels = 0; levels < 4 && below.has_relative_path(); ++levels) {
    const fs::path above = below.parent_path();
    if (holds_a_map(above)) return fs::proximate(above);
    if (below.filename() == "cases") break;
    below = above;
  }
  return folder;
}

std::vector<fs::path> map_folders(const TestOptions& options) {
  if (!options.mappings.empty()) return {options.mappings};
  std::vector<fs::path> folders;
  for (const fs::path& folder : options.folders) {
    const fs::path above = maps_above(folder);
    if (std::find(folders.begin(), folders.end(), above) == folders.end()) folders.push_back(above);
  }
  return folders;
}

Result<void> check_folders(const TestOptions& options) {
  for (const fs::path& folder : options.folders) {
    Result<void> given = workspace::check_folder(folder);
    std::error_code error;
    if (!given && fs::exists(folder, error))
      return Failure{Cause::NotFound, "This is a file; name the folder of the map or of a case.", folder.string()};
    if (!given) return given;
  }
  return workspace::check_folder(options.mappings);
}

/// Progress of a long run: one line that is rewritten on a terminal, else an occasional line.
class Progress {
 public:
  Progress(std::size_t all, Instant now) : all_(all), begun_(now), reported_(now) {}
  void tell(std::size_t done, Instant now) {
    const bool is_long = now - begun_ > std::chrono::seconds(1);
    if (!is_long || now - reported_ < (on_terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000))) return;
    reported_ = now;
    std::fprintf(stderr, on_terminal_ ? "\r%zu of %s" : "%zu of %s\n", done, counted(all_, "case").c_str());
    std::fflush(stderr);
    is_shown_ = on_terminal_;
  }
  void clear() {
    if (is_shown_) std::fputs("\r\x1b[K", stderr);
    is_shown_ = false;
  }

 private:
  std::size_t all_;
  Instant begun_, reported_;
  bool on_terminal_ = is_terminal(stderr), is_shown_ = false;
};

/// The maps with their cases: loaded once, and again when a map changes.
class TestRun {
 public:
  explicit TestRun(const TestOptions& options) : options_(options), ink_(ink_of_terminal(options)) {}

  /// An exit code: nothing can be run; the reason is printed.
  std::optional<workspace::ExitCode> load() {
    if (Result<void> given = check_folders(options_); !given) return workspace::print_failure(given.failure());
    Result<workspace::LoadedMaps> maps = workspace::load_maps({}, map_folders(options_));
    if (!maps) return workspace::print_failure(maps.failure());
    maps_.emplace(std::move(*maps));
    for (const Failure& failure : maps_->failures) workspace::print_failure(failure);
    return find();
  }

  std::optional<workspace::ExitCode> find() {
    Result<std::vector<Case>> cases = workbench::find_cases(options_.folders);
    if (!cases) return workspace::print_failure(cases.failure());
    cases_ = std::move(*cases);
    if (options_.only.empty()) return std::nullopt;
    names_.clear();
    for (const Case& each : cases_) {
      names_.push_back(each.name);
      names_.push_back(each.folder.filename().string());
    }
    std::erase_if(cases_, [this](const Case& each) {
      return std::none_of(options_.only.begin(), options_.only.end(),
                          [&](const std::string& pattern) { return workbench::is_named(each, pattern); });
    });
    return std::nullopt;
  }

  /// Runs all cases, or those in the given folders.
  workspace::ExitCode run(const std::vector<fs::path>& touched = {}) {
    if (cases_.empty()) {
      return workspace::print_failure({Cause::NotFound,
                                       options_.only.empty()
                                           ? std::string("There is no case: no folder holds a file named input.*.")
                                           : "No case has such a name (--only)" + meant(),
                                       options_.folders.front().string()});
    }
    workspace::MapCheck map_check(maps_->workspace->library, maps_->workspace->releases().other);
    std::optional<workbench::Coverage> coverage;
    if (wants_coverage()) map_check.test_environment().coverage = &coverage.emplace(profiles());
    const RealClock clock;
    const Instant begun = clock.now();
    std::vector<CaseResult> results = run_cases(map_check.test_environment(), touched, clock);
    print(results, (clock.now() - begun).count());
    const bool has_failed =
        std::any_of(results.begin(), results.end(), [](const CaseResult& each) { return each.end == CaseResult::End::Failed; });
    const workspace::ExitCode written =
        write_files(results, coverage ? coverage->result() : std::vector<workbench::MapCoverage>());
    if (written != workspace::Done) return written;
    return has_failed || !maps_->failures.empty() ? workspace::Refused : workspace::Done;
  }

  /// The cases that contain all changes; none if a map, a code list or a model has changed, or a case is new.
  std::vector<fs::path> cases_around(const std::vector<fs::path>& changed) const {
    std::vector<fs::path> folders;
    for (const fs::path& file : changed) {
      auto around = std::find_if(cases_.begin(), cases_.end(), [&](const Case& each) {
        return each.folder.lexically_normal() == file.parent_path().lexically_normal();
      });
      if (around == cases_.end()) return {};
      folders.push_back(around->folder);
    }
    return folders;
  }

 private:
  std::string meant() const {
    const std::string words = workspace::did_you_mean(options_.only.front(), {names_.begin(), names_.end()});
    return words.empty() ? "." : words;
  }

  bool wants_coverage() const { return options_.coverage || !options_.coverage_html.empty() || !options_.coverage_lcov.empty(); }

  std::vector<workbench::Profile> profiles() const {
    std::vector<fs::path> folders = map_folders(options_);
    folders.insert(folders.begin(), workspace::share_folder() / "models");
    const fhir::Definitions& definitions = maps_->workspace->library.definitions();
    std::vector<workbench::Profile> all = workbench::read_profiles(folders, definitions.names());
    for (workbench::Profile& each : workbench::profiles_of_models(definitions)) all.push_back(std::move(each));
    return all;
  }

  std::vector<CaseResult> run_cases(const workbench::TestEnvironment& test_environment, const std::vector<fs::path>& touched,
                                    const Clock& clock) {
    std::vector<CaseResult> results;
    Progress progress(cases_.size(), clock.now());
    for (const Case& each : cases_) {
      const bool is_asked = touched.empty() || std::find(touched.begin(), touched.end(), each.folder) != touched.end();
      if (!is_asked) continue;
      results.push_back(workbench::run_case(each, test_environment, {.bless = options_.bless}));
      progress.clear();
      std::fputs(workbench::in_lines(results.back(), ink_).c_str(), stdout);
      progress.tell(results.size(), clock.now());
    }
    progress.clear();
    return results;
  }

  void print(const std::vector<CaseResult>& results, std::int64_t nanoseconds) const {
    std::fputs(workbench::maps_table(results, ink_).c_str(), stdout);
    std::fputs(workbench::summary(results, nanoseconds, ink_).c_str(), stdout);
    if (!maps_->failures.empty())
      std::printf("%s\n",
                  ink_.red(std::to_string(maps_->failures.size()) + (maps_->failures.size() == 1 ? " mistake" : " mistakes") +
                           std::string(" in the maps, see above"))
                      .c_str());
    std::fflush(stdout);
  }

  workspace::ExitCode write_files(const std::vector<CaseResult>& results,
                                  const std::vector<workbench::MapCoverage>& coverage) const {
    if (options_.coverage) std::printf("\n%s", workbench::coverage_text(coverage).c_str());
    const std::vector<std::pair<fs::path, std::string>> files{
        {options_.junit, options_.junit.empty() ? "" : workbench::junit_xml(results)},
        {options_.coverage_html, options_.coverage_html.empty() ? "" : workbench::coverage_html(coverage)},
        {options_.coverage_lcov, options_.coverage_lcov.empty() ? "" : workbench::coverage_lcov(coverage)}};
    for (const auto& [file, text] : files) {
      if (file.empty()) continue;
      Result<void> written = workbench::write_text(file, text);
      if (!written) return workspace::print_failure(written.failure());
    }
    return workspace::Done;
  }

  const TestOptions& options_;
  workbench::Ink ink_;
  std::optional<workspace::LoadedMaps> maps_;
  std::vector<Case> cases_;
  std::vector<std::string> names_;  // of all cases, if only some are wanted
};

// Runs until interrupted.
workspace::ExitCode watch(TestRun& run, const TestOptions& options) {
  std::vector<fs::path> folders = map_folders(options);
  folders.insert(folders.end(), options.folders.begin(), options.folders.end());
  Watch changes(std::move(folders));
  for (;;) {
    std::printf("waiting for changes, Ctrl-C ends\n");
    std::fflush(stdout);
    const std::vector<fs::path> touched = run.cases_around(changes.wait());
    const std::optional<workspace::ExitCode> stopped = touched.empty() ? run.load() : run.find();
    if (!stopped) run.run(touched);
  }
}

}  // namespace

int test(const TestOptions& options) {
  if (options.random > 0) {
    if (Result<void> given = check_folders(options); !given) return workspace::print_failure(given.failure());
    return test_random(options);
  }
  TestRun run(options);
  if (std::optional<workspace::ExitCode> stopped = run.load()) return *stopped;
  const workspace::ExitCode ended = run.run();
  return options.watch ? watch(run, options) : ended;
}

}  // namespace vardbron::authoring
