#include "gateway/http/read_buffer.h"

#include "gateway/base/check.h"
#include "gateway/base/limits.h"

#include <algorithm>
#include <span>
#include <utility>

namespace vardbron::http {

namespace {
constexpr std::size_t room_bytes_first = 8u << 10;
constexpr std::size_t room_bytes_max = 2 * limits::header_bytes_max;
}  // namespace

void ReadBuffer::use(std::size_t bytes) {
  CHECK(bytes <= end_ - begin_);
  begin_ += bytes;
  if (begin_ == end_) begin_ = end_ = 0;
}

Task<Result<std::size_t>> ReadBuffer::more(Deadline until) {
  if (end_ == room_bytes_ && begin_ > 0) {
    std::copy(room_.get() + begin_, room_.get() + end_, room_.get());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == room_bytes_) {
    CHECK(room_bytes_ < room_bytes_max);
    room_bytes_ = std::max(room_bytes_first, std::min(room_bytes_max, 2 * room_bytes_));
    auto larger = std::make_unique_for_overwrite<char[]>(room_bytes_);
    std::copy(room_.get(), room_.get() + end_, larger.get());
    room_ = std::move(larger);
  }
  std::span<char> free(room_.get() + end_, room_bytes_ - end_);
  Result<std::size_t> got = co_await stream_.read_some(free, until);
  if (got) end_ += *got;
  co_return std::move(got);
}

}  // namespace vardbron::http
