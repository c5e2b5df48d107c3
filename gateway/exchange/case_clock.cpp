#include "gateway/exchange/case_clock.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/reached.h"
#include "gateway/base/run_on.h"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::exchange {

namespace {

// An exception at one case must not end the clock of all.
Task<Result<bool>> caught(Task<Result<bool>> work) {
  try {
    co_return co_await std::move(work);
  } catch (const boost::system::system_error& thrown) {
    if (thrown.code() == asio::error::operation_aborted) co_return Failure{Cause::Cancelled, "The gateway stops.", ""};
  } catch (const std::exception&) {
    REACHED("exchange: a case that is due throws");
  }
  co_return Failure{Cause::Broken, "The gateway failed at this case.", ""};
}

std::chrono::nanoseconds pause_after(int failures) {
  std::chrono::minutes pause = limits::due_case_pause_first;
  for (int each = 1; each < failures && pause < limits::due_case_pause_max; ++each) pause *= 2;
  return std::min(pause, limits::due_case_pause_max);
}

}  // namespace

CaseClock::CaseClock(store::Store& store, MessagePath& path, Clock& clock, asio::any_io_executor executor, Metrics* metrics)
    : store_(store), path_(path), clock_(clock), executor_(std::move(executor)), metrics_(metrics), wakeup_(executor_) {}

Task<> CaseClock::run() {
  while (!stopping_) {
    // A time that expect() reports while the store is asked must not be missed: until the answer is there, the next look is due
    // at once.
    next_look_ = WallTime::max();
    Result<void> looked = co_await work_off_due();
    if (!looked && trouble_.met(clock_.now()))
      log::warning("the clock of the cases waits",
                   {{"because", std::string_view(looked.failure().says)}, {"times", trouble_.times()}});
    if (looked && trouble_.over()) log::info("the clock of the cases goes on");
    if (stopping_) break;
    const WallTime now = clock_.certain_wall();
    const WallTime next = std::clamp(next_look_.load(), now, now + limits::due_cases_look_pause_max);
    next_look_ = next;
    const Deadline until = clock_.in(next - now);
    co_await wakeup_.wait(clock_, until);
  }
}

// Every due case once, in order of time. One that fails does not stop the others: it stays due.
Task<Result<void>> CaseClock::work_off_due() {
  ++look_;
  oldest_due_.reset();
  store::CaseDue last;
  while (!stopping_) {
    Result<std::vector<store::CaseDue>> due = co_await store_.cases_due(last, limits::due_cases_per_look_max);
    if (!due) co_return std::move(due).failure();
    for (store::CaseDue& each : *due) {
      if (stopping_) co_return done();
      if (each.at > clock_.certain_wall()) {
        next_look_ = std::min(next_look_.load(), each.at);
        forget_who_is_due_no_more();
        co_return done();
      }
      bool is_worked_out = false;
      if (!has_to_wait(each.case_key)) is_worked_out = co_await work_off(each.case_key);
      if (!is_worked_out && !oldest_due_) oldest_due_ = each.at;
      last = std::move(each);
    }
    if (due->size() < limits::due_cases_per_look_max) break;
  }
  if (!stopping_) forget_who_is_due_no_more();
  co_return done();
}

Task<bool> CaseClock::work_off(const std::string& case_key) {
  Task<Result<bool>> work = caught(path_.let_time_pass(case_key));
  Result<bool> passed = co_await std::move(work);
  if (passed) {
    failing_.erase(case_key);
    count("worked out");
    co_return true;
  }
  if (passed.failure().cause == Cause::Busy) {
    count("busy");
    look_again_at(clock_.now() + limits::due_case_busy_pause);
  } else {
    count("failed");
    failed(case_key, passed.failure());
  }
  co_return false;
}

void CaseClock::count(std::string_view outcome) {
  if (metrics_ == nullptr) return;
  metrics_
      ->counter("vardbron_due_cases_total", "Cases that time had changed, by what came of working them out.",
                {{"outcome", std::string(outcome)}})
      .add();
}

bool CaseClock::has_to_wait(const std::string& case_key) {
  const auto found = failing_.find(case_key);
  if (found == failing_.end()) return false;
  found->second.look = look_;
  if (found->second.not_before <= clock_.now()) return false;
  look_again_at(found->second.not_before);
  return true;
}

// There is no message that could go to quarantine: the case stays due and is logged until it is repaired.
void CaseClock::failed(const std::string& case_key, const Failure& failure) {
  const bool is_full = failing_.size() >= limits::failing_due_cases_max && !failing_.contains(case_key);
  if (is_full) return look_again_at(clock_.now() + limits::due_case_pause_first);
  Failing& mine = failing_[case_key];
  mine.look = look_;
  mine.not_before = clock_.now() + pause_after(++mine.times);
  look_again_at(mine.not_before);
  log::warning("a case that is due could not be worked out",
               {{"because", std::string_view(failure.says)}, {"attempt", std::int64_t{mine.times}}});
}

void CaseClock::forget_who_is_due_no_more() {
  std::erase_if(failing_, [this](const auto& each) { return each.second.look != look_; });
  report_what_is_due();
}

void CaseClock::report_what_is_due() {
  if (metrics_ == nullptr) return;
  const WallTime now = clock_.certain_wall();
  const auto overdue = std::chrono::duration<double>(now - oldest_due_.value_or(now)).count();
  metrics_->gauge("vardbron_due_cases_overdue_seconds", "For how long a case has been due that is not worked out; 0: none is.")
      .set(overdue);
  metrics_->gauge("vardbron_due_cases_look_timestamp_seconds", "When was last looked which cases are due, since 1970.")
      .set(std::chrono::duration<double>(clock_.wall().time_since_epoch()).count());
  metrics_->gauge("vardbron_due_cases_failing", "Cases that time has changed and that cannot be worked out.")
      .set(static_cast<double>(failing_.size()));
}

void CaseClock::look_again_at(Instant moment) {
  const auto wait = std::chrono::ceil<WallTime::duration>(moment - clock_.now());
  next_look_ = std::min(next_look_.load(), clock_.certain_wall() + wait);
}

void CaseClock::expect(WallTime at) {
  WallTime next = next_look_.load();
  while (at < next)
    if (next_look_.compare_exchange_weak(next, at)) return ring();
}

void CaseClock::ring() {
  post_to(executor_, [this] { wakeup_.ring(); });
}

void CaseClock::stop() {
  post_to(executor_, [this] {
    stopping_ = true;
    wakeup_.ring();
  });
}

}  // namespace vardbron::exchange
