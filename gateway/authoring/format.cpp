// Tested by tests/system/app/authoring_command_test.cpp.

#include "gateway/authoring/authoring.h"
#include "gateway/mapping/syntax/parse.h"
#include "gateway/mapping/syntax/print.h"
#include "gateway/workbench/line_diff.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/map_texts.h"
#include "gateway/workspace/print.h"

#include <cstdio>
#include <utility>

namespace vardbron::authoring {

namespace {

namespace fs = std::filesystem;

/// The text in canonical layout. Broken: the result would not parse to the same map, a bug; nothing is written.
Result<std::string> formatted(const std::string& file, const std::string& text) {
  const std::size_t first = text.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  if (first != std::string::npos && (text[first] == '{' || text[first] == '<'))
    return Failure{
        Cause::Unsupported,
        "JSON and XML have no layout here; of a StructureMap `vardbron convert --to fml FILE` makes a text that has one.", file};
  Result<mapping::syntax::Map> map = mapping::parse(file, text);
  if (!map) return std::move(map).failure();
  std::string out = mapping::print(*map);
  Result<mapping::syntax::Map> again = mapping::parse(file, out);
  if (!again || !mapping::same(*map, *again))
    return Failure{Cause::Broken, "The map would say something else afterwards; it is left as it is.", file};
  return out;
}

int format_one(const fs::path& file, const FormatOptions& options, std::size_t& changes) {
  Result<std::string> text = workspace::read_file(file);
  if (!text) return workspace::print_failure(text.failure());
  Result<std::string> out = formatted(file.string(), *text);
  if (!out) return workspace::print_failure(out.failure());
  if (file == "-") {
    std::printf("%s", out->c_str());
    return workspace::Done;
  }
  if (*out == *text) return workspace::Done;
  ++changes;
  std::printf("%s\n", file.c_str());
  if (options.write) {
    Result<void> written = workspace::write_file(file, *out);
    if (!written) return workspace::print_failure(written.failure());
  } else if (!options.check) {
    std::printf("%s", workbench::line_diff(*text, *out).c_str());
  }
  return workspace::Done;
}

}  // namespace

int format(const FormatOptions& options) {
  int worst = workspace::Done;
  std::size_t changes = 0;
  const std::vector<fs::path> files = workspace::map_files(options.files);
  if (files.empty()) return workspace::print_failure({Cause::NotFound, workspace::no_map_in_folder, options.files.front()});
  for (const fs::path& file : files) worst = std::max(worst, format_one(file, options, changes));
  const char* what = options.write ? "changed" : "would change";
  if (files.size() != 1 || files[0] != "-") std::printf("%zu of %zu maps %s\n", changes, files.size(), what);
  return options.check && changes > 0 ? std::max<int>(worst, workspace::Refused) : worst;
}

}  // namespace vardbron::authoring
