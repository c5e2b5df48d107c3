#pragma once

// Tested by tests/http/connection_test.cpp and tests/http/negotiation_test.cpp.

#include "gateway/base/task.h"

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::http {

struct Field {
  std::string name;  ///< as sent; compared without case
  std::string value;
};

using Fields = std::vector<Field>;

/// First value of that name, "" when there is none.
std::string_view find(const Fields& fields, std::string_view name);

/// A request whose framing was checked: one Host (HTTP/1.0 may do without), one length, no trailers. Source: RFC 9110, 9112.
struct Request {
  std::string method;
  std::string target;  ///< origin form, as sent: /fhir/Task?status=requested
  Fields fields;
  std::string body;
  std::string peer;  ///< address of the caller; through a trusted proxy: the one that it gives (forwarded.h)
  bool over_tls = false;
  /// Requested if the caller hangs up while the request is answered, or ends its side and still reads, which looks the same: for
  /// handlers that take long and keep nothing. It comes no sooner than limits::caller_look_pause after the request.
  std::stop_token abandoned{};
};

/// The server adds Content-Length, Date and Connection. Field values are checked: no line ends, no control characters.
struct Response {
  unsigned status = 200;
  Fields fields;
  std::string body;
  bool is_logged = false;  ///< a refusal that is logged and counted already; not sent
};

/// Answers one request. Must not throw; called on the connection's thread.
using Handler = std::function<Task<Response>(Request)>;

/// Called for each answer that is not from a handler: the bytes from `peer` were no acceptable request (4xx, 501, 505), or the
/// handler failed (500, which is logged). Must not throw; called on the connection's thread. May be empty.
using OnUnread = std::function<void(std::string_view peer, unsigned status)>;

}  // namespace vardbron::http
