#include "gateway/store/sqlite/readers.h"

#include "gateway/base/limits.h"
#include "gateway/store/sqlite/read_tables.h"

#include <pthread.h>

namespace vardbron::store {

Readers::Readers(std::vector<std::unique_ptr<Database>> connections) : connections_(std::move(connections)) {
  for (std::unique_ptr<Database>& connection : connections_) threads_.emplace_back([this, &connection] { loop(*connection); });
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

void Readers::loop(Database& database) {
  pthread_setname_np(pthread_self(), "store reader");
  ReadTables tables(database);
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
