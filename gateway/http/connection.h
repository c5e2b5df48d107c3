#pragma once

#include "gateway/base/clock.h"
#include "gateway/http/head.h"
#include "gateway/http/head_scanner.h"
#include "gateway/http/inbox.h"
#include "gateway/http/message.h"
#include "gateway/net/byte_stream.h"

#include <string>
#include <variant>

namespace vardbron::http {

/// One caller's connection, as serve_connection describes it. What it refers to outlives it.
class Connection {
 public:
  Connection(net::StreamPtr stream, const Handler& handler, Clock& clock, const bool& stopping, const OnUnread& on_unread,
             const Refuser* refuser);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Task<void> serve();
  /// Ends at once when no request is under way.
  void end_if_idle();

 private:
  struct Ended {};  // the peer left, or waiting was cancelled: there is nobody to answer
  struct Incoming {
    Request request;
    bool keep_alive = true;
  };

  Task<std::variant<RequestHead, Refusal, Ended>> read_head();
  Task<std::variant<Incoming, Refusal, Ended>> read_request();
  Task<Response> handle(Request request);
  Task<bool> answer(Response response, bool keep_alive, bool to_head);
  Task<void> refuse(Refusal refusal);
  void tell_unread(unsigned status) const;
  std::string_view date();

  net::StreamPtr stream_;
  const Handler& handler_;
  Clock& clock_;
  const bool& stopping_;
  const OnUnread& on_unread_;
  const Refuser* refuser_;
  Request head_;  // of what is refused while its body comes
  Inbox inbox_;
  bool is_idle_ = false;
  bool is_first_ = true;
  std::string date_;
  std::chrono::sys_seconds date_second_{};
};

}  // namespace vardbron::http
