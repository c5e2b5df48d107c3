#include "gateway/http/head_scanner.h"

#include "gateway/base/limits.h"

namespace vardbron::http {

namespace {
constexpr std::size_t around_target_bytes_max = 48;  // method, blanks and version
}

bool HeadScanner::scan(std::string_view bytes) {
  while (!refusal_ && end_ == 0) {
    std::size_t feed = bytes.find('\n', scanned_);
    if (feed == std::string_view::npos) break;
    scanned_ = feed + 1;
    if (feed == line_start_ || bytes[feed - 1] != '\r') {
      refuse(400, "A line of the head does not end in CR LF.");
    } else if (feed - line_start_ == 1 && line_start_ > 0) {
      end_ = scanned_;
    } else if (feed - line_start_ == 1) {
      refuse(400, "The head begins with an empty line.");
    }
    line_start_ = scanned_;
  }
  if (refusal_) return false;
  if (end_ == 0) scanned_ = bytes.size();
  std::size_t head_bytes = end_ > 0 ? end_ : bytes.size();
  if (line_start_ == 0 && bytes.size() > limits::target_bytes_max + around_target_bytes_max) {
    refuse(414, "The request target is too long.");
  } else if (head_bytes > limits::header_bytes_max) {
    refuse(431, "The head is too large.");
  }
  return end_ > 0 && !refusal_;
}

}  // namespace vardbron::http
