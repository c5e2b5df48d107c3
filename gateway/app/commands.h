#pragma once

#include <filesystem>
#include <vector>

/// What whoever runs a gateway calls. Every command returns an exit code (workspace/print.h).
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
  std::vector<std::filesystem::path>
      seals;  ///< files with seals that were handed outside; none = the one the configuration names
  bool json = false;
  bool seal_anew = false;  ///< instead: seals the store as it stands
};
/// Looks at everything in a store that no gateway has open: is it what was stored?
int verify(const VerifyOptions& options);

}  // namespace vardbron::app
