#include "gateway/store/sqlite/log_sums.h"

#include "gateway/base/check.h"
#include "gateway/store/sqlite/page_sum.h"

#include <algorithm>
#include <cstring>

namespace vardbron::store {

LogFrame LogFrame::of(std::string_view head, std::string_view page) {
  LogFrame frame;
  std::memcpy(frame.head.data(), head.data(), frame.head.size());
  frame.sum = page_sum(page, frame.page());
  return frame;
}

std::int64_t LogFrame::page() const {
  return std::int64_t{head[0]} << 24 | std::int64_t{head[1]} << 16 | std::int64_t{head[2]} << 8 | std::int64_t{head[3]};
}

void LogSums::put(std::int64_t frame, const LogFrame& what) {
  CHECK(frame > 0);
  const auto count = static_cast<std::size_t>(frame);
  std::lock_guard lock(guard_);
  if (frames_.size() < count) frames_.resize(count);
  frames_[count - 1] = what;
}

void LogSums::forget(std::int64_t first, std::int64_t last) {
  std::lock_guard lock(guard_);
  const auto begin = static_cast<std::size_t>(std::max<std::int64_t>(first, 1)) - 1;
  const std::size_t end = std::min(frames_.size(), static_cast<std::size_t>(std::max<std::int64_t>(last, 0)));
  for (std::size_t at = begin; at < end; ++at) frames_[at] = {};
}

void LogSums::forget_all() {
  std::lock_guard lock(guard_);
  frames_.clear();
}

std::optional<LogFrame> LogSums::find(std::int64_t frame) const {
  std::lock_guard lock(guard_);
  const auto at = static_cast<std::size_t>(frame) - 1;
  if (frame < 1 || at >= frames_.size() || frames_[at].page() == 0) return std::nullopt;
  return frames_[at];
}

}  // namespace vardbron::store
