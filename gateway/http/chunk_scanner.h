#pragma once

// Tested by tests/http/chunked_body_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/http/refusal.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vardbron::http {

/// Finds the end of a chunked body that arrives in pieces of any size. Refused: a malformed size, extensions over
/// limits::chunk_extension_bytes_max in the whole body, trailers, lines that do not end in CR LF, more than
/// limits::body_bytes_max. Source: RFC 9112, 7.1.
class ChunkScanner {
 public:
  /// `bytes` begins with the first byte that has not passed yet. Returns how many of them pass: whole lines, data as they come.
  std::size_t let_pass(std::string_view bytes);
  bool is_done() const { return state_ == State::Done; }
  const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  enum class State { Size, Extension, SizeFeed, Data, DataReturn, DataFeed, EndReturn, EndFeed, Done };

  void step(char c);
  void size_step(char c);
  void begin_data();
  void expect(char c, char wanted, State next);
  void refuse(unsigned status, const char* says) { refusal_ = Refusal{status, says}; }
  void refuse_size() { refusal_ = body_too_large(limits::body_bytes_max); }

  State state_ = State::Size;
  std::size_t seen_ = 0;    ///< of the bytes that have not passed yet
  std::uint64_t left_ = 0;  ///< of this chunk; while the size is read: the size so far
  int size_digits_ = 0;
  std::uint64_t body_bytes_ = 0;
  std::size_t extension_bytes_ = 0;
  std::optional<Refusal> refusal_;
};

}  // namespace vardbron::http
