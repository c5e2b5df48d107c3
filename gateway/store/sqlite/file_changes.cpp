#include "gateway/store/sqlite/file_changes.h"

#include <cstddef>
#include <utility>

namespace vardbron::store {

std::shared_lock<std::shared_mutex> FileChanges::begin_checkpoint() { return {still_, std::try_to_lock}; }

void FileChanges::checkpoint_writes() { is_whole_ = false; }

void FileChanges::checkpoint_succeeded() { is_whole_ = true; }

void FileChanges::add(std::int64_t page) {
  const auto at = static_cast<std::size_t>(page);
  std::lock_guard lock(guard_);
  if (noted_.size() <= at) noted_.resize(at + 1);
  noted_[at] = true;
}

void FileChanges::follow() {
  {
    std::lock_guard lock(guard_);
    noted_.clear();
  }
  is_followed_ = true;
}

void FileChanges::leave() {
  is_followed_ = false;
  take();
}

std::vector<std::int64_t> FileChanges::take() {
  std::vector<bool> noted;
  {
    std::lock_guard lock(guard_);
    noted = std::exchange(noted_, {});
  }
  std::vector<std::int64_t> pages;
  for (std::size_t at = 0; at < noted.size(); ++at) {
    if (noted[at]) pages.push_back(static_cast<std::int64_t>(at));
  }
  return pages;
}

std::unique_lock<std::shared_mutex> FileChanges::hold_still() { return std::unique_lock(still_); }

}  // namespace vardbron::store
