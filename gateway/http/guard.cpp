#include "gateway/http/guard.h"

#include "gateway/base/limits.h"

#include <algorithm>
#include <utility>

namespace vardbron::http {

std::size_t Guard::let_pass(std::string_view bytes) {
  if (refusal_) return 0;
  return framing_ ? let_body_pass(bytes) : let_head_pass(bytes);
}

bool Guard::is_at_end() const {
  if (!framing_ || refusal_) return false;
  return framing_->chunked ? chunks_.is_done() : length_left_ == 0;
}

std::size_t Guard::let_head_pass(std::string_view bytes) {
  bool has_ended = head_.scan(bytes);
  refusal_ = head_.refusal();
  if (!has_ended) return 0;
  auto checked = check_request_head(bytes.substr(0, head_.head_bytes()));
  if (auto* refusal = std::get_if<Refusal>(&checked)) {
    refusal_ = std::move(*refusal);
    return 0;
  }
  framing_ = std::get<Framing>(checked);
  length_left_ = framing_->length;
  return head_.head_bytes();
}

std::size_t Guard::let_body_pass(std::string_view bytes) {
  if (framing_->chunked) {
    std::size_t whole = chunks_.let_pass(bytes);
    refusal_ = chunks_.refusal();
    return whole;
  }
  if (framing_->length > limits::body_bytes_max) {
    refusal_ = body_too_large(limits::body_bytes_max);
    return 0;
  }
  auto part = static_cast<std::size_t>(std::min<std::uint64_t>(length_left_, bytes.size()));
  length_left_ -= part;
  return part;
}

}  // namespace vardbron::http
