#include "gateway/base/scope.h"
#include "gateway/http/client.h"
#include "gateway/http/server.h"
#include "gateway/net/tcp.h"
#include "gateway/net/tls.h"
#include "gateway/net/workers.h"
#include "tests/system/net/certificates.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>
#include <vector>

/// Requests a second of a handler that does nothing, over loopback, with keep-alive connections; caller and server share the
/// machine. Without numbers: eight connections, and then one sender over TCP beside one over TLS, which keep their connection or
/// close it after each answer. bench_http [CONNECTIONS] [SECONDS] [SERVER_THREADS]
namespace vardbron {
namespace {

using std::chrono::steady_clock;

struct Wish {
  int connections = 8;
  int seconds = 3;
  std::size_t server_threads = 1;
  bool tls = false;
  bool keeps_connection = true;
};

struct Figures {
  std::vector<double> micros;  ///< of each answered request
  std::size_t failed = 0;
};

Task<http::Response> answer(http::Request request) {
  http::Response response;
  response.fields.push_back({"Content-Type", "application/fhir+json"});
  response.body = std::move(request.body);
  co_return std::move(response);
}

Task<void> serve(std::unique_ptr<net::Listener> listener, std::promise<http::Server*>& started) {
  RealClock clock;
  http::Server server(*listener, answer, clock);
  started.set_value(&server);
  co_await server.run();
}

struct Target {
  std::uint16_t port = 0;
  std::shared_ptr<const net::Tls> tls;  ///< none: in the clear
  bool keeps_connection = true;
};

Task<void> call_until(Target target, steady_clock::time_point end, Figures& figures) {
  RealClock clock;
  net::TcpDialer dialer(*net::Destinations::allowing({"127.0.0.0/8"}), target.tls);
  http::Client client(dialer, clock);
  http::Call call;
  call.to = net::Address{"127.0.0.1", target.port, target.tls != nullptr};
  call.request.method = "POST";
  call.request.target = "/intake/bench";
  call.request.fields.push_back({"Content-Type", "application/fhir+json"});
  call.request.body = std::string(700, 'x');
  while (steady_clock::now() < end) {
    auto start = steady_clock::now();
    Deadline until = clock.in(std::chrono::seconds(5));
    Result<http::Answer> response = co_await client.send(call, until);
    if (!response || response->status != 200) ++figures.failed;
    figures.micros.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - start).count());
    if (!target.keeps_connection) client.close_idle();
  }
}

Task<void> call_all(Target target, Wish wish, std::promise<Figures>& done) {
  Figures figures;
  auto end = steady_clock::now() + std::chrono::seconds(wish.seconds);
  auto executor = co_await asio::this_coro::executor;
  Scope scope(executor);
  for (int i = 0; i < wish.connections; ++i) scope.spawn(call_until(target, end, figures));
  co_await scope.join();
  done.set_value(std::move(figures));
}

Figures measure(Wish wish) {
  net::Authority authority;
  const net::Authority::Files files = authority.issue("server");
  Target target{.port = 0,
                .tls = wish.tls ? *net::Tls::for_client(authority.trusted_file()) : nullptr,
                .keeps_connection = wish.keeps_connection};
  const auto server_tls = wish.tls ? *net::Tls::for_server({files.certificate, files.private_key}) : nullptr;
  net::Workers servers(wish.server_threads), callers(1);
  std::vector<http::Server*> running;
  servers.start();
  for (std::size_t worker = 0; worker < servers.size(); ++worker) {
    net::ListenOptions options{.port = target.port, .share_port = true, .tls = server_tls};
    auto listener = *net::listen_tcp(servers.executor(worker), options);
    target.port = listener->port();
    std::promise<http::Server*> started;
    servers.spawn(worker, serve(std::move(listener), started));
    running.push_back(started.get_future().get());
  }
  std::promise<Figures> done;
  callers.start();
  callers.spawn(0, call_all(target, wish, done));
  Figures figures = done.get_future().get();
  callers.join();
  for (std::size_t worker = 0; worker < servers.size(); ++worker)
    servers.post(worker, [server = running[worker]] { server->stop(); });
  servers.join();
  return figures;
}

// Prints its figures; the middle time of one request in microseconds, 0 when something failed.
double run(Wish wish) {
  Figures figures = measure(wish);
  std::sort(figures.micros.begin(), figures.micros.end());
  if (figures.micros.empty()) return 0;
  auto at = [&figures](double part) {
    return figures.micros[static_cast<std::size_t>(part * static_cast<double>(figures.micros.size() - 1))];
  };
  std::printf("%s, %s, %d connections, %zu server threads: %.0f requests/s, p50 %.0f us, p99 %.0f us, %zu failed\n",
              wish.tls ? "https" : "http", wish.keeps_connection ? "kept" : "one request each", wish.connections,
              wish.server_threads, static_cast<double>(figures.micros.size()) / wish.seconds, at(0.5), at(0.99), figures.failed);
  return figures.failed == 0 ? at(0.5) : 0;
}

bool run_tls_beside_plain() {
  bool is_well = true;
  for (bool keeps : {true, false}) {
    Wish wish{.connections = 1, .keeps_connection = keeps};
    double plain = run(wish);
    wish.tls = true;
    double tls = run(wish);
    is_well = is_well && plain > 0 && tls > 0;
    if (is_well) std::printf("TLS takes %.2f times as long\n", tls / plain);
  }
  return is_well;
}

}  // namespace
}  // namespace vardbron

int main(int count, char** words) {
  vardbron::Wish wish;
  if (count > 1) wish.connections = std::atoi(words[1]);
  if (count > 2) wish.seconds = std::atoi(words[2]);
  if (count > 3) wish.server_threads = static_cast<std::size_t>(std::atoi(words[3]));
  bool is_well = vardbron::run(wish) > 0;
  if (count == 1) is_well = vardbron::run_tls_beside_plain() && is_well;
  return is_well ? 0 : 1;
}
