#pragma once

// Tested by tests/system/app/mistakes_test.cpp and tests/system/app/authoring_command_test.cpp.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

/// Commands for authors of maps: format, lint, roundtrip, generate, diff. Every command returns an exit code (print.h).
namespace vardbron::authoring {

struct FormatOptions {
  std::vector<std::string> files;  ///< maps, or folders of maps; "-" = standard input
  bool check = false;              ///< only list files that would change; Refused if any would
  bool write = false;              ///< change the files
};
int format(const FormatOptions& options);

struct LintOptions {
  std::vector<std::string> folders;  ///< or maps
  std::string level = "warning";     ///< lowest level that is printed
  bool json = false;
  bool strict = false;  ///< warnings are errors
  bool rules = false;   ///< only list the linter's rules
};
int lint(const LintOptions& options);

struct GenerateOptions {
  std::string model;
  std::filesystem::path mappings;  ///< folder of the models; "" = mappings
  std::string map;                 ///< use the codes of this map
  std::size_t count = 1;
  std::uint64_t seed = 1;
  std::string format = "json";
  std::filesystem::path out;  ///< a folder; "" = standard output
};
int generate(const GenerateOptions& options);

struct DiffOptions {
  std::string before, after;        ///< two maps
  std::vector<std::string> inputs;  ///< messages, or folders of them
  std::filesystem::path mappings;   ///< folder of imports and code lists
  std::size_t examples = 3;         ///< of each rule
};
int diff(const DiffOptions& options);

struct RoundtripOptions {
  std::string map;
  std::vector<std::string> samples;
  std::filesystem::path mappings;
  std::filesystem::path write;  ///< file for the inverse; "" = none
  std::size_t random = 50;      ///< generated messages
  std::uint64_t seed = 1;
};
int roundtrip(const RoundtripOptions& options);

/// These commands' part of the command line. It must outlive the parsing.
class Authoring {
 public:
  explicit Authoring(CLI::App& app);
  ~Authoring();
  /// The exit code, if one of these commands was given.
  std::optional<int> run(const CLI::App& app) const;

 private:
  struct Options;
  std::unique_ptr<Options> options_;
};

}  // namespace vardbron::authoring
