#pragma once

#include "gateway/base/fair_shares.h"
#include "gateway/base/metrics.h"
#include "gateway/net/networks.h"

#include <cstddef>
#include <string>

namespace vardbron::net {

/// Limits of the number of connected callers.
struct ConnectionBounds {
  std::size_t in_all = 0;
  std::size_t per_address = 0;
  std::size_t beside_proxies = 0;  ///< left free by the trusted proxies
};

/// Counts connected callers, in all and per address: an address has its fair share of the connections (base/fair_shares.h), and
/// an IPv6 network counts as one address (network_of). A trusted proxy, which may serve all callers, may use all that is free.
/// Shared by the listeners of all workers; must outlive their streams.
class ConnectionCount {
 public:
  /// `metrics` must outlive it and may be null.
  explicit ConnectionCount(ConnectionBounds bounds, Networks proxies = {}, Metrics* metrics = nullptr);
  ConnectionCount(const ConnectionCount&) = delete;
  ConnectionCount& operator=(const ConnectionCount&) = delete;

  /// False: full, the caller must be refused. After true leave() must be called exactly once. Any thread.
  bool enter(const std::string& address);
  void leave(const std::string& address);
  std::size_t in_all() const { return shares_.taken(); }

 private:
  const std::size_t beside_proxies_;
  const Networks proxies_;
  FairShares shares_;
  Gauge* open_ = nullptr;
  Counter* turned_away_ = nullptr;
};

/// The limits of base/limits.h, or less if this process may have fewer descriptors than they need, since files and our own calls
/// need some. `descriptors_max` is 0 if unknown.
ConnectionBounds connection_bounds(std::size_t descriptors_max);

}  // namespace vardbron::net
