#include "gateway/store/sqlite/vouching.h"

#include "gateway/base/limits.h"
#include "gateway/store/sqlite/read_tables.h"
#include "gateway/store/sqlite/write_tables.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace vardbron::store {

namespace {

constexpr Instant look_pause_first = std::chrono::milliseconds(1), look_pause_max = std::chrono::milliseconds(50);

std::int64_t size_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

std::optional<std::int64_t> free_bytes_beside(const std::filesystem::path& file) {
  struct statvfs disk {};
  if (::statvfs(file.parent_path().c_str(), &disk) != 0) return std::nullopt;
  return static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
}

}  // namespace

class Vouching::Write final : public WriteJob {
 public:
  explicit Write(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  void run(WriteTables& tables) override { tables.vouch(); }
  void finish(const Failure*) override {
    std::lock_guard lock(shared_->guard);
    shared_->is_written = true;
  }

 private:
  std::shared_ptr<Shared> shared_;
};

class Vouching::Count final : public ReadJob {
 public:
  Count(std::shared_ptr<Shared> shared, std::vector<WaitingEvent> waiting)
      : shared_(std::move(shared)), waiting_(std::move(waiting)) {}
  void run(ReadTables& tables) override {
    Counts counts;
    tables.begin();
    counts.pending = tables.journal().count(Outcome::Pending);
    counts.quarantined = tables.journal().count(Outcome::Quarantined);
    for (const WaitingEvent& event : waiting_) {
      const std::optional<WallTime> at = tables.events().came(event.subscription, event.number);
      if (tables.snapshot().is_due()) tables.snapshot().renew();
      if (at && (!counts.oldest_undelivered || *at < *counts.oldest_undelivered)) counts.oldest_undelivered = at;
    }
    const Result<void> ended = tables.end();
    std::lock_guard lock(shared_->guard);
    if (ended) shared_->counts = counts;
    shared_->is_counted = true;
  }
  void fail(Failure) override {
    std::lock_guard lock(shared_->guard);
    shared_->is_counted = true;
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::vector<WaitingEvent> waiting_;
};

Task<Result<StoreCondition>> Vouching::ask(Writer& writer, Readers& readers, std::vector<WaitingEvent> waiting) {
  const Instant asked = clock_.now();
  const Deadline until = clock_.in(limits::store_vouch_time_max);
  ask_for_write(writer);
  ask_for_counts(readers, std::move(waiting));
  Instant pause = look_pause_first;
  while (!clock_.passed(until)) {
    {
      std::lock_guard lock(shared_->guard);
      if (shared_->is_written && shared_->is_counted) break;
    }
    const bool slept = co_await clock_.sleep_until(clock_.now() + pause);
    if (!slept) break;
    pause = std::min(2 * pause, look_pause_max);
  }
  co_return tell(asked);
}

void Vouching::ask_for_write(Writer& writer) {
  const std::optional<Instant> last = standing_.now().last_commit;
  if (last && clock_.now() - *last <= limits::store_vouched_age_max) return;
  {
    std::lock_guard lock(shared_->guard);
    if (!shared_->is_written) return;
    shared_->is_written = false;
  }
  std::unique_ptr<WriteJob> job = std::make_unique<Write>(shared_);
  if (writer.put(job)) job->finish(nullptr);  // refused; the reason is in the standing
}

void Vouching::ask_for_counts(Readers& readers, std::vector<WaitingEvent> waiting) {
  {
    std::lock_guard lock(shared_->guard);
    if (!shared_->is_counted) return;
    shared_->is_counted = false;
  }
  std::unique_ptr<ReadJob> job = std::make_unique<Count>(shared_, std::move(waiting));
  if (std::optional<Failure> refusal = readers.put(job)) job->fail(*std::move(refusal));
}

StoreCondition Vouching::tell(Instant asked) const {
  const Standing::Now now = standing_.now();
  StoreCondition condition;
  condition.is_writing = now.says.empty() && now.last_commit && *now.last_commit >= asked - limits::store_vouched_age_max;
  if (!condition.is_writing) condition.says = now.says.empty() ? "The disk has not answered a write in time." : now.says;
  condition.failing_since = now.failing_since;
  condition.last_commit = now.last_commit_at;
  condition.database_bytes = size_of(file_);
  condition.log_bytes = size_of(file_.string() + "-wal");
  condition.free_bytes = free_bytes_beside(file_);
  std::lock_guard lock(shared_->guard);
  condition.pending = shared_->counts.pending;
  condition.quarantined = shared_->counts.quarantined;
  condition.oldest_undelivered = shared_->counts.oldest_undelivered;
  return condition;
}

}  // namespace vardbron::store
