#include "gateway/app/commands.h"
#include "gateway/app/load.h"
#include "gateway/app/print.h"
#include "gateway/base/clock.h"
#include "gateway/exchange/stockholm.h"
#include "gateway/fhir/xml_shape.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/read.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/formats/xml/write.h"

#include <array>
#include <cstdio>
#include <memory>
#include <utility>

namespace vardbron::app {

namespace {

namespace fs = std::filesystem;

// A file is a map of its own; its folder holds what it imports.
fs::path folder_of(const MapOptions& options) {
  if (!options.mappings.empty()) return options.mappings;
  std::error_code error;
  if (fs::exists(options.map, error)) return fs::proximate(fs::absolute(options.map).parent_path());
  return "mappings";
}

const mapping::Map* find_map(const mapping::Library& library, const std::string& asked) {
  if (const mapping::Map* found = library.find(asked)) return found;
  std::error_code error;
  for (const mapping::Map* each : library.maps()) {
    if (each->rule_count() > 0 && fs::equivalent(fs::path(each->rule(0).file), asked, error)) return each;
  }
  return nullptr;
}

Result<std::string> as_text(const tree::Document& target, const MapOptions& options, const fhir::Definitions& definitions) {
  if (options.format == "json") return json::write(target, {.pretty = !options.compact});
  const xml::WriteOptions shape{.pretty = !options.compact, .declaration = !options.compact};
  if (!tree::root(target).child("resourceType")) {  // an HL7 v2 message, a CSV file
    std::string text = xml::write(target, shape);
    if (xml::parse(text, definitions.names())) return text;
    return Failure{Cause::Unsupported, "A name in it is no name of XML, such as a column with a blank; write it as JSON.", ""};
  }
  Result<tree::Document> plain = fhir::to_xml(target, definitions);
  if (!plain) return std::move(plain).failure();
  return xml::write(*plain, shape);
}

Result<std::string> map_one(const mapping::Map& map, const std::string& input, const MapOptions& options,
                            const fhir::Definitions& definitions) {
  Result<std::string> body = read_file(input);
  if (!body) return std::move(body).failure();
  const std::string identity = *body;  // the same input always gives the same ids
  Result<tree::Document> source = read_document(std::move(*body), formats::content_type_of(input), definitions, input);
  if (!source) return Failure{source.failure().cause, source.failure().says, input + ":" + source.failure().where};
  const std::array<tree::Item, 1> sources{tree::root(*source)};
  const exchange::Stockholm zone;
  mapping::Environment environment;
  environment.zone = &zone;
  environment.identity = identity;
  environment.now = RealClock().wall();
  if (options.insights.any()) {
    Result<std::string> told = look_into(map, *source, input, environment, options.insights);
    if (!told) return Failure{told.failure().cause, told.failure().says, input + ": " + told.failure().where};
    return told;
  }
  Result<tree::Document> target = mapping::run(map, sources, environment);
  if (!target) return Failure{target.failure().cause, target.failure().says, input + ": " + target.failure().where};
  return as_text(*target, options, definitions);
}

}  // namespace

int map(const MapOptions& options) {
  Result<LoadedMaps> loaded = load_maps({}, {folder_of(options)});
  if (!loaded) return print_failure(loaded.failure());
  const mapping::Library& library = loaded->room->library;
  const mapping::Map* map = find_map(library, options.map);
  if (!map) {
    for (const Failure& failure : loaded->failures) print_failure(failure);
    if (!loaded->failures.empty()) return Refused;
    return print_failure({Cause::NotFound, "There is no such map, neither as a file nor by url or name.", options.map});
  }
  int worst = Done;
  for (const std::string& input : options.inputs) {
    Result<std::string> text = map_one(*map, input, options, library.definitions());
    if (text)
      std::printf("%s\n", text->c_str());
    else
      worst = print_failure(text.failure());
  }
  return worst;
}

int convert(const ConvertOptions& options) {
  Result<fhir::Definitions> definitions = load_definitions({});
  if (!definitions) return print_failure(definitions.failure());
  Result<std::string> body = read_file(options.file);
  if (!body) return print_failure(body.failure());
  Result<tree::Document> document =
      read_document(std::move(*body), formats::content_type_of(options.file), *definitions, options.file);
  if (!document)
    return print_failure({document.failure().cause, document.failure().says, options.file + ":" + document.failure().where});
  MapOptions shape;
  shape.format = options.to;
  shape.compact = options.compact;
  Result<std::string> text = as_text(*document, shape, *definitions);
  if (!text) return print_failure(text.failure());
  std::printf("%s\n", text->c_str());
  return Done;
}

}  // namespace vardbron::app
