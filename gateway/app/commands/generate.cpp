#include "gateway/app/authoring.h"
#include "gateway/app/load.h"
#include "gateway/app/map_texts.h"
#include "gateway/app/meant.h"
#include "gateway/app/print.h"
#include "gateway/fhir/xml_shape.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/write.h"
#include "gateway/workbench/generate.h"

#include <cstdio>
#include <optional>
#include <system_error>

namespace vardbron::app {

namespace {

namespace fs = std::filesystem;

Result<std::string> as_text(const tree::Document& message, const std::string& format, const fhir::Definitions& definitions) {
  if (format == "json") return json::write(message, {.pretty = true}) + "\n";
  const bool is_fhir = static_cast<bool>(tree::root(message).child("resourceType"));
  if (!is_fhir) return xml::write(message, {.pretty = true, .declaration = true}) + "\n";
  Result<tree::Document> plain = fhir::to_xml(message, definitions);
  if (!plain) return std::move(plain).failure();
  return xml::write(*plain, {.pretty = true, .declaration = true}) + "\n";
}

Result<void> put(const std::string& text, const GenerateOptions& options, std::string_view name, std::uint64_t seed) {
  if (options.out.empty()) {
    print_result(text);
    return done();
  }
  std::error_code error;
  fs::create_directories(options.out, error);
  const fs::path file = options.out / (std::string(name) + "-" + std::to_string(seed) + "." + options.format);
  Result<void> written = write_file(file, text);
  if (written) std::printf("%s\n", file.c_str());
  return written;
}

}  // namespace

int generate(const GenerateOptions& options) {
  if (options.count == 0) return print_wrong_use("generate", "--count says how many, at least 1.");
  if (Result<void> given = check_folder(options.mappings); !given) return print_failure(given.failure());
  Result<LoadedMaps> loaded = load_maps({}, {options.mappings.empty() ? "mappings" : options.mappings});
  if (!loaded) return print_failure(loaded.failure());
  const fhir::Definitions& definitions = loaded->room->library.definitions();
  Result<fhir::TypeId> type = find_model(definitions, options.model);
  if (!type) return print_failure(type.failure());
  MapTexts texts;
  if (!options.map.empty()) texts = read_map_texts({options.map}, definitions);
  if (!texts.failures.empty()) return print_failure(texts.failures.front());
  const workbench::CodeHints hints = workbench::code_hints(texts.pointers());
  workbench::GenerateOptions how;
  how.codes = &hints;
  for (std::size_t i = 0; i < options.count; ++i) {
    const std::uint64_t seed = options.seed + i;  // each message can be had again by its own number
    SeededRandom random(seed);
    Result<tree::Document> message = workbench::generate(definitions, *type, random, how);
    if (!message) return print_failure(message.failure());
    Result<std::string> text = as_text(*message, options.format, definitions);
    if (!text) return print_failure(text.failure());
    Result<void> written = put(*text, options, definitions.name(*type), seed);
    if (!written) return print_failure(written.failure());
  }
  return Done;
}

}  // namespace vardbron::app
