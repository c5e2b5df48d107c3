#pragma once

#include "gateway/http/chunk_scanner.h"
#include "gateway/http/head_rules.h"
#include "gateway/http/head_scanner.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace vardbron::http {

/// Checks the raw bytes of a request before its parser reads them, and refuses requests that two programs could read in two ways
/// or that exceed a limit. Its only result is how far the parser may read: the parser must end where the guard ends.
class Guard {
 public:
  /// `bytes` begins with the first byte that has not passed yet, and grows from call to call until some pass. Returns how many of
  /// them may be read now: first the whole head; then the part of the body that has arrived, lines of chunks only when they are
  /// whole.
  std::size_t let_pass(std::string_view bytes);
  bool is_at_end() const;  ///< the whole request has passed
  const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  std::size_t let_head_pass(std::string_view bytes);
  std::size_t let_body_pass(std::string_view bytes);

  HeadScanner head_;
  ChunkScanner chunks_;
  std::optional<Framing> framing_;
  std::uint64_t length_left_ = 0;
  std::optional<Refusal> refusal_;
};

}  // namespace vardbron::http
