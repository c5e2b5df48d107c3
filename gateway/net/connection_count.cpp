#include "gateway/net/connection_count.h"

#include "gateway/base/limits.h"

#include <algorithm>
#include <utility>

namespace vardbron::net {

ConnectionCount::ConnectionCount(ConnectionBounds bounds, Networks proxies, Metrics* metrics)
    : beside_proxies_(bounds.beside_proxies), proxies_(std::move(proxies)), shares_(bounds.in_all, bounds.per_address) {
  if (metrics == nullptr) return;
  open_ = &metrics->gauge("vardbron_http_connections", "Callers that are connected.");
  turned_away_ = &metrics->counter("vardbron_http_connections_turned_away_total",
                                   "Callers that were hung up on, since there were too many of them, or of their address.");
}

bool ConnectionCount::enter(const std::string& address) {
  const std::string network = network_of(address);
  const bool has_room = proxies_.hold(address) ? shares_.take_all_but(beside_proxies_, network, 1) : shares_.take(network, 1);
  if (!has_room && turned_away_ != nullptr) turned_away_->add();
  if (has_room && open_ != nullptr) open_->add(1);
  return has_room;
}

void ConnectionCount::leave(const std::string& address) {
  shares_.give_back(network_of(address), 1);
  if (open_ != nullptr) open_->add(-1);
}

ConnectionBounds connection_bounds(std::size_t descriptors_max) {
  const std::size_t in_all =
      descriptors_max == 0 ? limits::connections_max : std::min(limits::connections_max, descriptors_max / 5 * 4);
  return {in_all, std::min(limits::connections_per_address_max, in_all),
          std::min(limits::connections_beside_proxies_min, in_all / 2)};
}

}  // namespace vardbron::net
