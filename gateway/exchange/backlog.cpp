#include "gateway/exchange/backlog.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <utility>

namespace vardbron::exchange {

struct Backlog::State : std::enable_shared_from_this<State> {
  State(store::Store& to, MessagePath& by, Clock& with, asio::any_io_executor on)
      : store(to), path(by), clock(with), executor(std::move(on)), bell(executor, asio::steady_timer::time_point::max()) {}

  // True when there was nothing left to do.
  Task<Result<bool>> work_off_some();
  Task<> pause(Instant span);

  store::Store& store;
  MessagePath& path;
  Clock& clock;
  asio::any_io_executor executor;
  asio::steady_timer bell;
  std::int64_t done_to = 0;
  bool rung = false;
  bool stopping = false;
};

Task<Result<bool>> Backlog::State::work_off_some() {
  Result<std::vector<store::JournalEntry>> entries =
      co_await store.journal_entries(store::Outcome::Pending, done_to, limits::commit_group_changes_max);
  if (!entries) co_return std::move(entries).failure();
  for (store::JournalEntry& entry : *entries) {
    if (stopping) co_return true;
    const std::int64_t number = entry.number;
    Result<Receipt> receipt = co_await path.work_off(std::move(entry));
    if (!receipt) co_return std::move(receipt).failure();
    done_to = number;
  }
  co_return entries->empty();
}

// Ends early when the bell is rung for good.
Task<> Backlog::State::pause(Instant span) { co_await clock.sleep_until(clock.now() + span); }

Backlog::Backlog(store::Store& store, MessagePath& path, Clock& clock, asio::any_io_executor executor)
    : state_(std::make_shared<State>(store, path, clock, std::move(executor))) {}

Backlog::~Backlog() = default;

Task<> Backlog::run() {
  std::shared_ptr<State> state = state_;
  while (!state->stopping) {
    state->rung = false;
    Result<bool> idle = co_await state->work_off_some();
    if (!idle) {
      log::warning("the backlog waits", {{"because", idle.failure().says}});
      co_await state->pause(limits::backlog_pause);
      continue;
    }
    if (!*idle || state->rung || state->stopping) continue;
    boost::system::error_code ended;
    co_await state->bell.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  }
}

void Backlog::wake() {
  asio::post(state_->executor, [state = state_] {
    state->rung = true;
    state->bell.cancel();
  });
}

void Backlog::stop() {
  asio::post(state_->executor, [state = state_] {
    state->stopping = true;
    state->bell.cancel();
  });
}

Task<Result<Receipt>> Backlog::replay(std::int64_t number) {
  Result<store::JournalEntry> entry = co_await state_->store.journal_entry(number);
  if (!entry) co_return std::move(entry).failure();
  if (entry->outcome != store::Outcome::Quarantined) {
    co_return Failure{Cause::NotFound, "Entry " + std::to_string(number) + " is not in quarantine.", ""};
  }
  co_return co_await state_->path.work_off(std::move(*entry));
}

}  // namespace vardbron::exchange
