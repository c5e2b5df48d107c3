#include "gateway/store/sqlite/readers.h"

#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/store/sqlite/read_tables.h"

#include <pthread.h>

#include <utility>

namespace vardbron::store {

ReadConnection::ReadConnection(std::unique_ptr<Database> connection, std::unique_ptr<ReadTables> on_it)
    : database(std::move(connection)), tables(std::move(on_it)) {}
ReadConnection::ReadConnection(ReadConnection&&) noexcept = default;
ReadConnection::~ReadConnection() = default;

Readers::Readers(ReadConnections connections) : queue_(connections.own.size()) {
  const std::size_t count = connections.own.size();
  open_with(std::move(connections));
  for (std::size_t number = 0; number < count; ++number) threads_.emplace_back([this, number] { loop(number); });
}

Readers::~Readers() { stop(); }

void Readers::stop() {
  {
    std::lock_guard lock(guard_);
    is_stopping_ = true;
  }
  woken_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::optional<Failure> Readers::put(std::unique_ptr<ReadJob>& job, std::string owner) {
  {
    std::lock_guard lock(guard_);
    if (refusal_) return refusal_;
    if (queue_.size() >= limits::store_waiting_reads_max) {
      return Failure{Cause::Busy, "The store has too much to read; try again later.", ""};
    }
    queue_.put(std::move(owner), std::move(job));
  }
  woken_.notify_one();
  return std::nullopt;
}

ReadTables* Readers::lend() {
  std::lock_guard lock(guard_);
  if (!is_open_ || idle_.empty()) return nullptr;
  ReadTables* tables = idle_.back();
  idle_.pop_back();
  return tables;
}

void Readers::take_back(ReadTables* tables) {
  {
    std::lock_guard lock(guard_);
    idle_.push_back(tables);
  }
  ended_.notify_all();
}

void Readers::close_all() {
  ReadConnections closed;
  std::unique_lock lock(guard_);
  is_open_ = false;
  ended_.wait(lock, [this] { return busy_ == 0 && idle_.size() == connections_.lent.size(); });
  idle_.clear();
  closed = std::exchange(connections_, {});
}

void Readers::open_with(ReadConnections connections) {
  {
    std::lock_guard lock(guard_);
    CHECK(!connections.own.empty());
    connections_ = std::move(connections);
    idle_.clear();
    for (ReadConnection& each : connections_.lent) idle_.push_back(each.tables.get());
    refusal_.reset();
    is_open_ = true;
  }
  woken_.notify_all();
}

void Readers::refuse_with(Failure failure) {
  std::vector<std::unique_ptr<ReadJob>> refused;
  {
    std::lock_guard lock(guard_);
    refusal_ = failure;
    refused = queue_.take_all();
  }
  for (std::unique_ptr<ReadJob>& job : refused) job->fail(failure);
}

void Readers::loop(std::size_t number) {
  pthread_setname_np(pthread_self(), "store reader");
  std::unique_lock lock(guard_);
  while (true) {
    std::optional<ReadQueue::Taken> next;
    woken_.wait(lock, [&] {
      if (is_open_) next = queue_.take();
      return next || (is_stopping_ && (!is_open_ || queue_.size() == 0));
    });
    if (!next) break;
    ReadTables& tables = *connections_.own[number].tables;
    ++busy_;
    lock.unlock();
    next->job->run(tables);
    next->job.reset();
    lock.lock();
    --busy_;
    queue_.give_back(next->owner);
    ended_.notify_all();
    if (is_stopping_ || queue_.size() > 0) woken_.notify_all();
  }
}

}  // namespace vardbron::store
