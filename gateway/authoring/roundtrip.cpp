// Tested by tests/system/app/authoring_command_test.cpp.

#include "gateway/authoring/authoring.h"
#include "gateway/base/counted.h"
#include "gateway/base/text.h"
#include "gateway/exchange/stockholm.h"
#include "gateway/formats/read.h"
#include "gateway/workbench/generate.h"
#include "gateway/workbench/inverse_proof.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/map_texts.h"
#include "gateway/workspace/print.h"
#include "gateway/workspace/suggestions.h"

#include <array>
#include <cstdio>
#include <system_error>
#include <utility>

namespace vardbron::authoring {

namespace {

namespace fs = std::filesystem;
using workbench::Proof;
using workbench::Verdict;

void print_rules(const Proof& proof) {
  for (const Verdict& rule : proof.inverse.rules) {
    static constexpr std::array<const char*, 3> words{"inverted", "constant", "lost"};
    const bool is_inverted = rule.kind == Verdict::Kind::Inverted;
    const bool is_tried = proof.written.count(rule.name) > 0;
    const char* note = !is_inverted   ? ""
                       : !is_tried    ? " (no message tried it)"
                       : rule.filters ? " (what its where lets through)"
                                      : "";
    std::printf("%-9s %s %s: %s%s\n", words[static_cast<std::size_t>(rule.kind)], rule.where.c_str(), rule.path.c_str(),
                rule.says.c_str(), note);
  }
}

/// The outermost element of a lost one, with a dot; "" if it has none.
std::string_view element_of(const workbench::Loss& loss) {
  return std::string_view(loss.path).substr(0, loss.path.find('.') + 1);
}

/// Losses of one element for one reason are printed together if there are many.
void print_losses(const Proof& proof) {
  constexpr std::ptrdiff_t many = 4;
  if (proof.losses.empty()) return;
  std::printf("\nwhat does not come back:\n");
  for (auto loss = proof.losses.begin(), end = loss; loss != proof.losses.end(); loss = end) {
    const std::string_view element = element_of(*loss);
    std::size_t count = 0;
    for (end = loss; end != proof.losses.end() && element_of(*end) == element && end->why == loss->why; ++end)
      count += end->count;
    if (!element.empty() && end - loss >= many) {
      std::printf("  %s* (%td elements, %zu times, such as %s '%s'): %s\n", std::string(element).c_str(), end - loss, count,
                  loss->path.c_str() + element.size(), visible(loss->example).c_str(), loss->why.c_str());
      continue;
    }
    for (; loss != end; ++loss)
      std::printf("  %s (%zu times, such as '%s'): %s\n", loss->path.c_str(), loss->count, visible(loss->example).c_str(),
                  loss->why.c_str());
  }
}

void print_sums(const Proof& proof, std::size_t given) {
  std::array<std::size_t, 3> kinds{};
  for (const Verdict& rule : proof.inverse.rules) ++kinds[static_cast<std::size_t>(rule.kind)];
  std::printf("\n%s: %zu inverted, %zu constant, %zu lost\n", counted(proof.inverse.rules.size(), "rule").c_str(), kinds[0],
              kinds[1], kinds[2]);
  const std::size_t lost = proof.elements - proof.returned;
  std::printf(
      "%s there and back (of %zu given and %zu generated the map refused %zu): %zu of %zu values came back as they were%s\n",
      counted(proof.messages, "message").c_str(), given, proof.messages + proof.refused - given, proof.refused, proof.returned,
      proof.elements, lost == 0 ? "" : ("; " + counted(lost, "value") + " did not, see above").c_str());
}

/// The file, or the one map of a folder.
Result<fs::path> map_in(const fs::path& given) {
  std::error_code error;
  if (!fs::is_directory(given, error)) return given;
  const std::vector<fs::path> files = workspace::map_files({given.string()});
  if (files.size() == 1) return files.front();
  if (files.empty()) return Failure{Cause::NotFound, workspace::no_map_in_folder, given.string()};
  std::string names;
  for (const fs::path& file : files) names += (names.empty() ? "" : ", ") + file.string();
  return Failure{Cause::Invalid, "One map goes there and back at a time, and the folder has several: name one of " + names + ".",
                 given.string()};
}

Result<std::vector<tree::Document>> messages_for(const RoundtripOptions& options, const mapping::Map& map,
                                                 const mapping::syntax::Map& text, workspace::BothReleases releases) {
  std::vector<tree::Document> messages;
  for (const fs::path& file : workspace::message_files(options.samples)) {
    Result<std::string> body = workspace::read_file(file);
    if (!body) return std::move(body).failure();
    Result<tree::Document> message =
        releases.read(std::move(*body), formats::content_type_of(file.string()), workspace::first_source(map));
    if (!message)
      return Failure{message.failure().cause, message.failure().says,
                     workspace::place_in(file.string(), message.failure().where)};
    messages.push_back(std::move(*message));
  }
  const std::vector<fhir::TypeId> sources = map.source_types();
  if (sources.size() != 1 || sources[0] == 0) return messages;
  const std::array<const mapping::syntax::Map*, 1> texts{&text};
  const workbench::CodeHints hints = workbench::code_hints(texts);
  for (std::size_t i = 0; i < options.random; ++i) {
    SeededRandom random(options.seed + i);
    workbench::GenerateOptions how;
    how.codes = &hints;
    Result<tree::Document> message = workbench::generate(releases.definitions, sources[0], random, how);
    if (!message && !messages.empty()) break;  // use the samples only
    if (!message) return std::move(message).failure();
    messages.push_back(std::move(*message));
  }
  return messages;
}

}  // namespace

int roundtrip(const RoundtripOptions& options) {
  if (Result<void> given = workspace::check_folder(options.mappings); !given) return workspace::print_failure(given.failure());
  const Result<fs::path> file = map_in(options.map);
  if (!file) return workspace::print_failure(file.failure());
  const fs::path folder = options.mappings.empty() ? workspace::folder_of(*file) : options.mappings;
  Result<workspace::LoadedMaps> loaded = workspace::load_maps({}, {folder}, *file);
  if (!loaded) return workspace::print_failure(loaded.failure());
  const mapping::Library& library = loaded->workspace->library;
  workspace::MapTexts texts = workspace::read_map_texts({file->string()}, library.definitions());
  if (!texts.failures.empty()) return workspace::print_failure(texts.failures.front());
  const mapping::Map* map = nullptr;
  for (const mapping::Map* each : library.maps()) {
    if (each->rule_count() > 0 && each->rule(0).file == file->string()) map = each;
  }
  if (map == nullptr) {
    for (const Failure& failure : loaded->failures) workspace::print_failure(failure);
    return workspace::Refused;
  }
  Result<std::vector<tree::Document>> messages = messages_for(options, *map, texts.maps.front(), loaded->workspace->releases());
  if (!messages) return workspace::print_failure(messages.failure());
  const exchange::Stockholm zone;
  const workspace::MapTexts others =
      workspace::read_map_texts({folder.string()}, library.definitions());  // a faulty one is reported by the maps that import it
  const std::vector<const mapping::syntax::Map*> imported = others.pointers();
  Result<Proof> proof = workbench::prove({texts.maps.front(), *map, library.definitions(), *messages, &zone, imported});
  if (!proof) return workspace::print_failure(proof.failure());
  print_rules(*proof);
  print_losses(*proof);
  print_sums(*proof, workspace::message_files(options.samples).size());
  if (options.write.empty()) return workspace::Done;
  Result<void> written = workspace::write_file(options.write, proof->text);
  if (!written) return workspace::print_failure(written.failure());
  std::printf("the inverse is in %s\n", options.write.c_str());
  return workspace::Done;
}

}  // namespace vardbron::authoring
