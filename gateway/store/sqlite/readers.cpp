#include "gateway/store/sqlite/readers.h"

#include "gateway/base/limits.h"
#include "gateway/store/sqlite/read_tables.h"

#include <pthread.h>

namespace vardbron::store {

Readers::Readers(std::vector<std::unique_ptr<Database>> connections, std::vector<std::unique_ptr<Database>> lent)
    : connections_(std::move(connections)), lent_connections_(std::move(lent)) {
  for (std::unique_ptr<Database>& connection : lent_connections_) idle_.push_back(std::make_unique<ReadTables>(*connection));
  for (std::unique_ptr<Database>& connection : connections_) own_.push_back(std::make_unique<ReadTables>(*connection));
  for (std::unique_ptr<ReadTables>& tables : own_) threads_.emplace_back([this, &tables] { loop(*tables); });
}

std::optional<Failure> Readers::failure() const {
  for (const auto* all : {&connections_, &lent_connections_}) {
    for (const std::unique_ptr<Database>& each : *all) {
      if (each->health().failure) return each->health().failure;
    }
  }
  return std::nullopt;
}

Readers::~Readers() { stop(); }

void Readers::stop() {
  {
    std::lock_guard lock(guard_);
    stopping_ = true;
  }
  woken_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

bool Readers::put(std::unique_ptr<ReadJob>& job) {
  {
    std::lock_guard lock(guard_);
    if (queue_.size() >= limits::store_waiting_reads_max) return false;
    queue_.push_back(std::move(job));
  }
  woken_.notify_one();
  return true;
}

std::unique_ptr<ReadTables> Readers::lend() {
  std::lock_guard lock(lent_guard_);
  if (idle_.empty()) return nullptr;
  std::unique_ptr<ReadTables> tables = std::move(idle_.back());
  idle_.pop_back();
  return tables;
}

void Readers::take_back(std::unique_ptr<ReadTables> tables) {
  std::lock_guard lock(lent_guard_);
  idle_.push_back(std::move(tables));
}

void Readers::loop(ReadTables& tables) {
  pthread_setname_np(pthread_self(), "store reader");
  while (true) {
    std::unique_ptr<ReadJob> job;
    {
      std::unique_lock lock(guard_);
      woken_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      job = std::move(queue_.front());
      queue_.pop_front();
    }
    job->run(tables);
  }
}

}  // namespace vardbron::store
