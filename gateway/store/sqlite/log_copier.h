#pragma once

// Tested by tests/system/store/sqlite/log_test.cpp and tests/system/store/sqlite/log_sums_test.cpp.

#include "gateway/store/sqlite/database.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace vardbron::store {

/// Copies the log into the file while commits go on, on a connection and a thread of its own.
class LogCopier {
 public:
  /// `failed` is called on the copier's thread when the disk failed (Trouble::Failed); what it uses outlives this. A full disk is
  /// only logged: the write-ahead log stays whole, and is copied when there is room.
  LogCopier(std::unique_ptr<Database> database, std::function<void(Failure)> failed);
  ~LogCopier();  ///< waits for a running copy
  LogCopier(const LogCopier&) = delete;
  LogCopier& operator=(const LogCopier&) = delete;

  void wake();  ///< There is something to copy. Any thread.
  /// While it is held nothing is copied, so that the log can be ended. Waits for a running copy.
  std::unique_lock<std::mutex> hold() { return std::unique_lock(copying_); }

 private:
  void loop();
  void copy();

  std::unique_ptr<Database> database_;
  std::function<void(Failure)> failed_;
  std::mutex guard_, copying_;
  std::condition_variable woken_;
  bool is_wanted_ = false, is_stopping_ = false;
  bool is_troubled_ = false;  ///< and that was logged; on the copier's thread
  std::thread thread_;        // last: it uses the others
};

}  // namespace vardbron::store
