#include "gateway/app/authoring.h"
#include "gateway/app/load.h"
#include "gateway/app/map_texts.h"
#include "gateway/app/meant.h"
#include "gateway/app/print.h"
#include "gateway/base/counted.h"
#include "gateway/base/text.h"
#include "gateway/exchange/stockholm.h"
#include "gateway/formats/read.h"
#include "gateway/workbench/shadow.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <system_error>

namespace vardbron::app {

namespace {

namespace fs = std::filesystem;

/// One map with what it imports, in a room of its own: the old and the new map may have the same url.
struct Side {
  std::unique_ptr<Workroom> room;
  const mapping::Map* map = nullptr;
};

Result<Side> load_side(const std::string& file, const fs::path& mappings) {
  if (Result<std::string> text = read_file(file); !text) return std::move(text).failure();
  const fs::path folder = mappings.empty() ? folder_of(file) : mappings;
  Result<LoadedMaps> loaded = load_maps({}, {folder}, file);
  if (!loaded) return std::move(loaded).failure();
  Side side{std::move(loaded->room), nullptr};
  for (const mapping::Map* each : side.room->library.maps()) {
    if (each->rule_count() > 0 && each->rule(0).file == file) side.map = each;
  }
  if (side.map != nullptr) return side;
  for (const Failure& failure : loaded->failures) {
    if (failure.where.rfind(file, 0) == 0) return failure;
  }
  const bool is_text = file.ends_with(".fml") || file.ends_with(".map");
  if (is_text && !loaded->failures.empty()) return loaded->failures.front();
  return Failure{Cause::Invalid, no_map_here, file};
}

void print(const workbench::ShadowGroup& group) {
  std::printf("%s%s\n  %s in %s\n", group.rule.c_str(), group.is_old ? " [old map]" : "", counted(group.count, "change").c_str(),
              counted(group.messages, "message").c_str());
  for (const std::string& example : group.examples) std::printf("    %s\n", visible(example).c_str());
}

}  // namespace

int diff(const DiffOptions& options) {
  if (Result<void> given = check_folder(options.mappings); !given) return print_failure(given.failure());
  Result<Side> before = load_side(options.before, options.mappings);
  if (!before) return print_failure(before.failure());
  Result<Side> after = load_side(options.after, options.mappings);
  if (!after) return print_failure(after.failure());
  const exchange::Stockholm zone;
  const fhir::Definitions& old_definitions = before->room->library.definitions();
  const fhir::Definitions& new_definitions = after->room->library.definitions();
  workbench::Shadow shadow({*before->map, old_definitions}, {*after->map, new_definitions}, &zone, options.examples);
  int worst = Done;
  for (const fs::path& file : message_files(options.inputs)) {
    Result<std::string> body = read_file(file);
    if (!body) {
      worst = std::max<int>(worst, print_failure(body.failure()));
      continue;
    }
    const std::string type(formats::content_type_of(file.string()));
    Result<tree::Document> old_message = before->room->releases().read(*body, type, first_source(*before->map));
    Result<tree::Document> new_message = after->room->releases().read(*body, type, first_source(*after->map));
    if (!old_message || !new_message) {
      const Failure& failure = old_message ? new_message.failure() : old_message.failure();
      worst = std::max<int>(worst, print_failure({failure.cause, failure.says, place_in(file.string(), failure.where)}));
      continue;
    }
    shadow.compare(file.string(), *old_message, *new_message);
  }
  if (worst == Done && shadow.messages() == 0)
    return print_failure({Cause::NotFound, "There is no message in what is given: no input.*, and no .json, .xml, .hl7 or .csv.",
                          options.inputs.front()});
  for (const workbench::ShadowGroup& group : shadow.groups()) print(group);
  std::printf("%zu of %zu messages change", shadow.changed(), shadow.messages());
  if (shadow.refused() > 0) std::printf(" (%zu are refused by both maps)", shadow.refused());
  std::printf("\n");
  return shadow.changed() > 0 ? std::max<int>(worst, Refused) : worst;
}

}  // namespace vardbron::app
