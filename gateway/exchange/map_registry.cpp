#include "gateway/exchange/map_registry.h"

#include "gateway/base/check.h"

#include <utility>

namespace vardbron::exchange {

MapRegistry::MapRegistry(std::shared_ptr<const MapSet> first) : current_(std::move(first)) {
  CHECK(current_ && current_->library);
}

std::shared_ptr<const MapSet> MapRegistry::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void MapRegistry::put(std::shared_ptr<const MapSet> next) {
  CHECK(next && next->library);
  const std::lock_guard lock(mutex_);
  former_ = std::exchange(current_, std::move(next));
  turn_.fetch_add(1, std::memory_order_release);
}

bool MapRegistry::roll_back() {
  const std::lock_guard lock(mutex_);
  if (!former_) return false;
  std::swap(current_, former_);
  turn_.fetch_add(1, std::memory_order_release);
  return true;
}

}  // namespace vardbron::exchange
