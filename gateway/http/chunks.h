#pragma once

#include "gateway/http/refusal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vardbron::http {

/// Takes a chunked body apart, from bytes in pieces of any size. Refused: a size that is none, extensions over
/// limits::chunk_extension_bytes_max in the whole body, trailers, lines that do not end in CR LF, more than `bytes_max`.
/// Source: RFC 9112, 7.1.
class ChunkReader {
 public:
  explicit ChunkReader(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Appends what it finds to `body`; how many of `bytes` were used. It stops using them at the end and at a refusal.
  std::size_t feed(std::string_view bytes, std::string& body);
  bool is_done() const { return state_ == State::Done; }
  const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  enum class State { Size, Extension, SizeFeed, Data, DataReturn, DataFeed, EndReturn, EndFeed, Done };

  void step(char c);
  void size_step(char c);
  void size_ended();
  void expect(char c, char wanted, State next);
  void refuse(unsigned status, std::string says) { refusal_ = Refusal{status, std::move(says)}; }

  std::size_t bytes_max_;
  State state_ = State::Size;
  std::uint64_t left_ = 0;  ///< of this chunk; while the size is read: the size so far
  int size_digits_ = 0;
  std::size_t extension_bytes_ = 0;
  std::optional<Refusal> refusal_;
};

}  // namespace vardbron::http
