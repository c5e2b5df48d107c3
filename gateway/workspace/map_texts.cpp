#include "gateway/workspace/map_texts.h"

#include "gateway/workspace/load.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <system_error>

namespace vardbron::workspace {

namespace {

namespace fs = std::filesystem;

// Sorted, so that all machines report the same failure first.
std::vector<fs::path> files_of(const std::vector<std::string>& paths, bool enter_cases,
                               const std::function<bool(const fs::path&)>& is_wanted) {
  std::vector<fs::path> out;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      out.emplace_back(path);
      continue;
    }
    std::vector<fs::path> below;
    for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
      if (!enter_cases && at->is_directory() && at->path().filename() == "cases") at.disable_recursion_pending();
      if (at->is_regular_file() && is_wanted(at->path())) below.push_back(at->path());
    }
    std::sort(below.begin(), below.end());
    out.insert(out.end(), below.begin(), below.end());
  }
  return out;
}

bool is_map(const fs::path& file) { return file.extension() == ".fml" || file.extension() == ".map"; }

bool lies_beside_a_map(const fs::path& file) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(file.parent_path(), error)) {
    if (is_map(entry.path())) return true;
  }
  return false;
}

bool is_message(const fs::path& file) {
  const std::string type = file.extension().string();
  if (type != ".json" && type != ".xml" && type != ".hl7" && type != ".csv") return false;
  std::error_code error;
  const bool is_case = file.parent_path().parent_path().filename() == "cases";
  if (is_case || file.stem() == "input") return file.stem() == "input";
  return !lies_beside_a_map(file);
}

}  // namespace

std::vector<const mapping::syntax::Map*> MapTexts::pointers() const {
  std::vector<const mapping::syntax::Map*> out;
  for (const mapping::syntax::Map& map : maps) out.push_back(&map);
  return out;
}

std::vector<fs::path> map_files(const std::vector<std::string>& paths) { return files_of(paths, false, is_map); }

std::vector<fs::path> message_files(const std::vector<std::string>& paths) { return files_of(paths, true, is_message); }

MapTexts read_map_texts(const std::vector<std::string>& paths, const fhir::Definitions& definitions) {
  MapTexts out;
  for (const fs::path& file : map_files(paths)) {
    Result<std::string> text = read_file(file);
    if (!text) {
      out.failures.push_back(std::move(text).failure());
      continue;
    }
    Result<mapping::syntax::Map> map = read_map(definitions, file.string(), std::move(*text));
    if (map)
      out.maps.push_back(std::move(*map));
    else
      out.failures.push_back(std::move(map).failure());
  }
  return out;
}

Result<void> write_file(const std::filesystem::path& file, std::string_view text) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (!stream) return Failure{Cause::Broken, "The file cannot be written.", file.string()};
  return done();
}

}  // namespace vardbron::workspace
