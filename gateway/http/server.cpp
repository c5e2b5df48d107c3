#include "gateway/http/server.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/scope.h"
#include "gateway/http/connection.h"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <list>
#include <optional>
#include <utility>

namespace vardbron::http {

struct Server::State {
  net::Listener& listener;
  Serving serving;
  Clock& clock;
  bool stopping = false;
  std::list<Connection*> connections;
  bool is_looking = false;  ///< for callers that have hung up
  std::optional<Scope> scope, lookout;
};

namespace {

// Is in the list as long as its connection exists.
class Entry {
 public:
  Entry(std::list<Connection*>& all, Connection& one) : all_(all), place_(all.insert(all.end(), &one)) {}
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  ~Entry() { all_.erase(place_); }

 private:
  std::list<Connection*>& all_;
  std::list<Connection*>::iterator place_;
};

struct Place {
  const Serving& serving;
  Clock& clock;
  const bool& stopping;
  std::list<Connection*>& all;
};

// A connection that fails must not end the others: no exception leaves this task.
Task<void> serve_caller(net::StreamPtr stream, Place place) {
  try {
    Connection connection(std::move(stream), place.serving, place.clock, place.stopping);
    Entry entry(place.all, connection);
    co_await connection.serve();
  } catch (const boost::system::system_error& thrown) {
    if (thrown.code() != asio::error::operation_aborted) log::error("a connection ended with a system error");
  } catch (const std::exception&) {
    log::error("a connection ended with an exception");
  }
}

}  // namespace

Server::Server(net::Listener& listener, Serving serving, Clock& clock)
    : state_(new State{listener, std::move(serving), clock, false, {}, false, std::nullopt, std::nullopt}) {}

Server::Server(net::Listener& listener, Handler handler, Clock& clock)
    : Server(listener, Serving{.answer = std::move(handler)}, clock) {}

Server::~Server() = default;

// As long as there are connections.
Task<void> Server::look_for_callers(State& state) {
  bool goes_on = true;
  while (goes_on && !state.connections.empty()) {
    for (Connection* connection : state.connections) connection->look_for_caller();
    goes_on = co_await state.clock.sleep_until(state.clock.now() + limits::caller_look_pause);
  }
  state.is_looking = false;
}

Task<void> Server::run() {
  State& state = *state_;
  auto executor = co_await asio::this_coro::executor;
  state.scope.emplace(executor);
  state.lookout.emplace(executor);
  while (!state.stopping) {
    Result<net::StreamPtr> caller = co_await state.listener.accept();
    if (!caller) break;
    Place place{state.serving, state.clock, state.stopping, state.connections};
    state.scope->spawn(serve_caller(*std::move(caller), place));
    if (!std::exchange(state.is_looking, true)) state.lookout->spawn(look_for_callers(state));
  }
  stop();
  state.lookout->cancel();
  co_await state.scope->join();
  co_await state.lookout->join();
  state.scope.reset();
  state.lookout.reset();
}

void Server::stop() {
  if (std::exchange(state_->stopping, true)) return;
  state_->listener.stop();
  for (Connection* connection : state_->connections) connection->end_if_idle();
}

void Server::cancel() {
  stop();
  if (state_->lookout) state_->lookout->cancel();
  if (state_->scope) state_->scope->cancel();
}

std::size_t Server::connections() const { return state_->connections.size(); }

}  // namespace vardbron::http
