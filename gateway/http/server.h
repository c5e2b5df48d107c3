#pragma once

#include "gateway/base/clock.h"
#include "gateway/http/message.h"
#include "gateway/http/refusal.h"
#include "gateway/net/byte_stream.h"

#include <memory>

namespace vardbron::http {

/// Serves one connection until it ends, an idle deadline passes or a request is malformed. Every request is read under
/// limits.h and parsed by our own strict rules; answers go out in the order of the requests. `stopping` is looked at between
/// requests: true ends the connection after the running answer. `clock`, `handler`, `stopping` and `refuser` outlive the
/// connection; without a refuser what is refused before it reaches the handler is told as plain text.
Task<void> serve_connection(net::StreamPtr stream, const Handler& handler, Clock& clock, const bool& stopping,
                            OnUnread on_unread = {}, const Refuser* refuser = nullptr);

/// Accepts callers and serves each of them. One per worker, on that worker's thread; listener and clock outlive it.
class Server {
 public:
  Server(net::Listener& listener, Handler handler, Clock& clock, OnUnread on_unread = {}, Refuser refuser = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Until stop(), and then until the last connection has ended. Called once; the server outlives it.
  Task<void> run();
  /// No new callers; idle connections are closed, running requests are answered first.
  void stop();
  /// Ends what is still running, at its next wait.
  void cancel();
  std::size_t connections() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vardbron::http
