#pragma once

#include "gateway/http/message.h"
#include "gateway/http/server.h"
#include "gateway/net/byte_stream.h"
#include "tests/sim/sim_world.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace vardbron::subscription {

/// A notification as a receiver understood it.
struct Received {
  Instant at{0};
  std::string type, status, id;
  std::int64_t events = 0;            ///< events-since-subscription-start
  std::vector<std::int64_t> numbers;  ///< of the notification-events
  http::Request request;
};

/// Reads the status part of a notification bundle in FHIR JSON.
Received understand(const http::Request& request);

/// A municipality's system on the simulated network. It answers 200 by default.
class Receiver {
 public:
  /// The status to answer with.
  using Script = std::function<unsigned(const Received&)>;

  Receiver(sim::SimWorld& world, const std::string& host, std::uint16_t port = 443);

  Script answer = [](const Received&) { return 200u; };
  Instant thinks_for{0};
  std::string retry_after;

  const std::vector<Received>& all() const { return received_; }
  /// Notifications of that type that were answered 2xx, in order of arrival.
  std::vector<Received> taken(const std::string& type = "event-notification") const;
  /// Numbers of all events taken, in order of arrival.
  std::vector<std::int64_t> numbers() const;

  void stop();

 private:
  Task<http::Response> handle(http::Request request);

  sim::SimWorld& world_;
  std::unique_ptr<net::Listener> listener_;
  http::Server server_;
  std::vector<Received> received_;
  std::vector<unsigned> answers_;
};

}  // namespace vardbron::subscription
