#pragma once

// Tested by tests/http/connection_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/net/byte_stream.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace vardbron::http {

/// Bytes of a stream that have arrived and are not used yet. At most one head and a little more; bodies are consumed as they
/// arrive.
class ReadBuffer {
 public:
  /// The stream outlives the buffer.
  explicit ReadBuffer(net::ByteStream& stream) : stream_(stream) {}

  std::string_view view() const { return {room_.get() + begin_, end_ - begin_}; }
  bool is_empty() const { return begin_ == end_; }
  void use(std::size_t bytes);
  /// Reads and appends more; views become invalid. 0: the peer has ended its side.
  Task<Result<std::size_t>> more(Deadline until);

 private:
  net::ByteStream& stream_;
  std::unique_ptr<char[]> room_;
  std::size_t room_bytes_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace vardbron::http
