#pragma once

#include "gateway/store/sqlite/database.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace vardbron::store {

class ReadTables;

class ReadJob {
 public:
  virtual ~ReadJob() = default;
  virtual void run(ReadTables& tables) = 0;
};

/// A few threads that read, each on its own connection, so that no caller's thread waits for the disk.
class Readers {
 public:
  explicit Readers(std::vector<std::unique_ptr<Database>> connections);
  ~Readers();  ///< finishes what is queued
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// False: the queue is full, the job was not taken.
  bool put(std::unique_ptr<ReadJob>& job);
  void stop();

 private:
  void loop(Database& database);

  std::vector<std::unique_ptr<Database>> connections_;
  std::mutex guard_;
  std::condition_variable woken_;
  std::deque<std::unique_ptr<ReadJob>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace vardbron::store
