#pragma once

#include "gateway/base/fair_shares.h"
#include "gateway/base/metrics.h"
#include "gateway/net/networks.h"

#include <cstddef>
#include <string>

namespace vardbron::net {

/// How many callers may be connected.
struct ConnectionBounds {
  std::size_t in_all = 0;
  std::size_t per_address = 0;
  std::size_t beside_proxies = 0;  ///< that the trusted proxies leave free for everybody else
};

/// Who is connected, in all and from each address: an address has its fair share of the connections (base/fair_shares.h), and a
/// network of IPv6 counts as one address (network_of). A trusted proxy, behind which all callers may be, has all that is free.
/// Shared by the listeners of all workers; outlives their streams.
class ConnectionCount {
 public:
  /// `metrics` outlives it and may be null.
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

/// What base/limits.h says, or less where this process may have fewer descriptors than that takes: files and our own calls need
/// some. `descriptors_max` is 0 where nobody knows.
ConnectionBounds connection_bounds(std::size_t descriptors_max);

}  // namespace vardbron::net
