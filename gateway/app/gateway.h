#pragma once

// Tested by tests/system/app/health_test.cpp and tests/system/app/callers_test.cpp.

#include "gateway/app/config.h"
#include "gateway/base/result.h"

#include <cstdint>
#include <memory>

namespace vardbron::app {

/// The whole gateway, made from a configuration. Opens everything before it accepts the first caller.
class Gateway {
 public:
  /// Invalid, NotFound: the configuration or a map (all failures of maps are printed). Broken: store, port, certificate.
  static Result<std::unique_ptr<Gateway>> open(const Config& config);
  ~Gateway();

  /// Serves until SIGINT or SIGTERM; then finishes the running requests and closes the store.
  Result<void> run();
  /// Makes run() end; from another thread.
  void stop();
  std::uint16_t port() const;

 private:
  struct Parts;
  explicit Gateway(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace vardbron::app
