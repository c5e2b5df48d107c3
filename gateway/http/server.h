#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/fair_shares.h"
#include "gateway/http/message.h"
#include "gateway/http/refusal.h"
#include "gateway/net/byte_stream.h"
#include "gateway/net/networks.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace vardbron::http {

/// Asked with a request whose body still has to be waited for: who of those who are known sends it, of whose share the body is;
/// or an answer, which turns the caller away, and its body is not read.
using HeadCheck = std::function<std::variant<std::string, Response>(const Request&)>;

/// A trusted proxy said in no readable way for whom it passes a request on. Must not throw; called on the connection's thread.
using OnMalformedOrigin = std::function<void(std::string_view proxy)>;

/// What a server does with requests, and what all servers have together and outlives them.
struct Serving {
  Handler answer;
  OnUnread on_unread = nullptr;
  Refuser refuser = nullptr;       ///< none: what is refused before it is a request is told as plain text
  HeadCheck check_head = nullptr;  ///< none: every body is read
  FairShares* bodies = nullptr;    ///< bytes of bodies that are read or wait for their answer; none: each counts for itself
  const net::Networks* trusted_proxies = nullptr;  ///< none: each connection's other end is who sends its requests
  OnMalformedOrigin on_malformed_origin = nullptr;
};

/// Serves one connection until it ends, an idle deadline passes or a request is malformed. Every request is read under
/// limits.h and held to our guard before Boost.Beast reads it; answers go out in the order of the requests. `stopping` is looked
/// at between requests: true ends the connection after the running answer. `clock`, `serving` and `stopping` outlive the
/// connection.
Task<void> serve_connection(net::StreamPtr stream, const Serving& serving, Clock& clock, const bool& stopping);

/// Accepts callers and serves each of them. One per worker, on that worker's thread; listener and clock outlive it.
class Server {
 public:
  Server(net::Listener& listener, Serving serving, Clock& clock);
  Server(net::Listener& listener, Handler handler, Clock& clock);
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
