#include "gateway/store/sqlite/writer.h"

#include "gateway/base/limits.h"
#include "gateway/base/reached.h"
#include "gateway/store/sqlite/write_tables.h"

#include <pthread.h>

#include <algorithm>
#include <iterator>

namespace vardbron::store {

namespace {

// How long an advance waits for a group to go with before it makes one of its own.
constexpr std::chrono::milliseconds advance_time_max{50};
// Log pages after which the log is copied into the file between two groups.
constexpr int log_pages_max = 4000;

Failure distrust() {
  return {Cause::Broken, "The disk failed while writing; the store only reads until it is started again.", ""};
}

}  // namespace

Writer::Writer(Database& database, WriteTables& tables, Standing& standing, Publish publish)
    : database_(database), tables_(tables), standing_(standing), publish_(std::move(publish)), thread_([this] { loop(); }) {}

Writer::~Writer() { stop(); }

void Writer::stop() {
  {
    std::lock_guard lock(guard_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Writer::put(std::unique_ptr<WriteJob>& job) {
  {
    std::lock_guard lock(guard_);
    if (queue_.size() >= limits::store_waiting_changes_max) return false;
    queue_.push_back(std::move(job));
  }
  woken_.notify_one();
  return true;
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
  if (is_first) woken_.notify_one();  // else the writer knows already that there are some
  return true;
}

void Writer::loop() {
  pthread_setname_np(pthread_self(), "store writer");
  Group group;
  Advances advances;
  while (take(group, advances)) {
    commit(group, advances);
    group.clear();
    advances = {};
    tend_log();
  }
}

bool Writer::take(Group& group, Advances& advances) {
  std::unique_lock lock(guard_);
  woken_.wait(lock, [this] { return stopping_ || !queue_.empty() || !advances_.reached.empty(); });
  if (queue_.empty() && !stopping_) woken_.wait_for(lock, advance_time_max, [this] { return stopping_ || !queue_.empty(); });
  std::size_t count = std::min(queue_.size(), limits::commit_group_changes_max);
  for (std::size_t at = 0; at < count; ++at) {
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  std::swap(advances, advances_);
  return !group.empty() || !advances.reached.empty();
}

void Writer::commit(Group& group, Advances& advances) {
  std::optional<Failure> failure;
  if (database_.health().disk_lied) {
    failure = distrust();
  } else {
    tables_.begin();
    for (const auto& [subscription, number] : advances.reached) {
      Result<void> advanced = tables_.advance(subscription, number);
      if (!advanced) continue;  // its row fell with a group before this one
    }
    if (!advances.rows.empty()) tables_.audit(advances.rows);
    for (std::unique_ptr<WriteJob>& job : group) job->run(tables_);
    Result<std::vector<SubscriptionState>> changed = tables_.end();
    if (changed) {
      standing_.committed();
      publish_(*changed);
    } else {
      failure = std::move(changed).failure();
      put_back(advances);
    }
  }
  if (failure) standing_.failed(failure->says);
  for (std::unique_ptr<WriteJob>& job : group) job->finish(failure ? &*failure : nullptr);
}

// Nobody waits for them, so nobody would bring them again. While the store ends there is no other time.
void Writer::put_back(Advances& advances) {
  REACHED("store: advances wait for another group");
  std::lock_guard lock(guard_);
  if (stopping_ || database_.health().disk_lied) return;
  for (const auto& [subscription, number] : advances.reached) {
    std::int64_t& reached = advances_.reached[subscription];
    reached = std::max(reached, number);
  }
  std::move(advances_.rows.begin(), advances_.rows.end(), std::back_inserter(advances.rows));
  advances_.rows = std::move(advances.rows);
}

void Writer::tend_log() {
  if (database_.log_pages() < log_pages_max || database_.health().disk_lied) return;
  database_.checkpoint();
  database_.take_failure();  // a log that cannot be copied now is still whole; the next commit meets the disk itself
}

}  // namespace vardbron::store
