#pragma once

// Tested by tests/system/store/queue_limits_test.cpp and tests/system/store/sqlite/disk_error_test.cpp.

#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/read_queue.h"

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace vardbron::store {

struct ReadConnection {
  ReadConnection(std::unique_ptr<Database> database, std::unique_ptr<ReadTables> tables);
  ReadConnection(ReadConnection&&) noexcept;
  ReadConnection& operator=(ReadConnection&&) = delete;
  ~ReadConnection();

  std::unique_ptr<Database> database;
  std::unique_ptr<ReadTables> tables;
};

/// One connection for each reading thread, and those that callers borrow.
struct ReadConnections {
  std::vector<ReadConnection> own, lent;
};

/// A few threads for long reads, each with its own connection, and connections that callers borrow for short ones. All
/// connections can be closed and replaced while the threads go on.
class Readers {
 public:
  explicit Readers(ReadConnections connections);
  ~Readers();  ///< finishes the queued jobs
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// Nothing: the job was accepted. Busy: it was not, and why. `owner` is the organisation that asks; "" = the store itself.
  std::optional<Failure> put(std::unique_ptr<ReadJob>& job, std::string owner = {});
  void stop();

  /// Null if all are borrowed, or there are none at present. Any thread.
  ReadTables* lend();
  void take_back(ReadTables* tables);

  /// Waits until no connection is in use, then closes all. Jobs wait until one of the next two is called.
  void close_all();
  void open_with(ReadConnections connections);
  /// There are no connections: all jobs fail with this, until open_with().
  void refuse_with(Failure failure);

 private:
  void loop(std::size_t number);

  std::mutex guard_;
  std::condition_variable woken_, ended_;
  ReadConnections connections_;
  std::vector<ReadTables*> idle_;  ///< those that are not borrowed
  std::size_t busy_ = 0;           ///< threads that are reading
  bool is_open_ = true, is_stopping_ = false;
  std::optional<Failure> refusal_;
  ReadQueue queue_;
  std::vector<std::thread> threads_;
};

}  // namespace vardbron::store
