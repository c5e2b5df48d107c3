#include "gateway/store/sqlite/row_follower.h"

#include "gateway/base/limits.h"

#include <utility>

namespace vardbron::store {

void RowFollower::begin() {
  std::lock_guard lock(guard_);
  is_open_ = true;
  is_recorded_ = is_wanted_;
}

void RowFollower::end(std::int64_t seal, std::vector<RowChange> rows) {
  {
    std::lock_guard lock(guard_);
    is_open_ = false;
    last_ = seal;
    if (is_recorded_ && is_wanted_ && !rows.empty()) {
      kept_rows_ += rows.size();
      is_lost_ = is_lost_ || kept_rows_ > limits::verify_followed_rows_max;
      if (!is_lost_) kept_.push_back({seal, std::move(rows)});
    }
  }
  moved_.notify_all();
}

void RowFollower::undo() {
  {
    std::lock_guard lock(guard_);
    is_open_ = false;
  }
  moved_.notify_all();
}

bool RowFollower::start(std::chrono::milliseconds patience) {
  std::unique_lock lock(guard_);
  kept_.clear();
  kept_rows_ = 0;
  is_lost_ = false;
  is_wanted_ = true;
  return moved_.wait_for(lock, patience, [this] { return !is_open_ || is_recorded_; });
}

void RowFollower::stop() {
  std::lock_guard lock(guard_);
  is_wanted_ = false;
  kept_.clear();
  kept_rows_ = 0;
}

bool RowFollower::take_until(std::int64_t seal, std::chrono::milliseconds patience, std::deque<CommittedRows>& into) {
  std::unique_lock lock(guard_);
  if (!moved_.wait_for(lock, patience, [&] { return last_ >= seal; }) || is_lost_) return false;
  while (!kept_.empty() && kept_.front().seal <= seal) {
    kept_rows_ -= kept_.front().rows.size();
    into.push_back(std::move(kept_.front()));
    kept_.pop_front();
  }
  return true;
}

}  // namespace vardbron::store
