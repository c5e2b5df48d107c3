#pragma once

#include "gateway/base/limits.h"
#include "gateway/http/server.h"
#include "tests/sim/sim_world.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::http {

/// A caller that writes raw bytes to serve_connection over a simulated wire and keeps what comes back.
struct Talk {
  explicit Talk(std::uint64_t seed = 1, sim::NetFaults faults = {}) : world(seed, faults) {
    auto [ours, theirs] = world.net.connect();
    wire = std::move(ours);
    world.spawn(serve_connection(std::move(theirs), serving, world.clock, stopping));
    world.spawn(listen());
  }
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  /// Writes and lets everything happen that happens without time passing.
  void say(std::string bytes) {
    world.spawn(write(std::move(bytes)));
    world.run_for(Instant{0});
  }
  /// The caller's side ends.
  void hang_up() {
    wire->abort();
    world.run_for(Instant{0});
  }

  Task<void> write(std::string bytes) {
    Result<void> sent = co_await wire->write_all(bytes, never);
    if (!sent) write_failed = true;
  }
  Task<void> listen() {
    std::array<char, 1024> room{};
    for (;;) {
      Result<std::size_t> got = co_await wire->read_some(room, never);
      if (!got || *got == 0) break;
      heard.append(room.data(), *got);
    }
    closed_at = world.clock.now();
    closed = true;
  }

  /// The status lines heard, in order.
  std::vector<std::string> statuses() const {
    std::vector<std::string> found;
    for (std::size_t at = heard.find("HTTP/1.1 "); at != std::string::npos; at = heard.find("HTTP/1.1 ", at + 1))
      found.push_back(heard.substr(at + 9, 3));
    return found;
  }

  static constexpr Deadline never{Instant::max()};
  std::string heard;
  bool closed = false;
  bool write_failed = false;
  Instant closed_at{0};
  bool stopping = false;
  std::vector<Request> requests;
  std::vector<std::pair<std::string, unsigned>> unread;  ///< what no handler answered: peer and status
  OnUnread on_unread = [this](std::string_view peer, unsigned status) { unread.emplace_back(peer, status); };
  Instant thinking{0};
  Handler handler = [this](Request request) { return answer(std::move(request)); };
  HeadCheck check_head = [](const Request&) { return std::string("known"); };
  FairShares bodies{limits::bodies_under_way_bytes_max};
  net::Networks trusted_proxies;
  std::vector<std::string> malformed_origins;  ///< proxies that said so
  Serving serving{.answer = [this](Request request) { return handler(std::move(request)); },
                  .on_unread = on_unread,
                  .check_head = [this](const Request& head) { return check_head(head); },
                  .bodies = &bodies,
                  .trusted_proxies = &trusted_proxies,
                  .on_malformed_origin = [this](std::string_view proxy) { malformed_origins.emplace_back(proxy); }};

  Task<Response> answer(Request request) {
    requests.push_back(request);
    if (thinking > Instant{0}) co_await world.clock.sleep_until(world.clock.now() + thinking);
    Response response;
    response.fields.push_back({"Content-Type", "text/plain"});
    response.body = request.method + " " + request.target + " " + request.body;
    co_return std::move(response);
  }

  sim::SimWorld world;
  net::StreamPtr wire;
};

}  // namespace vardbron::http
