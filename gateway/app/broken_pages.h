#pragma once

#include "gateway/base/metrics.h"
#include "gateway/rest/health_watch.h"

#include <atomic>
#include <cstdint>

namespace vardbron::app {

/// Pages of the store whose content is not what was written: each is logged and counted, and /health warns until the gateway is
/// started with a store without them. Any thread.
class BrokenPages {
 public:
  explicit BrokenPages(Metrics& metrics);
  void met(std::int64_t page);  ///< 0 = unknown
  /// "pages" of /health.
  rest::Check check() const;

 private:
  Counter& counter_;
  std::atomic<std::int64_t> count_{0}, last_{0};
};

}  // namespace vardbron::app
