#include "gateway/http/head_rules.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/http/syntax.h"

#include <boost/container/static_vector.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace vardbron::http {

namespace {

using Refused = std::optional<Refusal>;

struct RawField {
  std::string_view name;
  std::string_view value;
};

struct RawHead {
  std::string_view method;
  std::string_view target;
  bool is_1_0 = false;
  boost::container::static_vector<RawField, limits::header_fields_max> fields;

  std::size_t count(std::string_view name) const {
    auto is_it = [name](const RawField& field) { return equal_without_case(field.name, name); };
    return static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), is_it));
  }
  std::string_view find(std::string_view name) const {
    for (const RawField& field : fields) {
      if (equal_without_case(field.name, name)) return field.value;
    }
    return "";
  }
};

Refused check_method(std::string_view method) {
  constexpr std::array<std::string_view, 7> offered = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  if (!is_token(method)) return Refusal{400, "The request line does not begin with a method."};
  if (std::find(offered.begin(), offered.end(), method) != offered.end()) return std::nullopt;
  return Refusal{501, "This method is not offered."};
}

Refused check_version(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return std::nullopt;
  bool is_version = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.' && is_digits(version.substr(5, 1)) &&
                    is_digits(version.substr(7, 1));
  if (is_version) return Refusal{505, "Only versions 1.1 and 1.0 are spoken here."};
  return Refusal{400, "The request line does not end in a version."};
}

Refused check_line(std::string_view line, RawHead& head) {
  std::size_t one = line.find(' ');
  std::size_t two = line.rfind(' ');
  if (one == std::string_view::npos || one == two) return Refusal{400, "The request line has not three parts."};
  head.method = line.substr(0, one);
  head.target = line.substr(one + 1, two - one - 1);
  head.is_1_0 = line.substr(two + 1) == "HTTP/1.0";
  if (Refused refused = check_method(head.method)) return refused;
  return check_version(line.substr(two + 1));
}

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Other programs pass fields on as variables, where each character that is no letter becomes `_` and some drop repeated ones (RFC
// 3875, 4.1.18): there Content_Length, or Transfer---Encoding, decides about the message.
bool is_disguised(std::string_view name) {
  constexpr std::array<std::string_view, 8> deciding = {"content-length", "transfer-encoding", "host",    "connection",
                                                        "expect",         "upgrade",           "trailer", "te"};
  auto is_plain = [](char c) { return is_letter_or_digit(c) || c == '-'; };
  if (std::all_of(name.begin(), name.end(), is_plain) && name.find("--") == std::string_view::npos && name.front() != '-' &&
      name.back() != '-')
    return false;
  std::string plain;
  for (char c : name) {
    if (is_letter_or_digit(c)) {
      plain.push_back(c);
    } else if (!plain.empty() && plain.back() != '-') {
      plain.push_back('-');
    }
  }
  if (plain.ends_with('-')) plain.pop_back();
  return std::any_of(deciding.begin(), deciding.end(), [&](std::string_view known) { return equal_without_case(plain, known); });
}

bool has_letter(std::string_view name) {
  return std::any_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) && (c < '0' || c > '9'); });
}

Refused check_field(std::string_view line, RawField& field) {
  if (line.front() == ' ' || line.front() == '\t') return Refusal{400, "A field is folded over two lines."};
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return Refusal{400, "A field has no colon."};
  field = {line.substr(0, colon), trim_blanks(line.substr(colon + 1))};
  if (!is_token(field.name)) return Refusal{400, "A field's name has characters that no name has."};
  if (!is_field_value(field.value)) return Refusal{400, "A field's value has control characters."};
  if (!has_letter(field.name)) return Refusal{400, "A field's name has no letter."};
  if (is_disguised(field.name)) {
    bool by_underscore = field.name.find('_') != std::string_view::npos;
    return Refusal{400, by_underscore ? "A field that decides about the message is spelled with an underscore."
                                      : "A field that decides about the message is spelled in a way of its own."};
  }
  return std::nullopt;
}

Refused check_field_lines(std::string_view lines, RawHead& head) {
  while (!lines.empty()) {
    std::size_t end = lines.find("\r\n");
    if (end == std::string_view::npos || end == 0) return Refusal{400, "A line of the head does not end in CR LF."};
    if (head.fields.size() == head.fields.capacity()) return Refusal{431, "The head has too many fields."};
    if (Refused refused = check_field(lines.substr(0, end), head.fields.emplace_back())) return refused;
    lines.remove_prefix(end + 2);
  }
  return std::nullopt;
}

bool is_host(std::string_view value) {
  auto is_host_byte = [](char c) {
    return is_letter_or_digit(c) || std::string_view("-._~[]:").find(c) != std::string_view::npos;
  };
  return !value.empty() && std::all_of(value.begin(), value.end(), is_host_byte);
}

// Connection names fields that a proxy must remove; without these a server could not determine where the request ends, or for
// which host it is.
Refused check_connection(const RawHead& head) {
  constexpr std::array<std::string_view, 4> needed = {"Host", "Content-Length", "Transfer-Encoding", "Authorization"};
  for (const RawField& field : head.fields) {
    bool is_of_proxy = equal_without_case(field.name, "Proxy-Connection");
    if (!is_of_proxy && !equal_without_case(field.name, "Connection")) continue;
    for (std::string_view part : split(field.value, ',')) {
      part = trim_blanks(part);
      if (!part.empty() && !is_token(part)) return Refusal{400, std::string(field.name) + " is no list of names."};
      bool is_needed = std::any_of(needed.begin(), needed.end(), [part](auto name) { return equal_without_case(part, name); });
      if (is_needed && !is_of_proxy) return Refusal{400, "Connection names a field that must reach us."};
    }
  }
  return std::nullopt;
}

Refused check_fields(const RawHead& head) {
  std::size_t hosts = head.count("Host");
  if (hosts > 1) return Refusal{400, "There is more than one Host."};
  if (hosts == 0 && !head.is_1_0) return Refusal{400, "There is no Host."};
  if (hosts == 1 && !is_host(head.find("Host"))) return Refusal{400, "Host is no host."};
  for (std::string_view single : {"Authorization", "Content-Type", "If-Match", "If-None-Exist"}) {
    if (head.count(single) > 1) return Refusal{400, "There is more than one " + std::string(single) + "."};
  }
  if (Refused refused = check_connection(head)) return refused;
  std::string_view coding = head.find("Content-Encoding");
  if (!coding.empty() && !equal_without_case(coding, "identity")) return Refusal{415, "Encoded content is not taken here."};
  return std::nullopt;
}

// RFC 3986 allows fewer characters, but FHIR clients send | in search values as it is.
bool is_target_byte(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7F && std::string_view("\"<>\\^`{}#").find(c) == std::string_view::npos;
}

// RFC 9112, 3.2.2: a server must accept the absolute form; one with another host than Host can be read in two ways.
Refused check_absolute(std::string_view target, std::string_view host) {
  std::size_t scheme_end = target.find("://");
  std::string scheme = to_lower(target.substr(0, scheme_end));
  if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "https"))
    return Refusal{400, "The target is no path."};
  std::size_t start = scheme_end + 3;
  std::size_t end = std::min(target.find_first_of("/?", start), target.size());
  if (equal_without_case(target.substr(start, end - start), host)) return std::nullopt;
  return Refusal{400, "Target and Host name different hosts."};
}

Refused check_target(const RawHead& head) {
  std::string_view target = head.target;
  if (target.size() > limits::target_bytes_max) return Refusal{414, "The request target is too long."};
  if (!std::all_of(target.begin(), target.end(), is_target_byte))
    return Refusal{400, "The target has characters that no target has."};
  if (target.starts_with('/') || (target == "*" && head.method == "OPTIONS")) return std::nullopt;
  return check_absolute(target, head.find("Host"));
}

Refused check_transfer_coding(const RawHead& head, Framing& framing) {
  std::size_t codings = head.count("Transfer-Encoding");
  if (codings == 0) return std::nullopt;
  if (codings > 1) return Refusal{400, "There is more than one Transfer-Encoding."};
  if (head.count("Content-Length") > 0) return Refusal{400, "The length is given in two ways."};
  if (head.is_1_0) return Refusal{400, "HTTP/1.0 has no Transfer-Encoding."};
  if (head.count("Trailer") > 0) return Refusal{400, "Trailers are not taken here."};
  std::string_view value = head.find("Transfer-Encoding");
  framing.chunked = value == "chunked";
  if (framing.chunked) return std::nullopt;
  for (std::string_view known : {"gzip", "x-gzip", "deflate", "compress", "x-compress"}) {
    if (equal_without_case(value, known)) return Refusal{501, "Only chunked is taken as a Transfer-Encoding."};
  }
  return Refusal{400, "Only chunked is taken as a Transfer-Encoding."};
}

Refused check_content_length(const RawHead& head, Framing& framing) {
  std::size_t lengths = head.count("Content-Length");
  if (lengths == 0) return std::nullopt;
  if (lengths > 1) return Refusal{400, "There is more than one Content-Length."};
  std::optional<std::uint64_t> length = parse_length(head.find("Content-Length"));
  if (!length) return Refusal{400, "Content-Length is no length."};
  framing.length = *length;
  return std::nullopt;
}

Refused check_framing(const RawHead& head, Framing& framing) {
  if (Refused refused = check_transfer_coding(head, framing)) return refused;
  if (Refused refused = check_content_length(head, framing)) return refused;
  bool has_body = framing.chunked || framing.length > 0;
  if (has_body && (head.method == "GET" || head.method == "HEAD"))
    return Refusal{400, "A " + std::string(head.method) + " has no body here."};
  std::size_t expectations = head.count("Expect");
  bool is_known = expectations == 1 && equal_without_case(head.find("Expect"), "100-continue");
  if (expectations > 0 && !is_known) return Refusal{417, "Only 100-continue can be expected here."};
  return std::nullopt;
}

}  // namespace

std::variant<Framing, Refusal> check_request_head(std::string_view text) {
  std::size_t line_end = text.find("\r\n");
  if (line_end == std::string_view::npos || !text.ends_with("\r\n\r\n")) return Refusal{400, "The head has no end."};
  std::string_view lines = text.substr(line_end + 2);
  lines.remove_suffix(2);
  RawHead head;
  Framing framing;
  if (Refused refused = check_line(text.substr(0, line_end), head)) return *refused;
  if (Refused refused = check_field_lines(lines, head)) return *refused;
  if (Refused refused = check_fields(head)) return *refused;
  if (Refused refused = check_target(head)) return *refused;
  if (Refused refused = check_framing(head, framing)) return *refused;
  return framing;
}

}  // namespace vardbron::http
