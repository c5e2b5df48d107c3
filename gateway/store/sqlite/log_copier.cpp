#include "gateway/store/sqlite/log_copier.h"

#include "gateway/base/log.h"

#include <pthread.h>

#include <optional>
#include <utility>

namespace vardbron::store {

LogCopier::LogCopier(std::unique_ptr<Database> database, std::function<void(Failure)> failed)
    : database_(std::move(database)), failed_(std::move(failed)), thread_([this] { loop(); }) {}

LogCopier::~LogCopier() {
  {
    std::lock_guard lock(guard_);
    is_stopping_ = true;
  }
  woken_.notify_all();
  thread_.join();
}

void LogCopier::wake() {
  {
    std::lock_guard lock(guard_);
    is_wanted_ = true;
  }
  woken_.notify_one();
}

void LogCopier::loop() {
  pthread_setname_np(pthread_self(), "store log");
  while (true) {
    {
      std::unique_lock lock(guard_);
      woken_.wait(lock, [this] { return is_wanted_ || is_stopping_; });
      if (is_stopping_) return;
      is_wanted_ = false;
    }
    copy();
  }
}

void LogCopier::copy() {
  std::optional<Failure> failure;
  {
    std::lock_guard lock(copying_);
    database_->checkpoint(Database::Checkpoint::Beside);
    failure = database_->take_failure();
  }
  if (failure && !is_troubled_) log::warning("the store's log is not copied", {{"says", failure->says}});
  is_troubled_ = failure.has_value();
  if (failure && database_->health().trouble == Trouble::Failed) failed_(*std::move(failure));
}

}  // namespace vardbron::store
