#include <cstdlib>
#include <string>

#include <CLI/CLI.hpp>

#include "gateway/app/commands.h"
#include "gateway/app/print.h"

namespace vardbron::app {
namespace {

// A token on the command line is seen by everybody on the machine; a file or the environment is not.
struct Token {
  std::string file;
};

void add_token(CLI::App& command, Token& token) {
  command.add_option("--token-file", token.file, "File whose first line is the token (or set VARDBRON_TOKEN)")->check(CLI::ExistingFile);
}

std::string read_token(const Token& token) {
  if (token.file.empty()) {
    const char* given = std::getenv("VARDBRON_TOKEN");
    return given ? given : "";
  }
  return CLI::detail::trim_copy(CLI::detail::read_whole(token.file));
}

}  // namespace
}  // namespace vardbron::app
