#include "gateway/http/inbox.h"

#include "gateway/base/check.h"
#include "gateway/base/limits.h"

#include <algorithm>
#include <span>

namespace vardbron::http {

namespace {
constexpr std::size_t room_bytes_first = 8u << 10;
constexpr std::size_t room_bytes_max = 2 * limits::header_bytes_max;
}  // namespace

void Inbox::use(std::size_t bytes) {
  CHECK(bytes <= end_ - begin_);
  begin_ += bytes;
  if (begin_ == end_) begin_ = end_ = 0;
}

Task<Result<std::size_t>> Inbox::more(Deadline until) {
  if (end_ == room_.size() && begin_ > 0) {
    std::copy(room_.begin() + static_cast<std::ptrdiff_t>(begin_), room_.begin() + static_cast<std::ptrdiff_t>(end_),
              room_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == room_.size()) {
    CHECK(room_.size() < room_bytes_max);
    room_.resize(std::max(room_bytes_first, std::min(room_bytes_max, 2 * room_.size())));
  }
  std::span<char> free = std::span(room_).subspan(end_);
  Result<std::size_t> got = co_await stream_.read_some(free, until);
  if (got) end_ += *got;
  co_return std::move(got);
}

}  // namespace vardbron::http
