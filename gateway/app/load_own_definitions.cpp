#include "gateway/app/load_own_definitions.h"

#include "gateway/workspace/load.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::app {

Result<rest::OwnDefinitions> load_own_definitions(const fhir::Definitions& definitions) {
  std::vector<std::string> texts;
  for (const std::filesystem::path& file : workspace::files_below(workspace::share_folder() / "models")) {
    Result<std::string> text = workspace::read_file(file);
    if (!text) return std::move(text).failure();
    texts.push_back(std::move(*text));
  }
  return rest::OwnDefinitions::read(texts, definitions);
}

}  // namespace vardbron::app
