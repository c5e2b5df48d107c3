#include "gateway/http/encode.h"

#include "gateway/base/text.h"
#include "gateway/http/syntax.h"

#include <algorithm>
#include <utility>

namespace vardbron::http {

namespace {

constexpr std::pair<unsigned, std::string_view> reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

void append_field(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

std::size_t bytes_of(const Fields& fields) {
  std::size_t bytes = 256;
  for (const Field& field : fields) bytes += field.name.size() + field.value.size() + 4;
  return bytes;
}

}  // namespace

std::string_view reason(unsigned status) {
  auto found =
      std::find_if(std::begin(reasons), std::end(reasons), [status](const auto& known) { return known.first == status; });
  return found == std::end(reasons) ? std::string_view() : found->second;
}

bool are_sendable(const Fields& fields) {
  constexpr std::string_view ours[] = {"Content-Length", "Transfer-Encoding", "Connection", "Date", "Host"};
  return std::all_of(fields.begin(), fields.end(), [&ours](const Field& field) {
    auto is_it = [&field](std::string_view name) { return equal_without_case(field.name, name); };
    return is_token(field.name) && is_field_value(field.value) && std::none_of(std::begin(ours), std::end(ours), is_it);
  });
}

std::string encode_answer(const Response& response, AnswerFrame frame) {
  bool has_body = response.status >= 200 && response.status != 204 && response.status != 304;
  std::string text;
  text.reserve(bytes_of(response.fields) + response.body.size());
  text.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason(response.status)).append("\r\n");
  append_field(text, "Date", frame.date);
  for (const Field& field : response.fields) append_field(text, field.name, field.value);
  if (has_body) append_field(text, "Content-Length", std::to_string(response.body.size()));
  if (!frame.keep_alive) append_field(text, "Connection", "close");
  text.append("\r\n");
  if (has_body && !frame.to_head) text.append(response.body);
  return text;
}

std::string encode_request(const Request& request, std::string_view host) {
  std::string text;
  text.reserve(bytes_of(request.fields) + request.target.size() + request.body.size());
  text.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  append_field(text, "Host", host);
  for (const Field& field : request.fields) append_field(text, field.name, field.value);
  bool tells_length = !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (tells_length) append_field(text, "Content-Length", std::to_string(request.body.size()));
  return text.append("\r\n").append(request.body);
}

}  // namespace vardbron::http
