#pragma once

#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/standing.h"
#include "gateway/store/store.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace vardbron::store {

class WriteTables;

/// One writing call on its way: run() on the writer's thread inside the group's transaction, then finish() once the group is on
/// the disk, or with the failure by which the whole group fell.
class WriteJob {
 public:
  virtual ~WriteJob() = default;
  virtual void run(WriteTables& tables) = 0;
  virtual void finish(const Failure* group_failure) = 0;
};

/// The one thread that writes. It commits at once when it is idle; what queues up while a group is being synced is the next
/// group.
class Writer {
 public:
  using Publish = std::function<void(const std::vector<SubscriptionState>& committed)>;

  /// All outlive the writer. `publish` is called on the writer's thread after a group is durable and before its calls are
  /// answered.
  Writer(Database& database, WriteTables& tables, Standing& standing, Publish publish);
  ~Writer();  ///< finishes what is queued
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// False: the queue is full, the job was not taken.
  bool put(std::unique_ptr<WriteJob>& job);
  /// Goes with the next group, or in a moment; the rows in the same transaction. False: too many rows wait already.
  bool put_advance(const std::string& subscription, std::int64_t number, std::vector<AuditRow> rows);
  void stop();

 private:
  using Group = std::vector<std::unique_ptr<WriteJob>>;
  /// How far deliveries have come, and what the access log says of them.
  struct Advances {
    std::map<std::string, std::int64_t> reached;
    std::vector<AuditRow> rows;
  };

  void loop();
  bool take(Group& group, Advances& advances);
  void commit(Group& group, Advances& advances);
  void put_back(Advances& advances);
  void tend_log();

  Database& database_;
  WriteTables& tables_;
  Standing& standing_;
  Publish publish_;
  std::mutex guard_;
  std::condition_variable woken_;
  std::deque<std::unique_ptr<WriteJob>> queue_;
  Advances advances_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace vardbron::store
