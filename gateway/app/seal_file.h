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

  /// Writes the line, synced. What cannot be written is told, and counted.
  void append(const std::string& line);

 private:
  const std::filesystem::path file_;
  Counter &written_, &failed_;
  std::mutex guard_;
};

}  // namespace vardbron::app
