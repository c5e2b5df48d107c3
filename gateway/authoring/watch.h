#pragma once

#include <filesystem>
#include <map>
#include <vector>

namespace vardbron::authoring {

/// Looks for changed files below folders, a few times a second: by time and size, so that it works on every file system.
class Watch {
 public:
  explicit Watch(std::vector<std::filesystem::path> folders);

  /// Files that came, went or changed since the last look; empty when none did.
  std::vector<std::filesystem::path> look();
  /// Waits until there is a change, and until a moment has passed without another one.
  std::vector<std::filesystem::path> wait();

 private:
  struct Stamp {
    std::filesystem::file_time_type time;
    std::uintmax_t bytes = 0;
    bool operator==(const Stamp&) const = default;
  };
  using Stamps = std::map<std::filesystem::path, Stamp>;
  Stamps read() const;

  std::vector<std::filesystem::path> folders_;
  Stamps known_;
};

}  // namespace vardbron::authoring
