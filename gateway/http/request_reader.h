#pragma once

// Tested by tests/http/guard_test.cpp and tests/http/chunked_body_test.cpp.

#include "gateway/http/message.h"
#include "gateway/http/refusal.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace vardbron::http {

/// Reads one request, in pieces of any size: Boost.Beast's parser reads the bytes that pass the guard. If the two do not end at
/// the same byte the request is refused.
class RequestReader {
 public:
  RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;
  ~RequestReader();

  /// `bytes` begins with the first byte that was not used. Returns how many of them are used now: first the head alone, then the
  /// body.
  std::size_t read(std::string_view bytes);
  bool has_head() const;
  bool is_whole() const;
  const std::optional<Refusal>& refusal() const;

  // Once the head is read:
  bool keep_alive() const;
  bool expects_continue() const;  ///< the caller waits for 100 Continue
  /// The request so far: its body may be incomplete, and its peer is set by the caller.
  Request& request();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vardbron::http
