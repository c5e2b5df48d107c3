#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/http/head.h"
#include "gateway/http/head_scanner.h"
#include "gateway/http/target.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace vardbron;

/// What is taken has one length at most, one Host at most, and a target that is a path.
void check_taken(const http::RequestHead& head) {
  CHECK(head.target.starts_with('/') || head.target == "*");
  CHECK(!head.framing.chunked || !head.framing.length);
  CHECK(head.fields.size() <= limits::header_fields_max);
  CHECK(head.target.find_first_of(std::string_view("\r\n\0 ", 4)) == std::string::npos);
  for (const http::Field& field : head.fields) {
    CHECK(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    CHECK(field.name.find_first_of(" \t:") == std::string::npos);
  }
}

/// Where a head ends does not depend on the pieces it arrives in.
void check_pieces(std::string_view bytes, const http::HeadScanner& whole, bool complete) {
  http::HeadScanner scanner;
  for (std::size_t size = 0; size <= bytes.size(); size += 7) {
    if (scanner.scan(bytes.substr(0, size)) || scanner.refusal()) break;
  }
  if (!scanner.refusal() && scanner.head_bytes() == 0) scanner.scan(bytes);
  if (complete) CHECK(!scanner.refusal() && scanner.head_bytes() == whole.head_bytes());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  http::HeadScanner scanner;
  bool complete = scanner.scan(bytes);
  check_pieces(bytes, scanner, complete);
  if (!complete) return 0;
  auto request = http::parse_request_head(bytes.substr(0, scanner.head_bytes()));
  if (auto* head = std::get_if<http::RequestHead>(&request)) {
    check_taken(*head);
    Result<http::Target> target = http::parse_target(head->target);
    if (target) {
      for (const std::string& segment : target->segments)
        CHECK(!segment.empty() && segment != ".." && segment.find('/') == std::string::npos);
    }
  } else {
    CHECK(std::get<http::Refusal>(request).status >= 400);
  }
  auto response = http::parse_response_head(bytes.substr(0, scanner.head_bytes()));
  if (auto* head = std::get_if<http::ResponseHead>(&response)) CHECK(!head->framing.chunked || !head->framing.length);
  return 0;
}
