#pragma once

#include "gateway/base/random.h"
#include "gateway/net/byte_stream.h"
#include "tests/sim/sim_clock.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace vardbron::sim {

struct SimWire;
class SimListener;

/// What the simulated network does wrong, and how often. Chances are per million. The default network is perfect and instant.
struct NetFaults {
  Instant delay_min{0};
  Instant delay_max{0};                  ///< each piece written arrives this much later, still in order
  std::size_t slice_bytes_max = 0;       ///< a read gives 1 .. this many bytes; 0: all there is
  std::uint64_t refuse = 0;              ///< dial: nobody answers there, at once
  std::uint64_t no_descriptor = 0;       ///< dial: this machine has none left, at once
  std::uint64_t dial_stall = 0;          ///< dial: nothing comes back until the deadline
  std::uint64_t cut = 0;                 ///< write: both directions are reset, after a random part of these bytes got through
  std::uint64_t stall = 0;               ///< write: from here on nothing arrives any more in this direction, without an error
  std::size_t window_bytes = 64u << 10;  ///< a writer waits while so many bytes are on the way or unread
};

/// A network in memory: one dialer, any number of listeners, decided by one Random and the faults. One thread.
/// It must outlive its streams and listeners; clock and random outlive it.
class SimNet final : public net::Dialer {
 public:
  SimNet(SimClock& clock, Random& random, NetFaults faults = {});
  SimNet(const SimNet&) = delete;
  SimNet& operator=(const SimNet&) = delete;
  ~SimNet() override;

  /// Counts for streams made from now on as well as for those that are open.
  void set_faults(NetFaults faults) { faults_ = faults; }

  /// Dialling host:port from now on reaches this listener, with or without TLS asked for.
  std::unique_ptr<net::Listener> listen(std::string host, std::uint16_t port);
  /// Broken: nobody listens there, or refused. TimedOut.
  Task<Result<net::StreamPtr>> dial(net::Address address, Deadline until) override;
  /// Two ends of one connection, as for a test that needs no dialling.
  std::pair<net::StreamPtr, net::StreamPtr> connect(std::string caller = "192.0.2.1", std::string called = "192.0.2.2");

  /// The host is gone: open connections with it are reset, dialling it is refused, until heal().
  void cut_off(const std::string& host);
  /// The host is silent: nothing to or from it arrives, dialling it times out, until heal(). Then what was written arrives.
  void silence(const std::string& host);
  void heal(const std::string& host);

  std::uint64_t dials() const { return dials_; }

 private:
  friend class SimListener;
  friend class SimStream;
  friend struct SimWire;
  using Place = std::pair<std::string, std::uint16_t>;

  bool happens(std::uint64_t per_million) { return per_million > 0 && random_.below(1'000'000) < per_million; }
  bool silent(const SimWire& wire) const;
  Instant arrival();

  SimClock& clock_;
  Random& random_;
  NetFaults faults_;
  std::map<Place, SimListener*> listeners_;
  std::set<SimWire*> wires_;
  std::set<std::string> cut_off_;
  std::set<std::string> silent_;
  std::uint64_t dials_ = 0;
};

}  // namespace vardbron::sim
