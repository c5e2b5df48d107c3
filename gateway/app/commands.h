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

struct BackupOptions {
  std::filesystem::path config;
  std::filesystem::path to;  ///< file, or a folder in which one is made
};
/// Copies the store, whether or not a gateway has it open, and verifies the copy.
int backup(const BackupOptions& options);

struct RestoreOptions {
  std::filesystem::path config;
  std::filesystem::path from;
  bool replace = false;  ///< a store that is there is moved aside
};
/// Puts a backup in the place of the store, while no gateway runs.
int restore(const RestoreOptions& options);

}  // namespace vardbron::app
