#include "gateway/clients/web_client.h"

#include "gateway/base/clock.h"
#include "gateway/base/limits.h"
#include "gateway/http/client.h"
#include "gateway/net/tcp.h"
#include "gateway/subscription/endpoints.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/print.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <utility>

namespace vardbron::clients {

struct WebClient::State {
  State(subscription::Url to, std::string bearer, net::Destinations destinations, std::shared_ptr<const net::Tls> tls)
      : url(std::move(to)), token(std::move(bearer)), dialer(std::move(destinations), std::move(tls)), client(dialer, clock) {}

  subscription::Url url;
  std::string token;
  asio::io_context io{1};
  RealClock clock;
  net::TcpDialer dialer;
  http::Client client;
};

namespace {

// A user of the command may call any server; destinations of the gateway itself are restricted (net/destinations.h).
Result<net::Destinations> anywhere() { return net::Destinations::allowing({"0.0.0.0/0", "::/0"}); }

Task<> keep_answer(http::Client& client, http::Call call, Deadline until, std::optional<Result<http::Response>>& into) {
  Result<http::Answer> answer = co_await client.send(std::move(call), until);
  if (!answer || answer->unread) {
    into.emplace(answer ? *std::move(answer->unread) : std::move(answer).failure());
  } else {
    into.emplace(http::Response(*std::move(answer)));
  }
}

}  // namespace

WebClient::WebClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
WebClient::WebClient(WebClient&&) noexcept = default;
WebClient::~WebClient() {
  if (state_) state_->client.close_idle();
}

Result<WebClient> WebClient::open(const std::string& url, const std::string& token, const std::string& authorities) {
  Result<subscription::Url> parsed = subscription::parse_url(url);
  if (!parsed) return std::move(parsed).failure();
  if (!authorities.empty()) {
    Result<std::string> trusted = workspace::read_file(authorities);
    if (!trusted) return std::move(trusted).failure();
  }
  std::shared_ptr<const net::Tls> tls;
  if (parsed->address.tls) {
    Result<std::shared_ptr<const net::Tls>> made = net::Tls::for_client(authorities);
    if (!made) return Failure{Cause::Unsupported, made.failure().says, made.failure().where};
    tls = std::move(*made);
  }
  Result<net::Destinations> destinations = anywhere();
  if (!destinations) return std::move(destinations).failure();
  return WebClient(std::make_unique<State>(std::move(*parsed), token, std::move(*destinations), std::move(tls)));
}

int print_unopened(const Failure& failure) {
  const workspace::ExitCode code = workspace::print_failure(failure);
  return failure.cause == Cause::Invalid ? workspace::WrongUse : code;
}

Result<http::Response> WebClient::send(std::string method, std::string target, http::Fields fields, std::string body) {
  http::Call call;
  call.to = state_->url.address;
  call.host_field = state_->url.host_field();
  call.request.method = std::move(method);
  call.request.target = target.empty() ? state_->url.target : std::move(target);
  call.request.body = std::move(body);
  call.request.fields = std::move(fields);
  if (!state_->token.empty()) call.request.fields.push_back({"Authorization", "Bearer " + state_->token});
  std::optional<Result<http::Response>> answer;
  const Deadline until = state_->clock.in(limits::delivery_time_max);
  asio::co_spawn(state_->io, keep_answer(state_->client, std::move(call), until, answer), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  state_->io.restart();
  while (!answer && state_->io.run_one() > 0) {}
  if (!answer) return Failure{Cause::Broken, "The call ended without an answer.", ""};
  return std::move(*answer);
}

}  // namespace vardbron::clients
