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
#include <cstddef>
#include <cstdint>
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

/// One writing call: run() on the writer's thread inside the group's transaction, then finish() once the group is on the disk, or
/// with the failure of the whole group. The jobs of a group that met damage are run again one by one.
class WriteJob {
 public:
  virtual ~WriteJob() = default;
  virtual void run(WriteTables& tables) = 0;
  virtual void finish(const Failure* group_failure) = 0;
};

/// Writes the keys of all changes before it.
class WritingKeys : public WriteJob {
 public:
  void run(WriteTables& tables) override;
  void finish(const Failure*) override {}
};

/// The one thread that writes. It commits at once when it is idle; jobs that arrive while a group is being synced are the next
/// group. The keys of changes are written when there are many, when it is idle, or when somebody asks for it. It ends the log
/// when that has grown, and opens the file again after a disk failure.
class Writer {
 public:
  struct Hooks {
    /// After a group is durable and before its calls are answered.
    std::function<void(const SubscriptionChanges& changes)> committed;
    /// Every connection but the writer's own must be closed now; then one of the next two is called.
    std::function<void()> closing;
    /// The file was opened and read again: these are all subscriptions as on the disk. False: it cannot be read by others.
    std::function<Result<void>(const SubscriptionChanges& all)> reopened;
    std::function<void(const Failure& why)> not_reopened;
  };

  /// Connections and standing outlive the writer. The hooks are called on the writer's thread.
  Writer(Connections& connections, WritingSide side, LogPolicy policy, Standing& standing, Hooks hooks);
  ~Writer();  ///< finishes the queued jobs
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Nothing: the job was accepted. Busy: it was not, and why.
  std::optional<Failure> put(std::unique_ptr<WriteJob>& job);
  /// Committed with the next group, or shortly; the rows in the same transaction. False: too many rows wait already.
  bool put_advance(const std::string& subscription, std::int64_t number, std::vector<AuditRow> rows);
  /// Changes that are on the disk and whose keys are not: no search finds what they wrote. Any thread.
  std::size_t changes_without_keys() const { return without_keys_; }
  /// Ends the thread and, without a failure, the log.
  void stop();
  void hand_out_seal();  ///< after stop()

 private:
  using Group = std::vector<std::unique_ptr<WriteJob>>;
  /// The progress of deliveries, and their rows of the access log.
  struct Advances {
    std::map<std::string, std::int64_t> reached;
    std::vector<AuditRow> rows;
  };

  void loop();
  bool take(Group& group, Advances& advances);
  bool wait_for_work(std::unique_lock<std::mutex>& lock);
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
  std::atomic<std::size_t> without_keys_ = 0;
  std::int64_t acknowledged_ = 0;  ///< newest journal number of a group on the disk
  std::unique_ptr<LogCopier> copier_;

  std::mutex guard_;
  std::condition_variable woken_;
  std::deque<std::unique_ptr<WriteJob>> queue_;
  Advances advances_;
  bool is_stopping_ = false;
  bool is_delayed_ = false;              ///< the last group failed: advances alone are no reason to try the disk at once
  std::optional<Failure> refusal_;       ///< while the disk is failing
  std::optional<Failure> copy_failure_;  ///< reported by the copier
  std::thread thread_;                   // last: it uses the others
};

}  // namespace vardbron::store
