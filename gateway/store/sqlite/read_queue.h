#pragma once

// Tested by tests/store/sqlite/read_queue_test.cpp.

#include "gateway/base/fair_shares.h"
#include "gateway/base/result.h"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::store {

class ReadTables;

/// One reading call: run() on a reader's thread, or fail() if the file cannot be read at all.
class ReadJob {
 public:
  virtual ~ReadJob() = default;
  virtual void run(ReadTables& tables) = 0;
  virtual void fail(Failure failure) = 0;
};

/// Reading calls that wait for a thread. Those of one owner are taken in their order, the owners take turns, and none has more
/// threads at one time than FairShares gives it: of two threads one, so that the other one is there for everybody else. The store
/// itself, owner "", has any. Not thread-safe.
class ReadQueue {
 public:
  explicit ReadQueue(std::size_t threads) : threads_(threads, threads) {}

  void put(std::string owner, std::unique_ptr<ReadJob> job);

  struct Taken {
    std::string owner;
    std::unique_ptr<ReadJob> job;
  };
  /// Nothing: none waits, or only those of owners that have as many threads as they may.
  std::optional<Taken> take();
  /// The job's thread is free again.
  void give_back(const std::string& owner);

  std::size_t size() const { return size_; }
  std::vector<std::unique_ptr<ReadJob>> take_all();

 private:
  bool take_thread(const std::string& owner);

  FairShares threads_;
  std::map<std::string, std::deque<std::unique_ptr<ReadJob>>> waiting_;  ///< no empty ones
  std::deque<std::string> turns_;                                        ///< the owners of waiting_
  std::size_t size_ = 0;
};

}  // namespace vardbron::store
