#include "gateway/exchange/case_clock.h"

#include "gateway/base/hop.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace vardbron::exchange {

CaseClock::CaseClock(store::Store& store, MessagePath& path, Clock& clock, asio::any_io_executor executor)
    : store_(store), path_(path), clock_(clock), executor_(std::move(executor)), bell_(executor_) {}

Task<> CaseClock::run() {
  while (!stopping_) {
    // What is expected while the store is asked must not be slept over: until we know better, the next look is at once.
    next_look_ = WallTime::max();
    Result<void> looked = co_await work_off_due();
    if (!looked) log::warning("the clock of the cases waits", {{"because", looked.failure().says}});
    if (stopping_) break;
    const WallTime now = clock_.wall();
    const WallTime next = std::clamp(next_look_.load(), now, now + limits::due_cases_look_pause_max);
    next_look_ = next;
    const Deadline until = clock_.in(next - now);
    co_await bell_.wait(clock_, until);
  }
}

// Every due case once, in order of time. One that fails does not stop the others: it stays due.
Task<Result<void>> CaseClock::work_off_due() {
  store::CaseDue last;
  while (!stopping_) {
    Result<std::vector<store::CaseDue>> due = co_await store_.cases_due(last, limits::due_cases_per_look_max);
    if (!due) co_return std::move(due).failure();
    for (store::CaseDue& each : *due) {
      if (stopping_) co_return done();
      if (each.at > clock_.wall()) {
        next_look_ = std::min(next_look_.load(), each.at);
        co_return done();
      }
      Result<bool> passed = co_await path_.let_time_pass(each.case_key);
      if (!passed) log::warning("a case that is due could not be worked out", {{"because", passed.failure().says}});
      last = std::move(each);
    }
    if (due->size() < limits::due_cases_per_look_max) break;
  }
  co_return done();
}

void CaseClock::expect(WallTime at) {
  WallTime next = next_look_.load();
  while (at < next)
    if (next_look_.compare_exchange_weak(next, at)) return ring();
}

void CaseClock::ring() {
  post_to(executor_, [this] { bell_.ring(); });
}

void CaseClock::stop() {
  post_to(executor_, [this] {
    stopping_ = true;
    bell_.ring();
  });
}

}  // namespace vardbron::exchange
