// Tested by tests/system/app/map_command_test.cpp and tests/system/app/mistakes_test.cpp.

#include "gateway/authoring/commands.h"
#include "gateway/authoring/map_batch.h"
#include "gateway/authoring/map_reports.h"
#include "gateway/base/clock.h"
#include "gateway/exchange/stockholm.h"
#include "gateway/formats/json/write.h"
#include "gateway/mapping/run/fault.h"
#include "gateway/mapping/run/reading.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/map_texts.h"
#include "gateway/workspace/print.h"
#include "gateway/workspace/refusals.h"
#include "gateway/workspace/suggestions.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace vardbron::authoring {

namespace {

namespace fs = std::filesystem;

// A file is a map of its own, with its imports in its folder.
fs::path mappings_of(const MapOptions& options) {
  if (!options.mappings.empty()) return options.mappings;
  std::error_code error;
  if (fs::exists(options.map, error)) return workspace::folder_of(options.map);
  return "mappings";
}

fs::path asked_table(const MapOptions& options) {
  return options.model.empty() ? fs::path() : workspace::table_of(workspace::share_folder(), options.model);
}

const mapping::Map* find_map(const mapping::Library& library, const std::string& asked) {
  if (const mapping::Map* found = library.find(asked)) return found;
  std::error_code error;
  for (const mapping::Map* each : library.maps()) {
    if (each->rule_count() > 0 && fs::equivalent(fs::path(each->rule(0).file), asked, error)) return each;
  }
  return nullptr;
}

// Prints the failures in the file itself, or, for a name, all: the map may be in any of the files. A map without failures of its
// own depends on one that has some.
int print_missing(const std::string& asked, const mapping::Library& library, const std::vector<Failure>& failures) {
  std::error_code error;
  if (fs::is_directory(asked, error))
    return workspace::print_failure({Cause::NotFound, "This is a folder; name the map in it.", asked});
  const bool is_file = fs::exists(asked, error);
  const auto is_own = [&asked](const Failure& failure) { return failure.where.starts_with(asked); };
  const bool has_own = std::any_of(failures.begin(), failures.end(), is_own);
  const bool tells_all = !is_file || (!has_own && (asked.ends_with(".fml") || asked.ends_with(".map")));
  bool is_reported = false;
  for (const Failure& failure : failures) {
    if (!tells_all && !is_own(failure)) continue;
    workspace::print_failure(failure);
    is_reported = true;
  }
  if (is_file && is_reported) return workspace::Refused;
  if (is_file) return workspace::print_failure({Cause::Invalid, workspace::no_map_here, asked});
  std::string meant = workspace::did_you_mean(asked, workspace::map_names(library));
  if (meant.empty()) meant = workspace::did_you_mean_file(asked);
  if (meant.empty()) meant = ", neither as a file nor by url or name.";
  return workspace::print_failure({Cause::NotFound, "There is no such map" + meant, asked});
}

/// One message and the name of its result.
struct Input {
  std::string file;
  fs::path place;
};

std::vector<Input> inputs_of(const MapOptions& options) {
  std::vector<Input> inputs;
  std::error_code error;
  for (const std::string& given : options.inputs) {
    if (!fs::is_directory(given, error)) {
      inputs.push_back({given, given == "-" ? fs::path("stdin") : fs::path(given).filename()});
      continue;
    }
    for (const fs::path& file : workspace::message_files({given}))
      inputs.push_back({file.string(), fs::relative(file, given, error)});
  }
  return inputs;
}

/// Prints the progress of a long run, on a terminal only.
class Progress {
 public:
  explicit Progress(std::size_t all) : all_(all), shows_(all > 1 && isatty(STDERR_FILENO) == 1), last_(clock_.now()) {}
  ~Progress() { clear(); }

  void step() {
    ++done_;
    const Instant now = clock_.now();
    if (!shows_ || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    std::fprintf(stderr, "\r%zu of %zu", done_, all_);
    is_shown_ = true;
  }
  void clear() {
    if (std::exchange(is_shown_, false)) std::fprintf(stderr, "\r\x1b[K");
  }

 private:
  std::size_t all_, done_ = 0;
  bool shows_, is_shown_ = false;
  RealClock clock_;
  Instant last_;
};

class MapRun {
 public:
  MapRun(const MapOptions& options, const mapping::Map& map, workspace::BothReleases releases)
      : options_(options), map_(map), releases_(releases) {}

  int all(const std::vector<Input>& inputs) {
    Progress progress(inputs.size());
    int worst = workspace::Done;
    for (const Input& input : inputs) {
      Result<void> mapped = one(input, inputs.size() > 1);
      progress.step();
      if (mapped) continue;
      progress.clear();
      if (refusals_.empty()) refusals_.push_back(mapped.failure());
      for (const Failure& refusal : refusals_) worst = workspace::print_failure(refusal);
      refusals_.clear();
      ++refused_;
    }
    progress.clear();
    if (refused_ > 0 && inputs.size() > 1)
      std::fprintf(stderr, "vardbron: %zu of %zu inputs were refused\n", refused_, inputs.size());
    return worst;
  }

 private:
  Result<void> one(const Input& input, bool with_heading) {
    Result<std::string> body = workspace::read_file(input.file);
    if (!body) return std::move(body).failure();
    const std::string identity = *body;  // the same input always gives the same ids
    Result<tree::Document> source = releases_.read(std::move(*body), workspace::content_type_of(options_.from, input.file),
                                                   workspace::first_source(map_), input.file);
    if (!source)
      return Failure{source.failure().cause, source.failure().says, workspace::place_in(input.file, source.failure().where)};
    const std::array<tree::Item, 1> sources{tree::root(*source)};
    mapping::Environment environment;
    environment.zone = &zone_;
    environment.identity = identity;
    environment.now = RealClock().wall();
    if (options_.reports.any()) {
      Result<std::string> report = look_into(map_, *source, input.file, environment, options_.reports);
      if (!report)
        return Failure{report.failure().cause, report.failure().says, workspace::place_in(input.file, report.failure().where)};
      return write(input, *report, with_heading);
    }
    mapping::Marks marks;
    environment.marks = &marks;
    mapping::Faults faults;
    environment.faults = &faults;
    tree::Document target(releases_.definitions.names());
    Result<void> mapped = mapping::Runner(map_).run(sources, environment, target);
    if (!mapped) {
      if (mapped.failure().cause == Cause::Invalid)
        refusals_ = refusals_of(releases_, {map_, sources.front(), target, environment}, faults, input.file);
      return Failure{mapped.failure().cause, mapped.failure().says, workspace::place_in(input.file, mapped.failure().where)};
    }
    const std::string unread = mapping::says_unread(*source, marks.source);
    if (!unread.empty()) std::fprintf(stderr, "%s: %s\n", input.file.c_str(), unread.c_str());
    Result<std::string> text = as_text(target);
    if (!text) return std::move(text).failure();
    warn_of(target, input.file);
    return write(input, *text, with_heading);
  }

  void warn_of(const tree::Document& target, const std::string& file) const {
    for (const std::string& warning : releases_.warnings(target, map_.target_type()))
      std::fprintf(stderr, "vardbron: warning: the result of %s: %s\n", file.c_str(), warning.c_str());
  }

  Result<std::string> as_text(const tree::Document& target) const {
    if (options_.format == "json") return json::write(target, {.pretty = !options_.compact});
    return releases_.xml(target, map_.target_type(), !options_.compact);
  }

  /// Results in one stream get a heading each, unless they are one line each.
  Result<void> write(const Input& input, const std::string& text, bool with_heading) {
    if (options_.out.empty()) {
      if (with_heading && !options_.compact) std::printf("== %s ==\n", input.file.c_str());
      workspace::print_result(text + "\n");
      return done();
    }
    fs::path place = options_.out / input.place;
    place.replace_extension(options_.format);
    if (!written_.insert(place.string()).second) {  // a.json beside a.xml
      place = options_.out / (input.place.string() + "." + options_.format);
      written_.insert(place.string());
    }
    std::error_code error;
    fs::create_directories(place.parent_path(), error);
    std::ofstream file(place, std::ios::binary);
    file << text << '\n';
    file.close();
    if (!file) return Failure{Cause::Broken, "The result cannot be written.", place.string()};
    return done();
  }

  const MapOptions& options_;
  const mapping::Map& map_;
  const workspace::BothReleases releases_;
  const exchange::Stockholm zone_;
  std::set<std::string> written_;
  std::size_t refused_ = 0;
  std::vector<Failure> refusals_;  // of the current input
};

}  // namespace

int map(const MapOptions& options) {
  if (options.batch) {
    const std::size_t lines = MapBatch(workspace::share_folder()).run(std::cin, std::cout);
    return lines > 0 ? workspace::Done : workspace::print_failure(workspace::no_lines());
  }
  if (options.map.empty() || options.inputs.empty())
    return workspace::print_wrong_use("map",
                                      "Give a map and what to map: a file, a folder, or - for standard input; or --batch.");
  if (Result<void> given = workspace::check_folder(options.mappings); !given) return workspace::print_failure(given.failure());
  std::error_code error;
  const fs::path file = fs::is_regular_file(options.map, error) ? fs::path(options.map) : fs::path();
  Result<workspace::LoadedMaps> loaded = workspace::load_maps(asked_table(options), {mappings_of(options)}, file);
  if (!loaded) return workspace::print_failure(loaded.failure());
  const mapping::Library& library = loaded->workspace->library;
  const mapping::Map* map = find_map(library, options.map);
  if (!map) return print_missing(options.map, library, loaded->failures);
  const std::vector<Input> inputs = inputs_of(options);
  if (inputs.empty())
    return workspace::print_failure({Cause::NotFound,
                                     "There is no message in this folder: no input.*, and no .json, .xml, .hl7 or .csv.",
                                     options.inputs[0]});
  return MapRun(options, *map, loaded->workspace->releases()).all(inputs);
}

}  // namespace vardbron::authoring
