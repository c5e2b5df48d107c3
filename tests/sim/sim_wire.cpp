#include "tests/sim/sim_wire.h"

#include "gateway/base/check.h"

#include <algorithm>

namespace vardbron::sim {

namespace {

Failure broken() { return {Cause::Broken, "the connection was reset", ""}; }
Failure cancelled() { return {Cause::Cancelled, "waiting was cancelled", ""}; }
Failure timed_out() { return {Cause::TimedOut, "the peer was silent for too long", ""}; }

}  // namespace

SimWire::SimWire(SimNet& owner, std::string sender, std::string receiver)
    : net(owner), from(std::move(sender)), to(std::move(receiver)) {
  net.wires_.insert(this);
}

SimWire::~SimWire() { net.wires_.erase(this); }

void SimWire::put(Piece piece) {
  if (!pieces.empty()) piece.arrives = std::max(piece.arrives, pieces.back().arrives);
  under_way += piece.bytes.size();
  pieces.push_back(std::move(piece));
  readable.notify();
}

void SimWire::cut() {
  reset = true;
  pieces.clear();
  readable.notify();
  writable.notify();
}

SimStream::SimStream(SimNet& net, SimClock& clock, std::shared_ptr<SimWire> in, std::shared_ptr<SimWire> out)
    : net_(net), clock_(clock), in_(std::move(in)), out_(std::move(out)) {}

Task<Result<std::size_t>> SimStream::read_some(std::span<char> into, Deadline until) {
  CHECK(!into.empty());
  std::shared_ptr<SimWire> wire = in_;
  for (;;) {
    if (closed_) co_return cancelled();
    if (wire->reset) co_return broken();
    bool reachable = !net_.silent(*wire) && !wire->pieces.empty();
    if (reachable && wire->pieces.front().arrives <= clock_.now()) co_return take(*wire, into);
    Instant next = until.at;
    if (reachable) next = std::min(next, wire->pieces.front().arrives);
    SimSignal::Woken woken = co_await wire->readable.wait_until(clock_, next);
    if (woken == SimSignal::Woken::Cancelled) co_return cancelled();
    if (woken == SimSignal::Woken::Late && next == until.at) co_return timed_out();
  }
}

Result<std::size_t> SimStream::take(SimWire& wire, std::span<char> into) {
  SimWire::Piece& first = wire.pieces.front();
  if (first.kind == SimWire::Piece::Kind::End) return std::size_t{0};
  if (first.kind == SimWire::Piece::Kind::Reset) return broken();
  std::size_t most = std::min(into.size(), first.bytes.size() - wire.read_of_first);
  if (net_.faults_.slice_bytes_max > 0) most = std::min<std::size_t>(most, 1 + net_.random_.below(net_.faults_.slice_bytes_max));
  std::copy_n(first.bytes.begin() + static_cast<std::ptrdiff_t>(wire.read_of_first), most, into.begin());
  wire.read_of_first += most;
  wire.under_way -= most;
  if (wire.read_of_first == first.bytes.size()) {
    wire.pieces.pop_front();
    wire.read_of_first = 0;
  }
  wire.writable.notify();
  return most;
}

Task<Result<void>> SimStream::write_all(std::string_view bytes, Deadline until) {
  std::shared_ptr<SimWire> wire = out_;
  while (!bytes.empty()) {
    if (closed_) co_return cancelled();
    if (wire->reset || wire->ended) co_return broken();
    std::size_t room = net_.faults_.window_bytes - std::min(net_.faults_.window_bytes, wire->under_way);
    if (room == 0) {
      SimSignal::Woken woken = co_await wire->writable.wait_until(clock_, until.at);
      if (woken == SimSignal::Woken::Cancelled) co_return cancelled();
      if (woken == SimSignal::Woken::Late) co_return timed_out();
      continue;
    }
    std::string_view part = bytes.substr(0, room);
    bytes.remove_prefix(part.size());
    send(*wire, part);
  }
  co_return done();
}

void SimStream::send(SimWire& wire, std::string_view bytes) {
  using Kind = SimWire::Piece::Kind;
  bool cut = net_.happens(net_.faults_.cut);
  if (net_.happens(net_.faults_.stall)) wire.stalled = true;
  if (cut) bytes = bytes.substr(0, net_.random_.below(bytes.size() + 1));
  if (!bytes.empty()) wire.put({Kind::Bytes, net_.arrival(), std::string(bytes)});
  if (!cut) return;
  wire.put({Kind::Reset, net_.arrival(), ""});
  wire.ended = true;
  in_->cut();
}

Task<void> SimStream::close(Deadline) {
  abort();
  co_return;
}

bool SimStream::has_peer_ended() const {
  const auto is_end = [this](const SimWire::Piece& piece) {
    return piece.kind != SimWire::Piece::Kind::Bytes && piece.arrives <= clock_.now();
  };
  return closed_ || in_->reset || (!net_.silent(*in_) && std::any_of(in_->pieces.begin(), in_->pieces.end(), is_end));
}

void SimStream::abort() {
  if (closed_) return;
  closed_ = true;
  in_->readable.notify();
  if (!out_->ended && !out_->reset) out_->put({SimWire::Piece::Kind::End, net_.arrival(), ""});
  out_->ended = true;
  out_->writable.notify();
  // Nobody reads here any more: the peer's next write finds that out.
  in_->ended = true;
  in_->writable.notify();
}

}  // namespace vardbron::sim
