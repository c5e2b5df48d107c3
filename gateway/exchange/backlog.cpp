#include "gateway/exchange/backlog.h"

#include "gateway/base/hop.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"

#include <utility>

namespace vardbron::exchange {

Backlog::Backlog(store::Store& store, MessagePath& path, Clock& clock, asio::any_io_executor executor)
    : store_(store), path_(path), clock_(clock), executor_(std::move(executor)), bell_(executor_) {}

Task<> Backlog::run() {
  while (!stopping_) {
    Result<bool> idle = co_await work_off_some();
    if (!idle) {
      log::warning("the backlog waits", {{"because", idle.failure().says}});
      const Deadline until = clock_.in(limits::backlog_pause);
      co_await bell_.wait(clock_, until);
    } else if (*idle && !stopping_) {
      co_await bell_.wait();
    }
  }
}

// True when there was nothing left to do.
Task<Result<bool>> Backlog::work_off_some() {
  Result<std::vector<store::JournalEntry>> entries =
      co_await store_.journal_entries(store::Outcome::Pending, done_to_, limits::commit_group_changes_max);
  if (!entries) co_return std::move(entries).failure();
  for (store::JournalEntry& entry : *entries) {
    if (stopping_) co_return true;
    const std::int64_t number = entry.number;
    Result<Receipt> receipt = co_await path_.work_off(std::move(entry));
    if (!receipt) co_return std::move(receipt).failure();
    done_to_ = number;
  }
  co_return entries->empty();
}

void Backlog::wake() {
  post_to(executor_, [this] { bell_.ring(); });
}

void Backlog::stop() {
  post_to(executor_, [this] {
    stopping_ = true;
    bell_.ring();
  });
}

}  // namespace vardbron::exchange
