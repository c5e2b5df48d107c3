#include "gateway/exchange/map_shelf.h"

#include "gateway/base/check.h"

#include <utility>

namespace vardbron::exchange {

MapShelf::MapShelf(std::shared_ptr<const MapSet> first) : current_(std::move(first)) { CHECK(current_ && current_->library); }

std::shared_ptr<const MapSet> MapShelf::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void MapShelf::put(std::shared_ptr<const MapSet> next) {
  CHECK(next && next->library);
  const std::lock_guard lock(mutex_);
  former_ = std::exchange(current_, std::move(next));
  turn_.fetch_add(1, std::memory_order_release);
}

bool MapShelf::roll_back() {
  const std::lock_guard lock(mutex_);
  if (!former_) return false;
  std::swap(current_, former_);
  turn_.fetch_add(1, std::memory_order_release);
  return true;
}

}  // namespace vardbron::exchange
