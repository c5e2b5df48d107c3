// Tested by tests/system/app/authoring_command_test.cpp.

#include "gateway/authoring/authoring.h"
#include "gateway/base/counted.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/composer.h"
#include "gateway/workbench/lint.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/map_texts.h"
#include "gateway/workspace/print.h"
#include "gateway/workspace/suggestions.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

namespace vardbron::authoring {

namespace {

namespace fs = std::filesystem;

void print_rules() {
  for (const workbench::LintRule& rule : workbench::lint_rules())
    std::printf("%-8s %-22.*s %.*s\n", std::string(workbench::to_string(rule.level)).c_str(), static_cast<int>(rule.id.size()),
                rule.id.data(), static_cast<int>(rule.says.size()), rule.says.data());
}

void print_json(const workbench::Lint& lint) {
  json::Composer json;
  json.begin_object().text("level", workbench::to_string(lint.level)).text("rule", lint.rule).text("file", lint.file);
  json.number("line", lint.position.line).number("column", lint.position.column).text("says", lint.says).end_object();
  workspace::print_result(json.finish() + "\n");
}

void print_line(const workbench::Lint& lint) {
  std::printf("%s:%u:%u: %s: %s [%s]\n", lint.file.c_str(), lint.position.line, lint.position.column,
              std::string(workbench::to_string(lint.level)).c_str(), visible(lint.says).c_str(), lint.rule.c_str());
}

/// Folders to load maps and models from: those given, and those of the maps given.
std::vector<fs::path> folders_of(const std::vector<std::string>& paths) {
  std::vector<fs::path> out;
  for (const std::string& path : paths) {
    std::error_code error;
    fs::path folder = fs::is_directory(path, error) ? fs::path(path) : fs::path(path).parent_path();
    if (folder.empty()) folder = ".";
    if (std::find(out.begin(), out.end(), folder) == out.end()) out.push_back(folder);
  }
  return out;
}

bool is_at(const std::string& file, const std::set<std::string>& files) { return files.empty() || files.count(file) > 0; }

}  // namespace

int lint(const LintOptions& options) {
  if (options.rules) {
    print_rules();
    return workspace::Done;
  }
  std::vector<std::string> paths = options.folders;
  if (paths.empty()) paths.emplace_back("mappings");
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error)) return workspace::print_failure(workspace::unreadable(path));
  }
  if (workspace::map_files(paths).empty())
    return workspace::print_failure({Cause::NotFound, workspace::no_map_in_folder, paths.front()});
  Result<workspace::LoadedMaps> loaded = workspace::load_maps({}, folders_of(paths));
  if (!loaded) return workspace::print_failure(loaded.failure());
  const workspace::MapTexts texts = workspace::read_map_texts(paths, loaded->workspace->library.definitions());
  int unread = workspace::Done;
  for (const Failure& failure : texts.failures) {  // files that load_maps does not read, such as a text without .fml
    const auto is_it = [&failure](const Failure& each) { return each.where == failure.where; };
    if (std::none_of(loaded->failures.begin(), loaded->failures.end(), is_it)) unread = workspace::print_failure(failure);
  }
  std::set<std::string> files;
  for (const fs::path& file : workspace::map_files(paths)) files.insert(file.string());
  const std::vector<const mapping::syntax::Map*> maps = texts.pointers();
  const std::vector<const mapping::Map*> compiled = loaded->workspace->library.maps();
  const std::vector<workbench::Lint> found =
      workbench::lint({maps, loaded->workspace->library.definitions(), compiled, loaded->failures});
  std::array<std::size_t, 3> counts{};
  const std::size_t least = options.level == "note" ? 0 : options.level == "warning" ? 1 : 2;
  for (const workbench::Lint& lint : found) {
    const std::size_t level = static_cast<std::size_t>(lint.level);
    if (lint.level != workbench::LintLevel::Error && !is_at(lint.file, files)) continue;
    ++counts[level];
    if (level >= least) options.json ? print_json(lint) : print_line(lint);
  }
  if (!options.json)
    std::printf("%s: %s, %s, %s%s\n", counted(maps.size(), "map").c_str(), counted(counts[2], "error").c_str(),
                counted(counts[1], "warning").c_str(), counted(counts[0], "note").c_str(),
                least > 0 && counts[0] > 0 ? " (--level note shows them)" : "");
  return counts[2] > 0 || (options.strict && counts[1] > 0) ? workspace::Refused : unread;
}

}  // namespace vardbron::authoring
