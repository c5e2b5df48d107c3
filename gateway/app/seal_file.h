#pragma once

#include "gateway/base/metrics.h"
#include "gateway/rest/health_watch.h"
#include "gateway/store/verify_report.h"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::app {

/// Keeps the store's seals outside of it: each is a line of the log, and of a file if one is named. Any thread.
class SealFile {
 public:
  SealFile(std::filesystem::path file, Metrics& metrics);  ///< "" = the log only

  /// The store was restored from a backup; to be called before the first line.
  void restored(const store::Restoration& restoration);

  /// Writes the line, synced. A line that cannot be written is logged and counted. Before the first one it checks whether the
  /// file has a later seal: then the store has lost its end, or an older copy was restored; or none, though the store had seals
  /// before: then the file was removed. Both are logged.
  void append(const std::string& line);

  /// For threads that must not wait for the disk: keeps the line until append_waiting(), in place of an older waiting one, which
  /// it supersedes. True: none waited, so append_waiting() is to be called, once.
  bool put(std::string line);
  void append_waiting();

  /// "seals" of /health: warns while the last line could not be written, when at this start or an earlier one the store was older
  /// than the file (until it is restored, or the file is moved away), and when the file was missing at this one. It names the
  /// last restoration.
  rest::Check check() const;

 private:
  void note_first(const std::string& line);
  void compare();

  const std::filesystem::path file_;
  Counter &written_, &failed_;
  Gauge& behind_;
  std::mutex appending_;
  bool is_compared_ = false;
  mutable std::mutex guard_;  // of the members below; not held during disk access
  std::optional<std::string> waiting_;
  std::int64_t first_ = 0;  ///< number of the first line; 0 = none yet
  std::int64_t last_written_ = 0, seals_behind_ = 0;
  bool is_begun_anew_ = false;
  std::vector<store::Restoration> restored_;
  std::string error_;  ///< why the last line is not in the file; "" = it is
};

}  // namespace vardbron::app
