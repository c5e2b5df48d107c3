// Tested by tests/system/app/receive_command_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/counted.h"
#include "gateway/base/text.h"
#include "gateway/clients/commands.h"
#include "gateway/clients/notification_client.h"
#include "gateway/clients/web_client.h"
#include "gateway/formats/json/parse.h"
#include "gateway/http/server.h"
#include "gateway/net/tcp.h"
#include "gateway/workspace/print.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <utility>

namespace vardbron::clients {

namespace {

struct Receiver {
  explicit Receiver(const ReceiveOptions& given) : options(given), client(given) {}

  Task<http::Response> answer(http::Request request);
  void stop() {
    if (server) server->stop();
    if (listener) listener->stop();
    signals.cancel();
  }

  const ReceiveOptions& options;
  NotificationClient client;
  asio::io_context io{1};
  asio::signal_set signals{io, SIGINT, SIGTERM};
  RealClock clock;
  std::unique_ptr<net::Listener> listener;
  std::unique_ptr<http::Server> server;
  std::size_t failed = 0;
};

Task<http::Response> Receiver::answer(http::Request request) {
  http::Response response;
  response.fields.push_back({"Content-Type", "text/plain"});
  if (options.slow_ms > 0) co_await clock.sleep_until(clock.now() + std::chrono::milliseconds(options.slow_ms));
  const bool is_event = client.is_event_notification(request.body);
  if (is_event && failed < options.fail_first) {
    ++failed;
    client.say("answers 503, as it was told to (" + std::to_string(failed) + " of " + std::to_string(options.fail_first) + ")");
    response.status = 503;
    co_return response;
  }
  Result<void> taken = client.take(request.body);
  if (!taken) {
    client.say("refuses what came: " + taken.failure().says);
    response.status = 400;
    co_return response;
  }
  if (options.stop_after > 0 && client.events() >= options.stop_after) stop();
  co_return response;
}

// "127.0.0.1:9090"
Result<net::ListenOptions> listen_options(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  const std::optional<std::int64_t> port =
      colon == std::string::npos ? std::nullopt : parse_int(std::string_view(listen).substr(colon + 1));
  if (!port || *port < 0 || *port > 65535)
    return Failure{Cause::Invalid, "--listen: '" + listen + "' does not read address:port.", listen};
  net::ListenOptions options;
  options.host = listen.substr(0, colon);
  options.port = static_cast<std::uint16_t>(*port);
  return options;
}

Result<void> open_listener(Receiver& receiver, net::ListenOptions where) {
  Result<std::unique_ptr<net::Listener>> listener = net::listen_tcp(receiver.io.get_executor(), std::move(where));
  if (!listener) return std::move(listener).failure();
  receiver.listener = std::move(*listener);
  http::Handler handler = [&receiver](http::Request request) { return receiver.answer(std::move(request)); };
  receiver.server = std::make_unique<http::Server>(*receiver.listener, std::move(handler), receiver.clock);
  return done();
}

}  // namespace

int receive(const ReceiveOptions& options) {
  Result<net::ListenOptions> where = listen_options(options.listen);
  if (!where) return workspace::print_wrong_use("receive", where.failure().says);
  if (!options.gateway.empty()) {
    Result<WebClient> client = WebClient::open(options.gateway, options.token, options.authorities);
    if (!client) return print_unopened(client.failure());
  }
  Receiver receiver(options);
  Result<void> opened = open_listener(receiver, *std::move(where));
  if (!opened) return workspace::print_failure(opened.failure());
  const std::string host = options.listen.substr(0, options.listen.rfind(':'));
  const std::string endpoint = "http://" + host + ":" + std::to_string(receiver.listener->port()) + "/notifications";
  receiver.client.say("listens at " + endpoint);
  receiver.signals.async_wait([&receiver](const boost::system::error_code& error, int) {
    if (!error) receiver.stop();
  });
  auto rethrow = [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  };
  asio::co_spawn(receiver.io, receiver.server->run(), rethrow);
  // The gateway answers the creation before it sends the handshake, so subscribing before serving cannot dead-lock.
  if (!options.gateway.empty()) {
    Result<void> subscribed = receiver.client.subscribe(endpoint);
    if (!subscribed) return workspace::print_failure(subscribed.failure());
  }
  receiver.io.run();
  receiver.client.unsubscribe();
  receiver.client.say("has received " + counted(receiver.client.events(), "event"));
  return workspace::Done;
}

}  // namespace vardbron::clients
