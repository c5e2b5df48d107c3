#pragma once

#include <filesystem>
#include <map>
#include <vector>

namespace vardbron::authoring {

/// Polls folders for changed files a few times a second, by time and size, which works on every file system.
class Watch {
 public:
  explicit Watch(std::vector<std::filesystem::path> folders);

  /// Files created, deleted or changed since the last call.
  std::vector<std::filesystem::path> look();
  /// Waits for a change, and then until none follows for a moment.
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
