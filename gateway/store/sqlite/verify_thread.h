#pragma once

// Tested by tests/system/store/sqlite/seal_lines_test.cpp and tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/store/sqlite/connections.h"
#include "gateway/store/verify_report.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace vardbron::store {

/// Verifies a store while others read and write it: on a thread and a connection of its own, one verification at a time.
class VerifyThread {
 public:
  using Done = std::function<void(Result<VerifyReport> report)>;

  VerifyThread(const Connections& connections, const Clock& clock);  ///< both outlive it
  ~VerifyThread();                                                   ///< cancels a running verification
  VerifyThread(const VerifyThread&) = delete;
  VerifyThread& operator=(const VerifyThread&) = delete;

  /// False: one is running, and `done` is not called. Else it is called, on the thread.
  bool start(Done done);
  void break_off();  ///< cancels a running one; another may be started
  void stop();

 private:
  Result<VerifyReport> verify();

  const Connections& connections_;
  const Clock& clock_;
  std::mutex guard_;
  std::atomic<bool> stopping_{false}, running_{false};
  std::thread thread_;
};

}  // namespace vardbron::store
