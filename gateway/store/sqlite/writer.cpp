#include "gateway/store/sqlite/writer.h"

#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/store/sqlite/write_tables.h"

#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace vardbron::store {

namespace {

// How long an advance waits for a group before it makes one of its own; and when the last group failed.
constexpr std::chrono::milliseconds advance_time_max{50}, advance_delay{1000};

// How long the keys of changes wait for more changes.
constexpr std::chrono::milliseconds keys_time_max{20}, keys_delay{1000};

Failure too_much() { return {Cause::Busy, "The store has too much to do; try again later.", ""}; }

}  // namespace

void WritingKeys::run(WriteTables& tables) { tables.write_keys(); }

Writer::Writer(Connections& connections, WritingSide side, LogPolicy policy, Standing& standing, Hooks hooks)
    : connections_(connections), side_(std::move(side)), policy_(policy), standing_(standing), hooks_(std::move(hooks)) {
  acknowledged_ = side_.tables->last_journal_number();
  without_keys_ = side_.tables->changes_without_keys();
  start_copier();
  thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() { stop(); }

void Writer::stop() {
  {
    std::lock_guard lock(guard_);
    is_stopping_ = true;
  }
  woken_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  copier_.reset();
  if (!side_.database || recovery_.is_needed()) return;
  side_.database->checkpoint(Database::Checkpoint::Truncate, limits::store_log_wait_time_max);
  if (!side_.database->take_failure()) side_.database->keep_log_on_close(false);
}

void Writer::hand_out_seal() {
  if (side_.sealer) side_.sealer->hand_out();
}

void Writer::start_copier() {
  auto failed = [this](Failure failure) {
    {
      std::lock_guard lock(guard_);
      copy_failure_ = std::move(failure);
    }
    woken_.notify_one();
  };
  copier_ = std::make_unique<LogCopier>(std::move(side_.copying), std::move(failed));
}

std::optional<Failure> Writer::put(std::unique_ptr<WriteJob>& job) {
  {
    std::lock_guard lock(guard_);
    if (refusal_) return refusal_;
    if (queue_.size() >= limits::store_waiting_changes_max) return too_much();
    queue_.push_back(std::move(job));
  }
  woken_.notify_one();
  return std::nullopt;
}

bool Writer::put_advance(const std::string& subscription, std::int64_t number, std::vector<AuditRow> rows) {
  bool is_first = false;
  {
    std::lock_guard lock(guard_);
    if (advances_.rows.size() + rows.size() > limits::store_waiting_changes_max) return false;
    is_first = advances_.reached.empty();
    std::int64_t& reached = advances_.reached[subscription];
    reached = std::max(reached, number);
    std::move(rows.begin(), rows.end(), std::back_inserter(advances_.rows));
  }
  if (is_first) woken_.notify_one();  // else the writer is awake already
  return true;
}

void Writer::loop() {
  pthread_setname_np(pthread_self(), "store writer");
  Group group;
  Advances advances;
  while (true) {
    if (recovery_.is_needed()) {
      if (!wait_to_retry()) return;
      try_again();
      continue;
    }
    if (!take(group, advances)) return;
    if (!group.empty() || !advances.reached.empty()) commit(group, advances);
    group.clear();
    advances = {};
    if (!recovery_.is_needed()) tend_log();
  }
}

// False: there was none for a while, and keys wait to be written.
bool Writer::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto is_urgent = [this] { return is_stopping_ || !queue_.empty() || copy_failure_; };
  const auto is_any = [&] { return is_urgent() || !advances_.reached.empty(); };
  if (without_keys_ == 0) {
    woken_.wait(lock, is_any);
  } else if (!woken_.wait_for(lock, is_delayed_ ? keys_delay : keys_time_max, is_any)) {
    return false;
  }
  if (!is_urgent()) woken_.wait_for(lock, is_delayed_ ? advance_delay : advance_time_max, is_urgent);
  return true;
}

// False: the queue is empty, and the store ends.
bool Writer::take(Group& group, Advances& advances) {
  std::unique_lock lock(guard_);
  const bool are_many = without_keys_ >= limits::store_changes_without_keys_max && !is_delayed_;
  const bool writes_keys = are_many || !wait_for_work(lock);
  if (copy_failure_) {
    const Failure failure = *std::exchange(copy_failure_, std::nullopt);
    lock.unlock();
    break_off(failure);
    return true;
  }
  std::size_t count = std::min(queue_.size(), limits::commit_group_changes_max);
  for (std::size_t at = 0; at < count; ++at) {
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  std::swap(advances, advances_);
  const bool ends = group.empty() && advances.reached.empty() && !writes_keys;
  if (writes_keys || (ends && without_keys_ > 0 && !is_delayed_)) group.push_back(std::make_unique<WritingKeys>());
  return !group.empty() || !advances.reached.empty();
}

void Writer::commit(Group& group, Advances& advances) {
  std::optional<Failure> failure = commit_together(group, advances);
  is_delayed_ = failure.has_value();
  if (failure) put_back(advances);
  const Trouble trouble = side_.database->health().trouble;
  const bool is_distrusted = failure && (trouble == Trouble::Failed || trouble == Trouble::ReadOnly);
  // One of them met the damage; the others are run without it.
  const bool may_be_parted = failure && !is_distrusted && trouble != Trouble::Full && group.size() > 1;
  if (may_be_parted) return commit_each(group);
  if (is_distrusted) break_off(*failure);
  for (std::unique_ptr<WriteJob>& job : group) job->finish(failure ? &*failure : nullptr);
}

std::optional<Failure> Writer::commit_together(Group& group, const Advances& advances) {
  WriteTables& tables = *side_.tables;
  tables.begin();
  for (const auto& [subscription, number] : advances.reached) {
    Result<void> advanced = tables.advance(subscription, number);
    if (!advanced) continue;  // its row failed with an earlier group
  }
  if (!advances.rows.empty()) tables.audit(advances.rows);
  for (std::unique_ptr<WriteJob>& job : group) job->run(tables);
  Result<SubscriptionChanges> changed = tables.end();
  if (!changed) {
    standing_.failed(changed.failure().says);
    return std::move(changed).failure();
  }
  acknowledged_ = tables.last_journal_number();
  without_keys_ = tables.changes_without_keys();
  standing_.committed();
  hooks_.committed(*changed);
  return std::nullopt;
}

void Writer::commit_each(Group& group) {
  REACHED("store: a group is committed one by one");
  for (std::unique_ptr<WriteJob>& job : group) {
    Group alone;
    alone.push_back(std::move(job));
    Advances none;
    if (recovery_.is_needed()) {
      const Failure failure{Cause::Busy, standing_.now().says, ""};
      alone.front()->finish(&failure);
    } else {
      commit(alone, none);
    }
  }
}

// No caller waits for them, so they would not be repeated. While the store ends there is no later time.
void Writer::put_back(Advances& advances) {
  if (advances.reached.empty()) return;
  REACHED("store: advances wait for another group");
  std::lock_guard lock(guard_);
  if (is_stopping_) return;
  for (const auto& [subscription, number] : advances.reached) {
    std::int64_t& reached = advances_.reached[subscription];
    reached = std::max(reached, number);
  }
  std::move(advances_.rows.begin(), advances_.rows.end(), std::back_inserter(advances.rows));
  advances_.rows = std::move(advances.rows);
}

void Writer::tend_log() {
  Database& database = *side_.database;
  const LogPolicy::Step step = policy_.after_commit(database.log_bytes());
  if (step == LogPolicy::Step::Nothing) return;
  if (step == LogPolicy::Step::Copy) return copier_->wake();
  bool is_ended = false;
  {
    const auto held = copier_->hold();
    const bool waits = step == LogPolicy::Step::WaitToEnd;
    const auto time = waits ? limits::store_log_wait_time_max : limits::store_log_finish_time_max;
    is_ended = database.checkpoint(Database::Checkpoint::End, time);
    if (!is_ended && waits)
      log::warning("the store's log is read by somebody and cannot be ended", {{"bytes", database.log_bytes()}});
  }
  is_ended ? policy_.ended() : policy_.not_ended();
  if (std::optional<Failure> failure = database.take_failure()) {
    if (database.health().trouble == Trouble::Failed) break_off(*failure);
  }
}

// From now on all jobs are refused until the file has been opened again.
void Writer::break_off(const Failure& why) {
  REACHED("store: the disk is not trusted");
  if (!recovery_.is_needed()) log::error("the store writes nothing until its disk is well again", {{"says", why.says}});
  recovery_.disk_failed();
  standing_.failed(why.says);
  std::deque<std::unique_ptr<WriteJob>> refused;
  {
    std::lock_guard lock(guard_);
    refusal_ = Failure{Cause::Busy, why.says, ""};
    refused = std::exchange(queue_, {});
  }
  for (std::unique_ptr<WriteJob>& job : refused) job->finish(&*refusal_);
}

// False: the store ends.
bool Writer::wait_to_retry() {
  std::unique_lock lock(guard_);
  return !woken_.wait_for(lock, recovery_.pause(), [this] { return is_stopping_; });
}

void Writer::try_again() { recovery_.next() == DiskRecovery::Try::Write ? try_writing() : try_reopening(); }

void Writer::try_writing() {
  side_.tables->begin();
  side_.tables->vouch();
  const Result<SubscriptionChanges> ended = side_.tables->end();
  if (ended) return recovery_.wrote();
  standing_.failed(ended.failure().says);
  recovery_.not_wrote();
}

void Writer::try_reopening() {
  const Result<void> opened = reopen();
  if (!opened) {
    standing_.failed(opened.failure().says);
    hooks_.not_reopened(opened.failure());
    return recovery_.not_reopened();
  }
  REACHED("store: the disk is well again");
  recovery_.reopened();
  standing_.committed();
  log::info("the store's disk is well again");
  std::lock_guard lock(guard_);
  refusal_.reset();
  copy_failure_.reset();
}

// All connections are closed before the first is opened again: only then is the log read from its beginning.
Result<void> Writer::reopen() {
  hooks_.closing();
  copier_.reset();
  side_.close();
  Result<WritingSide> opened = connections_.open_writing();
  if (!opened) return std::move(opened).failure();
  side_ = std::move(*opened);
  if (side_.tables->last_journal_number() < acknowledged_) {
    return Failure{Cause::Busy, "The disk has lost journal entries that were acknowledged; an operator has to look at it.", ""};
  }
  side_.tables->begin();
  side_.tables->vouch();
  Result<SubscriptionChanges> ended = side_.tables->end();
  if (!ended) return std::move(ended).failure();
  policy_.ended();
  without_keys_ = side_.tables->changes_without_keys();
  start_copier();
  return hooks_.reopened(side_.tables->all_subscriptions());
}

}  // namespace vardbron::store
