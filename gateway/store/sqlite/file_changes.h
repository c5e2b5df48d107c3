#pragma once

// Tested by tests/system/store/sqlite/live_copy_test.cpp.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <vector>

namespace vardbron::store {

/// The pages of a store's file that checkpoints write, for a copy of the file that is made meanwhile (live_copy.h). A checkpoint
/// that succeeds leaves the file as it was after some commit; between two of them the file does not change. Shared by all
/// connections of one process, which is the only one that writes the file. Any thread.
class FileChanges {
 public:
  /// Held during a checkpoint; it owns nothing while the file is held still: then there is no checkpoint now.
  std::shared_lock<std::shared_mutex> begin_checkpoint();
  void checkpoint_writes();        ///< from here to its end the file is of no one commit
  void checkpoint_succeeded();     ///< after checkpoint_writes()
  void wrote(std::int64_t page) {  ///< after it was written; pages are 1, 2, 3 ..
    if (is_followed_) add(page);
  }

  void follow();  ///< notes pages from now on
  void leave();
  /// The pages noted since follow() or the last call, each once, in order.
  std::vector<std::int64_t> take();
  /// Waits for the end of a running checkpoint; none begins while this is held.
  std::unique_lock<std::shared_mutex> hold_still();
  /// Whether the file is as it was after some commit, while it is held still: the last checkpoint did not fail.
  bool is_whole() const { return is_whole_; }

 private:
  void add(std::int64_t page);

  std::shared_mutex still_;
  std::atomic<bool> is_whole_{true}, is_followed_{false};
  std::mutex guard_;
  std::vector<bool> noted_;  ///< by page
};

}  // namespace vardbron::store
