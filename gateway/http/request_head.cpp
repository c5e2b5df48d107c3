#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/http/field_lines.h"
#include "gateway/http/head.h"
#include "gateway/http/syntax.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::http {

namespace {

using Refused = std::optional<Refusal>;

struct Line {
  std::string_view method;
  std::string_view target;
  std::string_view version;
};

Refused parse_method(std::string_view method) {
  constexpr std::array<std::string_view, 7> offered = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  if (!is_token(method)) return Refusal{400, "The request line does not begin with a method."};
  if (std::find(offered.begin(), offered.end(), method) != offered.end()) return std::nullopt;
  return Refusal{501, "This method is not offered."};
}

Refused parse_version(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return std::nullopt;
  bool is_version = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.' && is_digits(version.substr(5, 1)) &&
                    is_digits(version.substr(7, 1));
  if (is_version) return Refusal{505, "Only versions 1.1 and 1.0 are spoken here."};
  return Refusal{400, "The request line does not end in a version."};
}

// RFC 3986 allows fewer characters, but FHIR clients send | in search values as it is.
bool is_target_byte(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7F && std::string_view("\"<>\\^`{}#").find(c) == std::string_view::npos;
}

// RFC 9112, 3.2.2: a server must take the absolute form; one that names another host than Host has two readings.
Refused parse_absolute(std::string_view target, std::string_view host, std::string& origin) {
  std::size_t start = target.find("://") + 3;
  std::size_t end = std::min(target.find_first_of("/?", start), target.size());
  if (!equal_without_case(target.substr(start, end - start), host)) return Refusal{400, "Target and Host name different hosts."};
  origin = target.substr(end);
  if (!origin.starts_with('/')) origin.insert(0, 1, '/');
  return std::nullopt;
}

Refused parse_target(const Line& line, std::string_view host, std::string& origin) {
  std::string_view target = line.target;
  if (target.size() > limits::target_bytes_max) return Refusal{414, "The request target is too long."};
  if (!std::all_of(target.begin(), target.end(), is_target_byte))
    return Refusal{400, "The target has characters that no target has."};
  std::string scheme = to_lower(target.substr(0, target.find("://")));
  if (scheme == "http" || scheme == "https") return parse_absolute(target, host, origin);
  bool is_origin = target.starts_with('/');
  bool is_asterisk = target == "*" && line.method == "OPTIONS";
  if (!is_origin && !is_asterisk) return Refusal{400, "The target is no path."};
  origin = target;
  return std::nullopt;
}

bool is_host(std::string_view value) {
  auto is_host_byte = [](char c) {
    bool is_letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_letter_or_digit || std::string_view("-._~[]:").find(c) != std::string_view::npos;
  };
  return !value.empty() && std::all_of(value.begin(), value.end(), is_host_byte);
}

Refused check_fields(const Fields& fields, bool is_1_0) {
  std::size_t hosts = count(fields, "Host");
  if (hosts > 1) return Refusal{400, "There is more than one Host."};
  if (hosts == 0 && !is_1_0) return Refusal{400, "There is no Host."};
  if (hosts == 1 && !is_host(find(fields, "Host"))) return Refusal{400, "Host is no host."};
  for (std::string_view single : {"Authorization", "Content-Type", "If-Match", "If-None-Exist"}) {
    if (count(fields, single) > 1) return Refusal{400, "There is more than one " + std::string(single) + "."};
  }
  for (std::string_view needed : {"Host", "Content-Length", "Transfer-Encoding", "Authorization"}) {
    if (holds_token(fields, "Connection", needed)) return Refusal{400, "Connection names a field that must reach us."};
  }
  std::string_view coding = find(fields, "Content-Encoding");
  if (!coding.empty() && !equal_without_case(coding, "identity")) return Refusal{415, "Encoded content is not taken here."};
  return std::nullopt;
}

Refused parse_transfer_coding(const Fields& fields, bool is_1_0, Framing& framing) {
  std::size_t codings = count(fields, "Transfer-Encoding");
  if (codings == 0) return std::nullopt;
  if (codings > 1) return Refusal{400, "There is more than one Transfer-Encoding."};
  if (count(fields, "Content-Length") > 0) return Refusal{400, "The length is given in two ways."};
  if (is_1_0) return Refusal{400, "HTTP/1.0 has no Transfer-Encoding."};
  if (count(fields, "Trailer") > 0) return Refusal{400, "Trailers are not taken here."};
  std::string_view value = find(fields, "Transfer-Encoding");
  framing.chunked = value == "chunked";
  if (framing.chunked) return std::nullopt;
  for (std::string_view known : {"gzip", "x-gzip", "deflate", "compress", "x-compress"}) {
    if (equal_without_case(value, known)) return Refusal{501, "Only chunked is taken as a Transfer-Encoding."};
  }
  return Refusal{400, "Only chunked is taken as a Transfer-Encoding."};
}

Refused parse_content_length(const Fields& fields, Framing& framing) {
  std::size_t lengths = count(fields, "Content-Length");
  if (lengths == 0) return std::nullopt;
  if (lengths > 1) return Refusal{400, "There is more than one Content-Length."};
  framing.length = parse_length(find(fields, "Content-Length"));
  if (!framing.length) return Refusal{400, "Content-Length is no length."};
  return std::nullopt;
}

Refused parse_expectation(RequestHead& head, bool is_1_0) {
  if (count(head.fields, "Expect") == 0) return std::nullopt;
  bool is_known = count(head.fields, "Expect") == 1 && equal_without_case(find(head.fields, "Expect"), "100-continue");
  if (!is_known) return Refusal{417, "Only 100-continue can be expected here."};
  head.expects_continue = !is_1_0 && (head.framing.chunked || head.framing.length.value_or(0) > 0);
  return std::nullopt;
}

Refused parse_framing(RequestHead& head, bool is_1_0) {
  if (Refused refused = parse_transfer_coding(head.fields, is_1_0, head.framing)) return refused;
  if (Refused refused = parse_content_length(head.fields, head.framing)) return refused;
  bool has_body = head.framing.chunked || head.framing.length.value_or(0) > 0;
  if (has_body && (head.method == "GET" || head.method == "HEAD")) return Refusal{400, "A " + head.method + " has no body here."};
  head.keep_alive = !is_1_0 && !holds_token(head.fields, "Connection", "close");
  return parse_expectation(head, is_1_0);
}

}  // namespace

std::variant<RequestHead, Refusal> parse_request_head(std::string_view text) {
  std::size_t line_end = text.find("\r\n");
  if (line_end == std::string_view::npos || !text.ends_with("\r\n\r\n")) return Refusal{400, "The head has no end."};
  std::string_view first = text.substr(0, line_end);
  std::size_t one = first.find(' ');
  std::size_t two = first.rfind(' ');
  if (one == std::string_view::npos || one == two) return Refusal{400, "The request line has not three parts."};
  Line line{first.substr(0, one), first.substr(one + 1, two - one - 1), first.substr(two + 1)};
  if (Refused refused = parse_method(line.method)) return *refused;
  if (Refused refused = parse_version(line.version)) return *refused;
  bool is_1_0 = line.version == "HTTP/1.0";

  RequestHead head;
  head.method = line.method;
  std::string_view lines = text.substr(line_end + 2);
  lines.remove_suffix(2);
  if (Refused refused = parse_field_lines(lines, head.fields)) return *refused;
  if (Refused refused = check_fields(head.fields, is_1_0)) return *refused;
  if (Refused refused = parse_target(line, find(head.fields, "Host"), head.target)) return *refused;
  if (Refused refused = parse_framing(head, is_1_0)) return *refused;
  return head;
}

}  // namespace vardbron::http
