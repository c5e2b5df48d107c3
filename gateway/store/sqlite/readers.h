#pragma once

#include "gateway/store/sqlite/database.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace vardbron::store {

class ReadTables;

class ReadJob {
 public:
  virtual ~ReadJob() = default;
  virtual void run(ReadTables& tables) = 0;
};

/// A few threads that read what takes long, each on its own connection, and connections that are lent to callers for what is
/// read in a moment.
class Readers {
 public:
  Readers(std::vector<std::unique_ptr<Database>> connections, std::vector<std::unique_ptr<Database>> lent);
  ~Readers();  ///< finishes what is queued
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// Why a connection could not read what it needs before anything is asked of it; before the first job only.
  std::optional<Failure> failure() const;

  /// False: the queue is full, the job was not taken.
  bool put(std::unique_ptr<ReadJob>& job);
  void stop();

  /// Null when all are lent. Any thread.
  std::unique_ptr<ReadTables> lend();
  void take_back(std::unique_ptr<ReadTables> tables);

 private:
  void loop(ReadTables& tables);

  std::vector<std::unique_ptr<Database>> connections_, lent_connections_;
  std::vector<std::unique_ptr<ReadTables>> own_;  ///< on the threads' connections
  std::mutex lent_guard_;
  std::vector<std::unique_ptr<ReadTables>> idle_;  ///< on the lent connections
  std::mutex guard_;
  std::condition_variable woken_;
  std::deque<std::unique_ptr<ReadJob>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace vardbron::store
