#include "gateway/store/sqlite/writer.h"

#include "gateway/base/limits.h"
#include "gateway/store/sqlite/write_tables.h"

#include <pthread.h>

#include <algorithm>

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

Writer::Writer(Database& database, WriteTables& tables, Publish publish)
    : database_(database), tables_(tables), publish_(std::move(publish)), thread_([this] { loop(); }) {}

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

void Writer::put_advance(const std::string& subscription, std::int64_t number) {
  {
    std::lock_guard lock(guard_);
    std::int64_t& reached = advances_[subscription];
    reached = std::max(reached, number);
    if (advances_.size() > 1) return;  // the writer knows already that there are some
  }
  woken_.notify_one();
}

void Writer::loop() {
  pthread_setname_np(pthread_self(), "store writer");
  Group group;
  std::map<std::string, std::int64_t> advances;
  while (take(group, advances)) {
    commit(group, advances);
    group.clear();
    advances.clear();
    tend_log();
  }
}

bool Writer::take(Group& group, std::map<std::string, std::int64_t>& advances) {
  std::unique_lock lock(guard_);
  woken_.wait(lock, [this] { return stopping_ || !queue_.empty() || !advances_.empty(); });
  if (queue_.empty() && !stopping_) woken_.wait_for(lock, advance_time_max, [this] { return stopping_ || !queue_.empty(); });
  std::size_t count = std::min(queue_.size(), limits::commit_group_changes_max);
  for (std::size_t at = 0; at < count; ++at) {
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  advances.swap(advances_);
  return !group.empty() || !advances.empty();
}

void Writer::commit(Group& group, const std::map<std::string, std::int64_t>& advances) {
  std::optional<Failure> failure;
  if (database_.health().disk_lied) {
    failure = distrust();
  } else {
    tables_.begin();
    for (const auto& [subscription, number] : advances) {
      Result<void> advanced = tables_.advance(subscription, number);
      if (!advanced) continue;  // its row fell with a group before this one
    }
    for (std::unique_ptr<WriteJob>& job : group) job->run(tables_);
    Result<std::vector<SubscriptionState>> changed = tables_.end();
    if (changed) {
      publish_(*changed);
    } else {
      failure = std::move(changed).failure();
    }
  }
  for (std::unique_ptr<WriteJob>& job : group) job->finish(failure ? &*failure : nullptr);
}

void Writer::tend_log() {
  if (database_.log_pages() < log_pages_max || database_.health().disk_lied) return;
  database_.checkpoint();
  database_.take_failure();  // a log that cannot be copied now is still whole; the next commit meets the disk itself
}

}  // namespace vardbron::store
