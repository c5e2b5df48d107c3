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

/// Called with a request whose body has not arrived: the known caller, to whose share the body counts; or an answer that refuses
/// the request, whose body is not read then.
using HeadCheck = std::function<std::variant<std::string, Response>(const Request&)>;

/// Called when a trusted proxy's field for the origin of a request cannot be parsed. Must not throw; called on the connection's
/// thread.
using OnMalformedOrigin = std::function<void(std::string_view proxy)>;

/// The handlers of a server, and what all servers share; everything outlives them.
struct Serving {
  Handler answer;
  OnUnread on_unread = nullptr;
  Refuser refuser = nullptr;                       ///< none: refusals of the connection itself are plain text
  HeadCheck check_head = nullptr;                  ///< none: every body is read
  FairShares* bodies = nullptr;                    ///< bytes of bodies that are being read or answered; none: unlimited in total
  const net::Networks* trusted_proxies = nullptr;  ///< none: the caller is always the connection's other end
  OnMalformedOrigin on_malformed_origin = nullptr;
};

/// Serves one connection until it ends, an idle deadline passes or a request is malformed. Every request is read under limits.h
/// and checked by our guard before Boost.Beast reads it; answers go out in the order of the requests. `stopping` is looked at
/// between requests: true ends the connection after the running answer. `clock`, `serving` and `stopping` outlive the connection.
Task<void> serve_connection(net::StreamPtr stream, const Serving& serving, Clock& clock, const bool& stopping);

/// Accepts callers and serves each of them. One per worker, on that worker's thread; listener and clock outlive it.
class Server {
 public:
  Server(net::Listener& listener, Serving serving, Clock& clock);
  Server(net::Listener& listener, Handler handler, Clock& clock);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Runs until stop(), and then until the last connection has ended. Called once; the server outlives it.
  Task<void> run();
  /// No new callers; idle connections are closed, running requests are answered first.
  void stop();
  /// Cancels all tasks, at their next wait.
  void cancel();
  std::size_t connections() const;

 private:
  struct State;
  static Task<void> look_for_callers(State& state);

  std::unique_ptr<State> state_;
};

}  // namespace vardbron::http
