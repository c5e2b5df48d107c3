#pragma once

#include <filesystem>
#include <vector>

/// The commands for operators of a gateway. Every command returns an exit code (workspace/print.h).
namespace vardbron::app {

struct ServeOptions {
  std::filesystem::path config;
};
int serve(const ServeOptions& options);

struct CheckOptions {
  std::filesystem::path config;
};
/// Reads the configuration and everything it names without starting anything.
int check(const CheckOptions& options);

struct VerifyOptions {
  std::filesystem::path config;
  std::vector<std::filesystem::path> seals;  ///< files with exported seals; none = the one that the configuration names
  bool json = false;
  bool seal_anew = false;  ///< instead: seals the store as it is
};
/// Verifies everything in a store that no gateway has open.
int verify(const VerifyOptions& options);

}  // namespace vardbron::app
