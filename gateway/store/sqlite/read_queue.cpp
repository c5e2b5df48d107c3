#include "gateway/store/sqlite/read_queue.h"

#include <algorithm>
#include <utility>

namespace vardbron::store {

void ReadQueue::put(std::string owner, std::unique_ptr<ReadJob> job) {
  std::deque<std::unique_ptr<ReadJob>>& jobs = waiting_[owner];
  if (jobs.empty()) turns_.push_back(std::move(owner));
  jobs.push_back(std::move(job));
  ++size_;
}

std::optional<ReadQueue::Taken> ReadQueue::take() {
  const auto turn = std::find_if(turns_.begin(), turns_.end(), [this](const std::string& owner) { return take_thread(owner); });
  if (turn == turns_.end()) return std::nullopt;
  Taken taken{std::move(*turn), {}};
  turns_.erase(turn);
  const auto jobs = waiting_.find(taken.owner);
  taken.job = std::move(jobs->second.front());
  jobs->second.pop_front();
  --size_;
  if (jobs->second.empty()) {
    waiting_.erase(jobs);
  } else {
    turns_.push_back(taken.owner);
  }
  return taken;
}

void ReadQueue::give_back(const std::string& owner) { threads_.give_back(owner, 1); }

std::vector<std::unique_ptr<ReadJob>> ReadQueue::take_all() {
  std::vector<std::unique_ptr<ReadJob>> all;
  for (auto& [owner, jobs] : waiting_) std::move(jobs.begin(), jobs.end(), std::back_inserter(all));
  waiting_.clear();
  turns_.clear();
  size_ = 0;
  return all;
}

bool ReadQueue::take_thread(const std::string& owner) {
  return owner.empty() ? threads_.take_all_but(0, owner, 1) : threads_.take(owner, 1);
}

}  // namespace vardbron::store
