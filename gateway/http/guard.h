#pragma once

#include "gateway/http/chunk_scanner.h"
#include "gateway/http/head_rules.h"
#include "gateway/http/head_scanner.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace vardbron::http {

/// Looks at the raw bytes of a request before its parser does, and refuses what two programs could read in two ways and what is
/// over a limit. It hands on nothing but how far the parser may read: the parser has to end where the guard ends.
class Guard {
 public:
  /// `bytes` begins with the first byte that was not let pass, and grows from call to call until some are. How many of them may
  /// be read now: first the head, all of it at once; then what has come of the body, lines of chunks only when they are whole.
  std::size_t let_pass(std::string_view bytes);
  bool is_at_end() const;  ///< everything of this request was let pass
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
