#include "gateway/workspace/suggestions.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <system_error>

namespace vardbron::workspace {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t meant_max = 3;

std::vector<std::string_view> alike(std::string_view given, const std::vector<std::string_view>& known) {
  std::vector<std::string_view> found;
  if (const std::string_view near = nearest(given, known); !near.empty()) return {near};
  if (given.size() < 3) return found;
  const std::string part = to_lower(given);
  for (const std::string_view each : known) {
    if (found.size() < meant_max && to_lower(each).find(part) != std::string::npos) found.push_back(each);
  }
  return found;
}

}  // namespace

std::string did_you_mean(std::string_view given, std::vector<std::string_view> known) {
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  std::string words;
  const std::vector<std::string_view> found = alike(given, known);
  for (std::size_t at = 0; at < found.size(); ++at) {
    words += at == 0 ? "; did you mean " : at + 1 < found.size() ? ", " : " or ";
    words.append("'").append(found[at]).append("'");
  }
  return words.empty() ? words : words + "?";
}

Result<fhir::TypeId> find_model(const fhir::Definitions& definitions, const std::string& asked) {
  if (const fhir::TypeId type = definitions.find_type(asked); type != 0) return type;
  const bool is_url = asked.find("://") != std::string::npos;
  std::vector<std::string_view> known;
  for (const fhir::TypeId type : definitions.all_types()) {
    const fhir::TypeKind kind = definitions.kind(type);
    if (kind == fhir::TypeKind::Backbone || kind == fhir::TypeKind::System || definitions.is_abstract(type)) continue;
    known.push_back(is_url ? definitions.canonical(type) : definitions.name(type));
  }
  const std::string meant = did_you_mean(asked, std::move(known));
  return Failure{Cause::NotFound,
                 meant.empty() ? "There is no such model; name a FHIR type, or a logical model below --mappings by url or name."
                               : "There is no such model" + meant,
                 asked};
}

std::vector<std::string_view> map_names(const mapping::Library& library) {
  std::vector<std::string_view> names;
  for (const mapping::Map* each : library.maps()) {
    for (const std::string_view name : {each->url(), each->name()}) {
      if (!name.empty()) names.push_back(name);
    }
  }
  return names;
}

std::string did_you_mean_file(const fs::path& file) {
  const fs::path folder = file.parent_path();
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator at(folder.empty() ? "." : folder, error), end; !error && at != end; at.increment(error))
    names.push_back(at->path().filename().string());
  return did_you_mean(file.filename().string(), {names.begin(), names.end()});
}

Failure unreadable(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path, error)) return {Cause::NotFound, "The file cannot be read.", path.string()};
  const std::string meant = did_you_mean_file(path);
  return {Cause::NotFound, "There is no such file or folder" + (meant.empty() ? "." : meant), path.string()};
}

Result<void> check_folder(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || fs::is_directory(folder, error)) return done();
  if (fs::exists(folder, error)) return Failure{Cause::NotFound, "This is a file; a folder is needed.", folder.string()};
  return unreadable(folder);
}

}  // namespace vardbron::workspace
