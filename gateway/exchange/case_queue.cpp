#include "gateway/exchange/case_queue.h"

#include "gateway/base/async_event.h"
#include "gateway/base/limits.h"
#include "gateway/base/reached.h"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

namespace vardbron::exchange {

namespace {

struct Waiter {
  explicit Waiter(const asio::any_io_executor& on) : executor(on), wakeup(on) {}

  asio::any_io_executor executor;
  AsyncEvent wakeup;     // notified on that executor
  bool granted = false;  // under the queue's lock
};

}  // namespace

struct CaseQueue::State {
  enum class Place : unsigned char { Turn, Line, None };

  Place enter(const std::string& case_key, const std::shared_ptr<Waiter>& waiter);
  bool enter_if_free(const std::string& case_key);
  void hand_on(const std::string& case_key);
  bool leave(const std::string& case_key, const std::shared_ptr<Waiter>& waiter);

  std::mutex guard;
  std::map<std::string, std::deque<std::shared_ptr<Waiter>>> taken;  // a case is in here while something has its turn
};

CaseQueue::State::Place CaseQueue::State::enter(const std::string& case_key, const std::shared_ptr<Waiter>& waiter) {
  std::lock_guard lock(guard);
  auto [line, is_free] = taken.try_emplace(case_key);
  if (is_free) return Place::Turn;
  if (line->second.size() >= limits::waiting_per_case_max) return Place::None;
  line->second.push_back(waiter);
  return Place::Line;
}

bool CaseQueue::State::enter_if_free(const std::string& case_key) {
  std::lock_guard lock(guard);
  return taken.try_emplace(case_key).second;
}

void CaseQueue::State::hand_on(const std::string& case_key) {
  std::shared_ptr<Waiter> next;
  {
    std::lock_guard lock(guard);
    auto line = taken.find(case_key);
    if (line->second.empty()) {
      taken.erase(line);
      return;
    }
    next = std::move(line->second.front());
    line->second.pop_front();
    next->granted = true;
  }
  const asio::any_io_executor executor = next->executor;
  call_on(executor, [next = std::move(next)] { next->wakeup.ring(); });
}

// True when it had been granted the turn already.
bool CaseQueue::State::leave(const std::string& case_key, const std::shared_ptr<Waiter>& waiter) {
  std::lock_guard lock(guard);
  if (waiter->granted) return true;
  std::deque<std::shared_ptr<Waiter>>& line = taken.at(case_key);
  line.erase(std::remove(line.begin(), line.end(), waiter), line.end());
  return false;
}

namespace {

/// A place in the queue of a case; left however the waiting ends.
template <class State>
class InLine {
 public:
  InLine(State& state, const std::string& case_key, const std::shared_ptr<Waiter>& waiter)
      : state_(state), case_key_(case_key), waiter_(waiter) {}
  InLine(const InLine&) = delete;
  ~InLine() {
    if (!has_left_ && state_.leave(case_key_, waiter_)) state_.hand_on(case_key_);
  }
  bool leave_with_turn() {
    has_left_ = true;
    return state_.leave(case_key_, waiter_);
  }

 private:
  State& state_;
  const std::string& case_key_;
  const std::shared_ptr<Waiter>& waiter_;
  bool has_left_ = false;
};

}  // namespace

CaseQueue::Turn::Turn(std::shared_ptr<State> queue, std::string case_key)
    : queue_(std::move(queue)), case_key_(std::move(case_key)) {}

CaseQueue::Turn::~Turn() {
  if (queue_) queue_->hand_on(case_key_);
}

CaseQueue::CaseQueue() : state_(std::make_shared<State>()) {}

Task<Result<CaseQueue::Turn>> CaseQueue::take(std::string case_key) {
  const std::shared_ptr<State> state = state_;
  if (state->enter_if_free(case_key)) co_return Turn(state, std::move(case_key));
  auto executor = co_await asio::this_coro::executor;
  const std::shared_ptr<Waiter> waiter = std::make_shared<Waiter>(executor);
  const State::Place place = state->enter(case_key, waiter);
  if (place == State::Place::Turn) co_return Turn(state, std::move(case_key));
  if (place == State::Place::None) {
    REACHED("exchange: too many wait for one case");
    co_return Failure{Cause::Busy, "Too many notices of this case arrive at once. Send this one again.", ""};
  }
  InLine<State> line(*state, case_key, waiter);
  co_await waiter->wakeup.wait();
  if (!line.leave_with_turn()) co_return Failure{Cause::Cancelled, "The gateway stops.", ""};
  co_return Turn(state, case_key);
}

std::optional<CaseQueue::Turn> CaseQueue::take_if_free(const std::string& case_key) {
  if (!state_->enter_if_free(case_key)) return std::nullopt;
  return Turn(state_, case_key);
}

}  // namespace vardbron::exchange
