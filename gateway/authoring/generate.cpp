// Tested by tests/system/app/authoring_command_test.cpp.

#include "gateway/authoring/authoring.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/write.h"
#include "gateway/workbench/generate.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/map_texts.h"
#include "gateway/workspace/print.h"
#include "gateway/workspace/suggestions.h"

#include <cstdio>
#include <optional>
#include <system_error>

namespace vardbron::authoring {

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
    workspace::print_result(text);
    return done();
  }
  std::error_code error;
  fs::create_directories(options.out, error);
  const fs::path file = options.out / (std::string(name) + "-" + std::to_string(seed) + "." + options.format);
  Result<void> written = workspace::write_file(file, text);
  if (written) std::printf("%s\n", file.c_str());
  return written;
}

}  // namespace

int generate(const GenerateOptions& options) {
  if (options.count == 0) return workspace::print_wrong_use("generate", "--count says how many, at least 1.");
  if (Result<void> given = workspace::check_folder(options.mappings); !given) return workspace::print_failure(given.failure());
  Result<workspace::LoadedMaps> loaded = workspace::load_maps({}, {options.mappings.empty() ? "mappings" : options.mappings});
  if (!loaded) return workspace::print_failure(loaded.failure());
  const fhir::Definitions& definitions = loaded->workspace->library.definitions();
  Result<fhir::TypeId> type = workspace::find_model(definitions, options.model);
  if (!type) return workspace::print_failure(type.failure());
  workspace::MapTexts texts;
  if (!options.map.empty()) texts = workspace::read_map_texts({options.map}, definitions);
  if (!texts.failures.empty()) return workspace::print_failure(texts.failures.front());
  const workbench::CodeHints hints = workbench::code_hints(texts.pointers());
  workbench::GenerateOptions how;
  how.codes = &hints;
  for (std::size_t i = 0; i < options.count; ++i) {
    const std::uint64_t seed = options.seed + i;  // each message can be reproduced by its own seed
    SeededRandom random(seed);
    Result<tree::Document> message = workbench::generate(definitions, *type, random, how);
    if (!message) return workspace::print_failure(message.failure());
    Result<std::string> text = as_text(*message, options.format, definitions);
    if (!text) return workspace::print_failure(text.failure());
    Result<void> written = put(*text, options, definitions.name(*type), seed);
    if (!written) return workspace::print_failure(written.failure());
  }
  return workspace::Done;
}

}  // namespace vardbron::authoring
