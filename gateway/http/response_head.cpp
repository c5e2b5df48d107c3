#include "gateway/base/text.h"
#include "gateway/http/field_lines.h"
#include "gateway/http/head.h"
#include "gateway/http/syntax.h"

#include <charconv>

namespace vardbron::http {

namespace {

std::optional<Refusal> parse_framing(ResponseHead& head) {
  Refusal two_readings{502, "The answer's length can be read in two ways."};
  std::size_t codings = count(head.fields, "Transfer-Encoding");
  std::size_t lengths = count(head.fields, "Content-Length");
  if (codings + lengths > 1) return two_readings;
  if (codings == 1) {
    head.framing.chunked = equal_without_case(find(head.fields, "Transfer-Encoding"), "chunked");
    if (!head.framing.chunked) return two_readings;
  }
  if (lengths == 1) {
    head.framing.length = parse_length(find(head.fields, "Content-Length"));
    if (!head.framing.length) return two_readings;
  }
  // RFC 9112, 6.3: these never have a body, whatever their fields say.
  if (head.status < 200 || head.status == 204 || head.status == 304) head.framing = Framing{.chunked = false, .length = 0};
  return std::nullopt;
}

}  // namespace

std::variant<ResponseHead, Refusal> parse_response_head(std::string_view text) {
  Refusal no_answer{502, "This is no answer in HTTP/1.1 or HTTP/1.0."};
  std::size_t line_end = text.find("\r\n");
  if (line_end == std::string_view::npos || !text.ends_with("\r\n\r\n")) return no_answer;
  std::string_view line = text.substr(0, line_end);
  bool is_1_0 = line.starts_with("HTTP/1.0 ");
  bool has_version = is_1_0 || line.starts_with("HTTP/1.1 ");
  bool has_status = line.size() >= 12 && is_digits(line.substr(9, 3)) && (line.size() == 12 || line[12] == ' ');
  if (!has_version || !has_status || !is_field_value(line)) return no_answer;

  ResponseHead head;
  std::from_chars(line.data() + 9, line.data() + 12, head.status);
  if (head.status < 100) return no_answer;
  std::string_view lines = text.substr(line_end + 2);
  lines.remove_suffix(2);
  if (auto refused = parse_field_lines(lines, head.fields)) return *refused;
  if (auto refused = parse_framing(head)) return *refused;
  bool has_end = head.framing.chunked || head.framing.length.has_value();
  bool asked_to_stay =
      is_1_0 ? holds_token(head.fields, "Connection", "keep-alive") : !holds_token(head.fields, "Connection", "close");
  head.keep_alive = has_end && asked_to_stay;
  return head;
}

}  // namespace vardbron::http
