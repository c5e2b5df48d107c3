#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace vardbron::net {

/// Two-way bytes: TCP, TLS, or a simulated wire. One reader and one writer at a time, on the thread it was made on. Nothing may
/// wait in it when it is destroyed. After Broken, or a write that TimedOut, only close() and abort() are left; a read that
/// TimedOut leaves writing possible, when nothing was being written.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// 0 bytes = the peer has ended its side. Broken: reset. TimedOut: the deadline passed. Cancelled.
  virtual Task<Result<std::size_t>> read_some(std::span<char> into, Deadline until) = 0;
  /// Everything or a failure; after a failure nothing is known about what the peer got.
  virtual Task<Result<void>> write_all(std::string_view bytes, Deadline until) = 0;
  /// Tells the peer's kernel now that its bytes came, for who waits for more of the same message: a peer that writes a message in
  /// pieces often sends the next one only then, and ours would keep it waiting for 40 ms.
  virtual void acknowledge() {}
  /// Says goodbye (TLS close_notify, TCP FIN), drops what the peer still sends until it has ended too, and closes; never waits
  /// longer than the deadline.
  virtual Task<void> close(Deadline until) = 0;
  /// Closes at once; a waiting read or write ends. Safe to call twice.
  virtual void abort() = 0;
  virtual bool over_tls() const { return false; }
  virtual std::string peer() const = 0;  ///< address of the peer, without port, for limits; never logged with patient data
};

using StreamPtr = std::unique_ptr<ByteStream>;

/// Waits for callers.
class Listener {
 public:
  virtual ~Listener() = default;
  /// Cancelled after stop(). A TLS stream shakes hands in its first read or write, so that a slow or failing caller delays
  /// nobody.
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
  /// A TLS stream has shaken hands. Forbidden: the address is not one we may call. Busy: this machine has no descriptor or memory
  /// for another connection, whoever is called. TimedOut, Broken, Cancelled.
  virtual Task<Result<StreamPtr>> dial(Address address, Deadline until) = 0;
};

}  // namespace vardbron::net
