#include "gateway/http/chunk_scanner.h"

#include "gateway/base/limits.h"
#include "gateway/base/utf8.h"

#include <algorithm>

namespace vardbron::http {

namespace {

constexpr int size_digits_max = 8;

}  // namespace

std::size_t ChunkScanner::let_pass(std::string_view bytes) {
  std::size_t whole = 0;
  while (seen_ < bytes.size() && !refusal_ && state_ != State::Done) {
    if (state_ == State::Data) {
      auto part = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - seen_));
      seen_ += part;
      left_ -= part;
      if (left_ == 0) state_ = State::DataReturn;
      whole = seen_;
      continue;
    }
    step(bytes[seen_]);
    ++seen_;
    if (state_ == State::Data || state_ == State::Done) whole = seen_;
  }
  if (refusal_) return 0;
  seen_ -= whole;
  return whole;
}

void ChunkScanner::step(char c) {
  switch (state_) {
    case State::Size: return size_step(c);
    case State::Extension:
      if (c == '\r') return expect(c, '\r', State::SizeFeed);
      if (++extension_bytes_ > limits::chunk_extension_bytes_max) return refuse(400, "The chunk extensions are too long.");
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return refuse(400, "A chunk extension has control characters.");
      return;
    case State::SizeFeed:
      expect(c, '\n', left_ == 0 ? State::EndReturn : State::Data);
      if (state_ == State::Data) begin_data();
      return;
    case State::DataReturn: return expect(c, '\r', State::DataFeed);
    case State::DataFeed: size_digits_ = 0; return expect(c, '\n', State::Size);
    case State::EndReturn:
      if (c != '\r') return refuse(400, "Trailers are not taken here.");
      state_ = State::EndFeed;
      return;
    case State::EndFeed: return expect(c, '\n', State::Done);
    case State::Data:
    case State::Done: return;
  }
}

void ChunkScanner::size_step(char c) {
  int digit = hex_value(c);
  if (digit >= 0) {
    if (++size_digits_ > size_digits_max) return refuse_size();
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    return;
  }
  if (size_digits_ == 0) return refuse(400, "A chunk does not begin with its size.");
  if (c == '\r') return expect(c, '\r', State::SizeFeed);
  if (c != ';') return refuse(400, "After a chunk's size stands what is no extension.");
  state_ = State::Extension;
}

void ChunkScanner::begin_data() {
  body_bytes_ += left_;
  if (body_bytes_ > limits::body_bytes_max) refuse_size();
}

void ChunkScanner::expect(char c, char wanted, State next) {
  if (c != wanted) return refuse(400, "A chunk's line does not end in CR LF.");
  state_ = next;
}

}  // namespace vardbron::http
