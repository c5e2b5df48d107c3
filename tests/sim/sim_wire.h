#pragma once

#include "tests/sim/sim_net.h"
#include "tests/sim/sim_signal.h"

#include <deque>
#include <memory>
#include <string>

namespace vardbron::sim {

/// One direction of a connection.
struct SimWire {
  struct Piece {
    enum class Kind { Bytes, End, Reset };
    Kind kind = Kind::Bytes;
    Instant arrives{0};
    std::string bytes;
  };

  SimWire(SimNet& owner, std::string sender, std::string receiver);
  SimWire(const SimWire&) = delete;
  SimWire& operator=(const SimWire&) = delete;
  ~SimWire();

  /// Appends; nothing overtakes what was put before.
  void put(Piece piece);
  /// Nothing that is under way arrives any more, and both ends see the reset.
  void cut();

  SimNet& net;
  std::string from;
  std::string to;
  std::deque<Piece> pieces;
  std::size_t read_of_first = 0;  ///< bytes of the first piece that were read already
  std::size_t under_way = 0;      ///< bytes written and not read
  bool ended = false;             ///< by the writer's goodbye, or since nobody reads any more
  bool reset = false;
  bool stalled = false;
  SimSignal readable;
  SimSignal writable;
};

/// One end of a connection. The wires are shared by exactly two ends, of which either may go first.
class SimStream final : public net::ByteStream {
 public:
  SimStream(SimNet& net, SimClock& clock, std::shared_ptr<SimWire> in, std::shared_ptr<SimWire> out);
  SimStream(const SimStream&) = delete;
  SimStream& operator=(const SimStream&) = delete;
  ~SimStream() override { abort(); }

  Task<Result<std::size_t>> read_some(std::span<char> into, Deadline until) override;
  Task<Result<void>> write_all(std::string_view bytes, Deadline until) override;
  Task<void> close(Deadline until) override;
  void abort() override;
  bool has_peer_ended() const override;
  std::string peer() const override { return in_->from; }

 private:
  Result<std::size_t> take(SimWire& wire, std::span<char> into);
  void send(SimWire& wire, std::string_view bytes);

  SimNet& net_;
  SimClock& clock_;
  std::shared_ptr<SimWire> in_;
  std::shared_ptr<SimWire> out_;
  bool closed_ = false;  ///< by us: abort() or close()
};

class SimListener final : public net::Listener {
 public:
  SimListener(SimNet& net, SimClock& clock, std::pair<std::string, std::uint16_t> place);
  SimListener(const SimListener&) = delete;
  SimListener& operator=(const SimListener&) = delete;
  ~SimListener() override;

  Task<Result<net::StreamPtr>> accept() override;
  void stop() override;
  std::uint16_t port() const override { return place_.second; }
  void offer(net::StreamPtr stream);

 private:
  SimNet& net_;
  SimClock& clock_;
  std::pair<std::string, std::uint16_t> place_;
  std::deque<net::StreamPtr> waiting_;
  bool stopped_ = false;
  SimSignal arrived_;
};

}  // namespace vardbron::sim
