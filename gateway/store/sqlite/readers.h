#pragma once

// Tested by tests/system/store/queue_limits_test.cpp and tests/system/store/sqlite/disk_error_test.cpp.

#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace vardbron::store {

class ReadTables;

/// One reading call on its way: run() on a reader's thread, or fail() when the file cannot be read at all.
class ReadJob {
 public:
  virtual ~ReadJob() = default;
  virtual void run(ReadTables& tables) = 0;
  virtual void fail(Failure failure) = 0;
};

struct ReadConnection {
  ReadConnection(std::unique_ptr<Database> database, std::unique_ptr<ReadTables> tables);
  ReadConnection(ReadConnection&&) noexcept;
  ReadConnection& operator=(ReadConnection&&) = delete;
  ~ReadConnection();

  std::unique_ptr<Database> database;
  std::unique_ptr<ReadTables> tables;
};

/// One connection for each reading thread, and those that are lent.
struct ReadConnections {
  std::vector<ReadConnection> own, lent;
};

/// A few threads that read what takes long, each on its own connection, and connections that are lent to callers for what is
/// read in a moment. All connections can be given up and replaced while the threads go on.
class Readers {
 public:
  explicit Readers(ReadConnections connections);
  ~Readers();  ///< finishes what is queued
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// Nothing: the job was taken. Busy: it was not, and why.
  std::optional<Failure> put(std::unique_ptr<ReadJob>& job);
  void stop();

  /// Null when all are lent, or there are none just now. Any thread.
  ReadTables* lend();
  void take_back(ReadTables* tables);

  /// Waits until nobody reads, then closes all connections. What is asked for meanwhile waits for one of the two that follow.
  void close_all();
  void open_with(ReadConnections connections);
  /// There are no connections: whoever asks gets this answer, until open_with().
  void refuse_with(Failure failure);

 private:
  void loop(std::size_t number);
  void fail_queue(const Failure& failure);

  std::mutex guard_;
  std::condition_variable woken_, ended_;
  ReadConnections connections_;
  std::vector<ReadTables*> idle_;  ///< of the lent ones, who is not lent
  std::size_t busy_ = 0;           ///< threads that read just now
  bool is_open_ = true, is_stopping_ = false;
  std::optional<Failure> refusal_;
  std::deque<std::unique_ptr<ReadJob>> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace vardbron::store
