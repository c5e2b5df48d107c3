#include "gateway/http/encode.h"

#include "gateway/base/text.h"
#include "gateway/http/syntax.h"

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <algorithm>

namespace vardbron::http {

namespace {

namespace beast = boost::beast::http;

constexpr std::size_t field_value_bytes_max = 65'533;  // the limit of Beast's fields

// A head's buffers are taken from Beast's writer directly, in one pass over the fields: its serializer, which may stop at any
// byte, needs five passes, which took a fifth of a small request's time.
std::string written(const beast::fields::writer& head, std::string_view body) {
  constexpr std::size_t usual_head_bytes = 512;
  std::string text;
  text.reserve(usual_head_bytes + body.size());
  auto buffers = head.get();
  for (boost::asio::const_buffer part : boost::beast::buffers_range_ref(buffers))
    text.append(static_cast<const char*>(part.data()), part.size());
  return text.append(body);
}

}  // namespace

std::string_view reason(unsigned status) {
  beast::status known = beast::int_to_status(status);
  return known == beast::status::unknown ? std::string_view() : std::string_view(beast::obsolete_reason(known));
}

bool are_sendable(const Fields& fields) {
  constexpr std::string_view ours[] = {"Content-Length", "Transfer-Encoding", "Connection", "Date", "Host"};
  return std::all_of(fields.begin(), fields.end(), [&ours](const Field& field) {
    auto is_it = [&field](std::string_view name) { return equal_without_case(field.name, name); };
    return is_token(field.name) && is_field_value(field.value) && field.value.size() <= field_value_bytes_max &&
           std::none_of(std::begin(ours), std::end(ours), is_it);
  });
}

std::string encode_answer(const Response& response, AnswerFrame frame) {
  bool has_body = response.status >= 200 && response.status != 204 && response.status != 304;
  beast::response_header<> message;
  message.version(11);
  message.result(response.status);
  message.insert(beast::field::date, frame.date);
  for (const Field& field : response.fields) message.insert(field.name, field.value);
  if (has_body) message.set(beast::field::content_length, std::to_string(response.body.size()));
  if (!frame.keep_alive) message.set(beast::field::connection, "close");
  bool is_body_sent = has_body && !frame.to_head;
  return written({message, message.version(), response.status}, is_body_sent ? response.body : std::string_view());
}

std::string encode_request(const Request& request, std::string_view host) {
  beast::request_header<> message;
  message.version(11);
  message.method_string(request.method);
  message.target(request.target);
  message.insert(beast::field::host, host);
  for (const Field& field : request.fields) message.insert(field.name, field.value);
  bool tells_length = !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (tells_length) message.set(beast::field::content_length, std::to_string(request.body.size()));
  return written({message, message.version(), message.method()}, request.body);
}

}  // namespace vardbron::http
