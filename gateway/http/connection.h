#pragma once

#include "gateway/base/clock.h"
#include "gateway/http/message.h"
#include "gateway/http/read_buffer.h"
#include "gateway/http/request_reader.h"
#include "gateway/http/server.h"
#include "gateway/net/byte_stream.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

namespace vardbron::http {

/// One caller's connection, as serve_connection describes it. What it refers to outlives it.
class Connection {
 public:
  Connection(net::StreamPtr stream, const Serving& serving, Clock& clock, const bool& stopping);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Task<void> serve();
  /// Ends at once when no request is in progress.
  void end_if_idle();
  /// Whether the caller of the request in progress is still there; only from the second look at one request on.
  void look_for_caller();

 private:
  struct Ended {};  // the peer has left, or the task was cancelled: nothing is answered
  struct Incoming {
    Request request;
    bool keep_alive = true;
  };
  using Reading = std::variant<Incoming, Refusal, Response, Ended>;
  using Trouble = std::optional<std::variant<Refusal, Response, Ended>>;

  Task<Trouble> read_head(RequestReader& reader);
  Task<Trouble> read_body(RequestReader& reader);
  static Reading as_reading(std::variant<Refusal, Response, Ended> trouble);
  void find_origin(Request& request);
  Task<Trouble> before_body(RequestReader& reader);
  Task<void> drop_body();
  Task<Reading> read_request();
  Task<Response> handle(Request request);
  Task<bool> answer(Response response, bool keep_alive, bool to_head);
  Task<void> refuse(Refusal refusal);
  void tell_unread(unsigned status) const;
  std::string_view date();

  net::StreamPtr stream_;
  const Serving& serving_;
  std::string origin_;  // of the request that is being read: its caller's address
  FairShare share_;
  Clock& clock_;
  const bool& stopping_;
  Request head_;          // of a request that is refused while its body arrives
  bool to_head_ = false;  // the current request is a HEAD, also where it is refused before it was read
  ReadBuffer read_buffer_;
  std::stop_source abandoned_;
  enum class Handling : std::uint8_t { Nothing, New, Looked } handling_ = Handling::Nothing;
  bool is_idle_ = false;
  bool is_first_ = true;
  std::string date_;
  std::chrono::sys_seconds date_second_{};
};

}  // namespace vardbron::http
