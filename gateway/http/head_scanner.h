#pragma once

// Tested by tests/http/guard_test.cpp.

#include "gateway/http/refusal.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace vardbron::http {

/// Finds the end of a message's head in bytes that arrive piece by piece, and refuses early what cannot be one: a line that does
/// not end in CRLF, too many bytes. Reads each byte once.
class HeadScanner {
 public:
  /// `bytes` begins with the head and grows from call to call. True: the head is complete, see head_bytes().
  bool scan(std::string_view bytes);
  std::size_t head_bytes() const { return end_; }  ///< including the empty line
  const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  void refuse(unsigned status, const char* says) { refusal_ = Refusal{status, says}; }

  std::size_t scanned_ = 0;
  std::size_t line_start_ = 0;
  std::size_t end_ = 0;
  std::optional<Refusal> refusal_;
};

}  // namespace vardbron::http
