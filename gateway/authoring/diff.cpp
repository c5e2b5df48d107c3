// Tested by tests/system/app/authoring_command_test.cpp.

#include "gateway/authoring/authoring.h"
#include "gateway/base/counted.h"
#include "gateway/base/text.h"
#include "gateway/exchange/stockholm.h"
#include "gateway/formats/read.h"
#include "gateway/workbench/map_comparison.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/map_texts.h"
#include "gateway/workspace/print.h"
#include "gateway/workspace/suggestions.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <system_error>

namespace vardbron::authoring {

namespace {

namespace fs = std::filesystem;

/// One map with its imports, in its own workspace: the old and the new map may have the same url.
struct Side {
  std::unique_ptr<workspace::Workspace> workspace;
  const mapping::Map* map = nullptr;
};

Result<Side> load_side(const std::string& file, const fs::path& mappings) {
  if (Result<std::string> text = workspace::read_file(file); !text) return std::move(text).failure();
  const fs::path folder = mappings.empty() ? workspace::folder_of(file) : mappings;
  Result<workspace::LoadedMaps> loaded = workspace::load_maps({}, {folder}, file);
  if (!loaded) return std::move(loaded).failure();
  Side side{std::move(loaded->workspace), nullptr};
  for (const mapping::Map* each : side.workspace->library.maps()) {
    if (each->rule_count() > 0 && each->rule(0).file == file) side.map = each;
  }
  if (side.map != nullptr) return side;
  for (const Failure& failure : loaded->failures) {
    if (failure.where.rfind(file, 0) == 0) return failure;
  }
  const bool is_text = file.ends_with(".fml") || file.ends_with(".map");
  if (is_text && !loaded->failures.empty()) return loaded->failures.front();
  return Failure{Cause::Invalid, workspace::no_map_here, file};
}

void print(const workbench::ComparisonGroup& group) {
  std::printf("%s%s\n  %s in %s\n", group.rule.c_str(), group.is_old ? " [old map]" : "", counted(group.count, "change").c_str(),
              counted(group.messages, "message").c_str());
  for (const std::string& example : group.examples) std::printf("    %s\n", visible(example).c_str());
}

}  // namespace

int diff(const DiffOptions& options) {
  if (Result<void> given = workspace::check_folder(options.mappings); !given) return workspace::print_failure(given.failure());
  Result<Side> before = load_side(options.before, options.mappings);
  if (!before) return workspace::print_failure(before.failure());
  Result<Side> after = load_side(options.after, options.mappings);
  if (!after) return workspace::print_failure(after.failure());
  const exchange::Stockholm zone;
  const fhir::Definitions& old_definitions = before->workspace->library.definitions();
  const fhir::Definitions& new_definitions = after->workspace->library.definitions();
  workbench::MapComparison shadow({*before->map, old_definitions}, {*after->map, new_definitions}, &zone, options.examples);
  int worst = workspace::Done;
  for (const fs::path& file : workspace::message_files(options.inputs)) {
    Result<std::string> body = workspace::read_file(file);
    if (!body) {
      worst = std::max<int>(worst, workspace::print_failure(body.failure()));
      continue;
    }
    const std::string type(formats::content_type_of(file.string()));
    Result<tree::Document> old_message = before->workspace->releases().read(*body, type, workspace::first_source(*before->map));
    Result<tree::Document> new_message = after->workspace->releases().read(*body, type, workspace::first_source(*after->map));
    if (!old_message || !new_message) {
      const Failure& failure = old_message ? new_message.failure() : old_message.failure();
      worst = std::max<int>(
          worst, workspace::print_failure({failure.cause, failure.says, workspace::place_in(file.string(), failure.where)}));
      continue;
    }
    shadow.compare(file.string(), *old_message, *new_message);
  }
  if (worst == workspace::Done && shadow.messages() == 0)
    return workspace::print_failure({Cause::NotFound,
                                     "There is no message in what is given: no input.*, and no .json, .xml, .hl7 or .csv.",
                                     options.inputs.front()});
  for (const workbench::ComparisonGroup& group : shadow.groups()) print(group);
  std::printf("%zu of %zu messages change", shadow.changed(), shadow.messages());
  if (shadow.refused() > 0) std::printf(" (%zu are refused by both maps)", shadow.refused());
  std::printf("\n");
  return shadow.changed() > 0 ? std::max<int>(worst, workspace::Refused) : worst;
}

}  // namespace vardbron::authoring
