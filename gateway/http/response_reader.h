#pragma once

// Tested by tests/http/client_test.cpp.

#include "gateway/base/result.h"
#include "gateway/http/message.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace vardbron::http {

/// Reads one answer with Boost.Beast's parser, in pieces of any size. Trailers, and fields over limits::header_fields_max, are
/// skipped.
class ResponseReader {
 public:
  /// `to_head`: the request was HEAD, no body follows.
  explicit ResponseReader(bool to_head);
  ResponseReader(const ResponseReader&) = delete;
  ResponseReader& operator=(const ResponseReader&) = delete;
  ~ResponseReader();

  /// `bytes` begins with the first byte that was not used. Returns how many of them are used now.
  std::size_t read(std::string_view bytes);
  /// The peer has ended its side.
  void end();

  bool has_head() const;  ///< all of it
  bool is_whole() const;
  /// Why the answer cannot be read further; its status may have arrived nevertheless.
  const std::optional<Failure>& failure() const;
  /// 0 until the first line has arrived.
  unsigned status() const;
  /// Whether the peer and the framing allow the connection to be reused. To be called once the answer is whole.
  bool keep_alive() const;
  /// The answer so far, its body whole or not.
  Response& response();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vardbron::http
