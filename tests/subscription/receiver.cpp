#include "tests/subscription/receiver.h"

#include "gateway/base/check.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/parse.h"
#include "r4.h"

namespace vardbron::subscription {

namespace {

void take_parameter(tree::Item parameter, Received& into) {
  std::string_view name = parameter.text_of("name");
  if (name == "type") into.type = parameter.text_of("valueCode");
  if (name == "status") into.status = parameter.text_of("valueCode");
  if (name == "events-since-subscription-start") into.events = parse_int(parameter.text_of("valueString")).value_or(-1);
  if (name != "notification-event") return;
  for (tree::Item part = parameter.first_child(); part; part = part.next()) {
    if (part.text_of("name") == "event-number") into.numbers.push_back(parse_int(part.text_of("valueString")).value_or(-1));
  }
}

}  // namespace

Received understand(const http::Request& request) {
  Received read;
  read.request = request;
  Result<tree::Document> document = json::parse(request.body, r4().names());
  CHECK(document);
  tree::Item bundle = tree::root(*document);
  read.id = bundle.text_of("id");
  tree::Item parameters = bundle.child("entry").child("resource");
  for (tree::Item child = parameters.first_child(); child; child = child.next()) {
    if (child.name_text() == "parameter") take_parameter(child, read);
  }
  return read;
}

Receiver::Receiver(sim::SimWorld& world, const std::string& host, std::uint16_t port)
    : world_(world),
      listener_(world.net.listen(host, port)),
      server_(
          *listener_, [this](http::Request request) { return handle(std::move(request)); }, world.clock) {
  world_.spawn(server_.run());
}

Task<http::Response> Receiver::handle(http::Request request) {
  std::size_t place = received_.size();
  bool readable = request.body.starts_with('{');
  Received read;
  if (readable) read = understand(request);
  read.request = std::move(request);
  read.at = world_.clock.now();
  received_.push_back(read);
  unsigned status = answer(read);
  answers_.push_back(0);
  if (thinks_for.count() > 0) co_await world_.clock.sleep_until(world_.clock.now() + thinks_for);
  answers_[place] = status;
  http::Response response;
  response.status = status;
  if (!retry_after.empty()) response.fields.push_back({"Retry-After", retry_after});
  co_return response;
}

std::vector<Received> Receiver::taken(const std::string& type) const {
  std::vector<Received> some;
  for (std::size_t at = 0; at < received_.size(); ++at) {
    if (received_[at].type == type && answers_[at] >= 200 && answers_[at] < 300) some.push_back(received_[at]);
  }
  return some;
}

std::vector<std::int64_t> Receiver::numbers() const {
  std::vector<std::int64_t> all;
  for (const Received& read : taken()) all.insert(all.end(), read.numbers.begin(), read.numbers.end());
  return all;
}

void Receiver::stop() {
  server_.stop();
  server_.cancel();
}

}  // namespace vardbron::subscription
