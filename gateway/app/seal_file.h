#pragma once

#include "gateway/base/metrics.h"

#include <filesystem>
#include <mutex>
#include <string>

namespace vardbron::app {

/// Where the store's seals are kept outside of it: each is a line of the log, and of a file when one is named. Any thread.
class SealFile {
 public:
  SealFile(std::filesystem::path file, Metrics& metrics);  ///< "" = the log only

  /// Writes the line, synced. What cannot be written is told, and counted. Before the first one it looks whether the file holds a
  /// later seal: then the store has lost its end, or an older copy was put back, and that is told.
  void append(const std::string& line);

 private:
  void compare(const std::string& line);

  const std::filesystem::path file_;
  Counter &written_, &failed_;
  Gauge& behind_;
  bool is_compared_ = false;
  std::mutex guard_;
};

}  // namespace vardbron::app
