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

/// A two-way byte stream: TCP, TLS, or simulated. One reader and one writer at a time, on the thread it was created on. No task
/// may be waiting in it when it is destroyed. After Broken, or a write that TimedOut, only close() and abort() are allowed; after
/// a read that TimedOut writing is possible, if no write was in progress.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// 0 bytes = the peer has closed its side. Broken: reset. TimedOut: the deadline passed. Cancelled.
  virtual Task<Result<std::size_t>> read_some(std::span<char> into, Deadline until) = 0;
  /// Writes everything, or fails; after a failure it is unknown what the peer received.
  virtual Task<Result<void>> write_all(std::string_view bytes, Deadline until) = 0;
  /// Sends a TCP acknowledgement now, for a reader that waits for the rest of a message: a peer that writes a message in pieces
  /// (Nagle) would wait up to 40 ms for a delayed one.
  virtual void acknowledge() {}
  /// Closes orderly (TLS close_notify, TCP FIN), discards what the peer still sends until it closes too; waits until the deadline
  /// at most.
  virtual Task<void> close(Deadline until) = 0;
  /// Closes at once; a waiting read or write ends. Safe to call twice.
  virtual void abort() = 0;
  /// True: the peer has ended its side, after all that it sent, or the connection is broken. Does not wait.
  virtual bool has_peer_ended() const { return false; }
  virtual bool over_tls() const { return false; }
  virtual std::string peer() const = 0;  ///< address of the peer, without port, for limits; not logged with patient data
};

using StreamPtr = std::unique_ptr<ByteStream>;

/// Accepts connections.
class Listener {
 public:
  virtual ~Listener() = default;
  /// Cancelled after stop(). A TLS stream does its handshake in the first read or write, so that a slow or failing caller delays
  /// no other.
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

/// Opens connections.
class Dialer {
 public:
  virtual ~Dialer() = default;
  /// A TLS stream has done its handshake. Forbidden: the address must not be called. Busy: this machine has no descriptor or
  /// memory for another connection. Unsupported: TLS without a TLS configuration. Invalid: the host is no name that a certificate
  /// could carry. TimedOut, Broken, Cancelled.
  virtual Task<Result<StreamPtr>> dial(Address address, Deadline until) = 0;
};

}  // namespace vardbron::net
