#pragma once

// Tested by tests/system/store/queue_limits_test.cpp and tests/system/store/sqlite/disk_error_test.cpp.

#include "gateway/base/result.h"
#include "gateway/store/sqlite/connections.h"
#include "gateway/store/sqlite/disk_recovery.h"
#include "gateway/store/sqlite/log_copier.h"
#include "gateway/store/sqlite/log_policy.h"
#include "gateway/store/sqlite/standing.h"
#include "gateway/store/store.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace vardbron::store {

/// One writing call on its way: run() on the writer's thread inside the group's transaction, then finish() once the group is on
/// the disk, or with the failure by which the whole group fell. A group that met damage is run again one by one.
class WriteJob {
 public:
  virtual ~WriteJob() = default;
  virtual void run(WriteTables& tables) = 0;
  virtual void finish(const Failure* group_failure) = 0;
};

/// The one thread that writes. It commits at once when it is idle; what queues up while a group is being synced is the next
/// group. It ends the log when that has grown, and when the disk failed it opens the file anew.
class Writer {
 public:
  struct Hooks {
    /// After a group is durable and before its calls are answered.
    std::function<void(const SubscriptionChanges& changes)> committed;
    /// Every connection but the writer's own is to be closed now; afterwards one of the two that follow is called.
    std::function<void()> closing;
    /// The file was opened and read anew: these are all subscriptions as the disk has them. False: it cannot be read by others.
    std::function<Result<void>(const std::vector<SubscriptionState>& all)> reopened;
    std::function<void(const Failure& why)> not_reopened;
  };

  /// Connections and standing outlive the writer. The hooks are called on the writer's thread.
  Writer(Connections& connections, WritingSide side, LogPolicy policy, Standing& standing, Hooks hooks);
  ~Writer();  ///< finishes what is queued
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Nothing: the job was taken. Busy: it was not, and why.
  std::optional<Failure> put(std::unique_ptr<WriteJob>& job);
  /// Goes with the next group, or in a moment; the rows in the same transaction. False: too many rows wait already.
  bool put_advance(const std::string& subscription, std::int64_t number, std::vector<AuditRow> rows);
  /// Ends the thread and, when all is well, the log.
  void stop();
  void hand_out_seal();  ///< after stop()

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
  std::optional<Failure> commit_together(Group& group, const Advances& advances);
  void commit_each(Group& group);
  void put_back(Advances& advances);
  void tend_log();
  void start_copier();

  void break_off(const Failure& why);
  bool wait_to_retry();
  void try_again();
  void try_writing();
  void try_reopening();
  Result<void> reopen();

  Connections& connections_;
  WritingSide side_;
  LogPolicy policy_;
  Standing& standing_;
  Hooks hooks_;
  DiskRecovery recovery_;
  std::int64_t acknowledged_ = 0;  ///< newest journal number of a group that was on the disk
  std::unique_ptr<LogCopier> copier_;

  std::mutex guard_;
  std::condition_variable woken_;
  std::deque<std::unique_ptr<WriteJob>> queue_;
  Advances advances_;
  bool is_stopping_ = false;
  bool is_delayed_ = false;              ///< the last group fell: advances alone are no reason to try the disk at once
  std::optional<Failure> refusal_;       ///< while the disk is not trusted
  std::optional<Failure> copy_failure_;  ///< told by the copier
  std::thread thread_;                   // last: it uses all of the above
};

}  // namespace vardbron::store
