#pragma once

#include "gateway/base/metrics.h"

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace vardbron::net {

/// How many callers are connected, in all and from each address. Shared by the listeners of all workers; outlives their streams.
class ConnectionCount {
 public:
  /// `metrics` outlives it and may be null.
  ConnectionCount(std::size_t in_all_max, std::size_t per_address_max, Metrics* metrics = nullptr);
  ConnectionCount(const ConnectionCount&) = delete;
  ConnectionCount& operator=(const ConnectionCount&) = delete;

  /// False: full, the caller must be turned away. After true comes exactly one leave(). Any thread.
  bool enter(const std::string& address);
  void leave(const std::string& address);
  std::size_t in_all() const;

 private:
  const std::size_t in_all_max_;
  const std::size_t per_address_max_;
  mutable std::mutex guard_;
  std::map<std::string, std::size_t, std::less<>> per_address_;
  std::size_t in_all_ = 0;
  Gauge* open_ = nullptr;
  Counter* turned_away_ = nullptr;
};

}  // namespace vardbron::net
