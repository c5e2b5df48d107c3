#pragma once

// Tested by tests/system/store/sqlite/backup_test.cpp.

#include "gateway/base/result.h"
#include "gateway/store/sqlite/connections.h"
#include "gateway/store/sqlite/live_copy.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace vardbron::store {

/// A file descriptor that is closed with it; -1 = none.
class Handle {
 public:
  explicit Handle(int number = -1) : number_(number) {}
  Handle(Handle&& other) noexcept;
  Handle& operator=(Handle&& other) noexcept;
  ~Handle();
  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

/// Gives copies of an open store to processes of the same user (or root) on the same machine, one at a time: through a socket of
/// Linux's abstract namespace, named after the store's directory (device and inode), so that there is no file to be left over.
/// On a thread of its own.
class BackupSocket {
 public:
  /// Is asked before each copy, on the thread: notes it in the access log. A failure refuses the copy.
  using Note = std::function<Result<void>(std::string says)>;

  /// Both outlive it. If it cannot listen that is logged, and there are no copies while the store is open.
  BackupSocket(const Connections& connections, const std::filesystem::path& directory, Note note);
  ~BackupSocket();
  BackupSocket(const BackupSocket&) = delete;
  BackupSocket& operator=(const BackupSocket&) = delete;

  void start();      ///< begins to listen
  void break_off();  ///< ends a running copy and waits for its end; there are no others until allow()
  void allow();
  void stop();

 private:
  void loop();
  void serve(const Handle& caller);
  Result<void> copy(const Handle& caller);

  const Connections& connections_;
  const Note note_;
  const std::filesystem::path directory_;
  Handle listening_, waking_;
  std::mutex guard_;
  std::mutex copying_;  ///< held while connections are open
  int caller_ = -1;     ///< that is served
  std::atomic<bool> stopping_{false}, breaking_off_{false};
  std::thread thread_;
};

/// Asks the process that has a store open for a copy. NotFound: none answers. Cancelled, or its own cause: the copy did not come
/// to its end.
Result<void> receive_copy(const std::filesystem::path& directory, PageSink& sink);

}  // namespace vardbron::store
