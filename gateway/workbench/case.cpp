#include "gateway/workbench/case.h"

#include "gateway/base/text.h"
#include "gateway/base/wildcard.h"
#include "gateway/mapping/compile/program.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <system_error>

namespace vardbron::workbench {

namespace {

namespace fs = std::filesystem;

std::string name_of(const fs::path& folder, const fs::path& root) {
  fs::path name;
  for (const fs::path& part : fs::proximate(folder, root)) {
    if (part != "cases" && part != "." && part != "..") name /= part;
  }
  return name.empty() ? folder.filename().string() : name.generic_string();
}

Failure two_files(const fs::path& folder, std::string_view what) {
  return {Cause::Invalid, "The case has two files named " + std::string(what) + ".*; keep one.", folder.string()};
}

// Nothing: the folder holds no case.
Result<std::optional<Case>> read_case(const fs::path& folder, const fs::path& root) {
  Case found;
  bool has_file = false;
  std::error_code error;
  for (const fs::directory_entry& each : fs::directory_iterator(folder, error)) {
    if (!each.is_regular_file()) continue;
    const fs::path& file = each.path();
    has_file = true;
    if (file.stem() == "input" && !found.input.empty()) return two_files(folder, "input");
    if (file.stem() == "input") found.input = file;
    if (file.stem() == "expected" && !found.expected.empty()) return two_files(folder, "expected");
    if (file.stem() == "expected") found.expected = file;
    if (file.filename() == "assertions.fhirpath") found.assertions = file;
    if (file.filename() != "map") continue;
    Result<std::string> text = text_of(file);
    if (!text) return std::move(text).failure();
    found.map = std::string(trim(*text));
  }
  const bool is_meant = !found.expected.empty() || (has_file && folder.parent_path().filename() == "cases");
  if (found.input.empty() && is_meant)
    return Failure{Cause::Invalid, "This case has no message: a file named input.json, .xml, .hl7 or .csv.", folder.string()};
  if (found.input.empty()) return std::optional<Case>();
  found.folder = folder;
  found.name = name_of(folder, root);
  return std::optional<Case>(std::move(found));
}

Result<void> add_cases(const fs::path& root, std::vector<Case>& cases) {
  std::error_code error;
  if (!fs::is_directory(root, error)) return Failure{Cause::NotFound, "There is no such folder.", root.string()};
  std::vector<fs::path> folders{root};
  for (const fs::directory_entry& each : fs::recursive_directory_iterator(root, error)) {
    if (each.is_directory()) folders.push_back(each.path());
  }
  for (const fs::path& folder : folders) {
    Result<std::optional<Case>> found = read_case(folder, root);
    if (!found) return std::move(found).failure();
    if (*found) cases.push_back(std::move(**found));
  }
  return done();
}

std::vector<const mapping::Map*> maps_in(const fs::path& folder, const mapping::Library& library, const fs::path& home) {
  std::vector<const mapping::Map*> found;
  std::error_code error;
  for (const mapping::Map* map : library.maps()) {
    const fs::path here = home / file_of(*map).parent_path();
    if (fs::equivalent(here.empty() ? "." : here, folder, error)) found.push_back(map);
  }
  return found;
}

}  // namespace

Result<std::vector<Case>> find_cases(const std::vector<std::filesystem::path>& folders) {
  std::vector<Case> cases;
  for (const fs::path& folder : folders) {
    Result<void> added = add_cases(folder, cases);
    if (!added) return std::move(added).failure();
  }
  std::sort(cases.begin(), cases.end(), [](const Case& one, const Case& other) { return one.folder < other.folder; });
  auto same = [](const Case& one, const Case& other) { return one.folder == other.folder; };
  cases.erase(std::unique(cases.begin(), cases.end(), same), cases.end());
  return cases;
}

bool is_named(const Case& each, std::string_view pattern) {
  if (fits_wildcard(pattern, each.name, '?') || fits_wildcard(pattern, each.folder.filename().string(), '?')) return true;
  for (std::size_t slash = each.name.find('/'); slash != std::string::npos; slash = each.name.find('/', slash + 1)) {
    if (fits_wildcard(pattern, std::string_view(each.name).substr(0, slash), '?')) return true;
  }
  return false;
}

Result<const mapping::Map*> map_of(const Case& each, const mapping::Library& library, const std::filesystem::path& home) {
  if (!each.map.empty()) {
    if (const mapping::Map* named = library.find(each.map)) return named;
    std::vector<std::string_view> known;
    for (const mapping::Map* map : library.maps()) known.insert(known.end(), {map->url(), map->name()});
    const std::string_view meant = nearest(each.map, known);
    return Failure{Cause::NotFound,
                   "No map that compiles has the name or url '" + each.map + "'" +
                       (meant.empty() ? "." : "; did you mean '" + std::string(meant) + "'?"),
                   (each.folder / "map").string()};
  }
  const fs::path whole = fs::absolute(each.folder).lexically_normal();
  for (fs::path above = whole.parent_path();; above = above.parent_path()) {
    const std::vector<const mapping::Map*> maps = maps_in(above, library, home);
    if (maps.size() == 1) return maps.front();
    if (maps.size() > 1) {
      return Failure{Cause::Invalid, "Several maps lie above this case; write the name of the right one into a file named 'map'.",
                     each.folder.string()};
    }
    if (above == above.root_path()) break;
  }
  return Failure{Cause::NotFound, "No map that compiles lies in a folder above this case.", each.folder.string()};
}

std::filesystem::path file_of(const mapping::Map& map) {
  const mapping::Program& program = map.program();
  return program.files.empty() ? fs::path() : fs::path(program.files.front().name);
}

Result<std::string> text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return Failure{Cause::NotFound, "The file cannot be read.", file.string()};
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

Result<void> write_text(const std::filesystem::path& file, std::string_view text) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(text.data(), static_cast<std::streamsize>(text.size()));
  stream.close();
  if (!stream) return Failure{Cause::Broken, "The file cannot be written.", file.string()};
  return done();
}

}  // namespace vardbron::workbench
