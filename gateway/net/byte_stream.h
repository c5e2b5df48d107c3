#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"

namespace vardbron::net {

/// Two-way bytes: TCP, TLS, or a simulated wire. One reader and one writer at a time, on the thread it was made on.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// 0 bytes = the peer has ended its side. Broken: reset. TimedOut: the deadline passed. Cancelled.
  virtual Task<Result<std::size_t>> read_some(std::span<char> into, Deadline until) = 0;
  /// Everything or a failure; after a failure nothing is known about what the peer got.
  virtual Task<Result<void>> write_all(std::string_view bytes, Deadline until) = 0;
  /// Says goodbye (TLS close_notify, TCP FIN) and closes; never waits longer than the deadline.
  virtual Task<void> close(Deadline until) = 0;
  /// Closes at once; a waiting read or write ends. Safe to call twice.
  virtual void abort() = 0;
  virtual std::string peer() const = 0;  ///< address of the peer, without port, for limits; never logged with patient data
};

using StreamPtr = std::unique_ptr<ByteStream>;

/// Waits for callers.
class Listener {
 public:
  virtual ~Listener() = default;
  /// Cancelled after stop(). A failed TLS handshake is not a failure here: the stream is dropped and the next one awaited.
  virtual Task<Result<StreamPtr>> accept() = 0;
  virtual void stop() = 0;
  virtual std::uint16_t port() const = 0;
};

struct Address {
  std::string host;
  std::uint16_t port = 0;
  bool tls = false;
  auto operator<=>(const Address&) const = default;
};

/// Calls others.
class Dialer {
 public:
  virtual ~Dialer() = default;
  virtual Task<Result<StreamPtr>> dial(Address address, Deadline until) = 0;
};

}  // namespace vardbron::net
