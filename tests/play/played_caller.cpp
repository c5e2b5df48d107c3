#include "tests/play/played_caller.h"

#include "gateway/base/check.h"
#include "gateway/http/client.h"
#include "gateway/net/tcp.h"
#include "gateway/sweden/luhn.h"

#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

namespace vardbron::play {

namespace {

net::Destinations loopback_only() {
  Result<net::Destinations> made = net::Destinations::allowing({"127.0.0.0/8"});
  CHECK(made);
  return std::move(*made);
}

std::string sample(const std::string& name) {
  std::ifstream file(VARDBRON_SOURCE_DIR "/mappings/cosmic-notice/cases/" + name + "/input.xml");
  CHECK(file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void replace_between(std::string& text, const std::string& before, const std::string& after, const std::string& with) {
  const std::size_t from = text.find(before);
  CHECK(from != std::string::npos);
  const std::size_t to = text.find(after, from + before.size());
  text.replace(from + before.size(), to - from - before.size(), with);
}

/// A reserve number of Stockholm (99yyyyNNNNNC), which nobody has: each case is about somebody else.
std::string number_for(const std::string& of_case) {
  std::uint64_t hash = 14'695'981'039'346'656'037u;  // FNV-1a
  for (const char letter : of_case) hash = (hash ^ static_cast<unsigned char>(letter)) * 1'099'511'628'211u;
  const std::string digits = std::to_string(1900 + hash / 100'000 % 120) + std::to_string(100'000 + hash % 100'000).substr(1);
  return "99" + digits + std::to_string(sweden::luhn_digit(std::string_view(digits).substr(2)));
}

}  // namespace

struct PlayedCaller::State {
  State(std::uint16_t to, std::string bearer, Clock& with)
      : port(to), token(std::move(bearer)), clock(with), dialer(loopback_only(), nullptr), client(dialer, clock) {}

  std::uint16_t port;
  std::string token;
  Clock& clock;
  net::TcpDialer dialer;
  http::Client client;
};

PlayedCaller::PlayedCaller(std::uint16_t port, std::string token, Clock& clock)
    : state_(std::make_unique<State>(port, std::move(token), clock)) {}
PlayedCaller::PlayedCaller(PlayedCaller&&) noexcept = default;
PlayedCaller::~PlayedCaller() {
  if (state_) state_->client.close_idle();
}

Task<Result<http::Response>> PlayedCaller::call(std::string method, std::string target, std::string content_type,
                                                std::string body, http::Fields more) {
  http::Call call;
  call.to = {"127.0.0.1", state_->port, false};
  call.request.method = std::move(method);
  call.request.target = std::move(target);
  call.request.body = std::move(body);
  if (!content_type.empty()) call.request.fields.push_back({"Content-Type", std::move(content_type)});
  call.request.fields.push_back({"Authorization", "Bearer " + state_->token});
  for (http::Field& each : more) call.request.fields.push_back(std::move(each));
  const Deadline until = state_->clock.in(std::chrono::seconds(20));
  Result<http::Answer> answer = co_await state_->client.send(std::move(call), until);
  if (!answer) co_return std::move(answer).failure();
  if (answer->unread) co_return *std::move(answer->unread);
  co_return http::Response(*std::move(answer));
}

std::string cosmic_notice(const NoticeName& name) {
  static const std::map<std::string, std::string> samples{{"admission", sample("admission")}, {"discharge", sample("discharge")}};
  std::string text = samples.at(name.sample);
  replace_between(text, "<meddelande>\n    <id>", "</id>", name.message);
  replace_between(text, "<arende>\n    <id>", "</id>", name.of_case);
  replace_between(text, "<personId>", "</personId>", number_for(name.of_case));
  replace_between(text, "<personIdTyp>", "</personIdTyp>", "RES");
  return text;
}

std::string subscription_to(const std::string& endpoint, const std::string& content) {
  return R"({"resourceType":"Subscription","status":"requested","reason":"played","criteria":)"
         R"("https://vardbron.example/fhir/SubscriptionTopic/case","channel":{"type":"rest-hook","endpoint":")" +
         endpoint +
         R"(","_payload":{"extension":[{"url":)"
         R"("http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content","valueCode":")" +
         content + R"("}]},"payload":"application/fhir+json"}})";
}

}  // namespace vardbron::play
