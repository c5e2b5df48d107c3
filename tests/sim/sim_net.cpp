#include "tests/sim/sim_net.h"

#include "gateway/base/check.h"
#include "tests/sim/sim_signal.h"
#include "tests/sim/sim_wire.h"

#include <algorithm>

namespace vardbron::sim {

namespace {
constexpr Instant forever = Instant::max();
}

SimNet::SimNet(SimClock& clock, Random& random, NetFaults faults) : clock_(clock), random_(random), faults_(faults) {}

SimNet::~SimNet() { CHECK(wires_.empty() && "a stream outlived its network"); }

std::unique_ptr<net::Listener> SimNet::listen(std::string host, std::uint16_t port) {
  Place place{std::move(host), port};
  return std::make_unique<SimListener>(*this, clock_, std::move(place));
}

Task<Result<net::StreamPtr>> SimNet::dial(net::Address address, Deadline until) {
  ++dials_;
  SimSignal never;
  bool stalls = happens(faults_.dial_stall) || silent_.contains(address.host);
  Instant answer = stalls ? forever : arrival();
  SimSignal::Woken woken = co_await never.wait_until(clock_, std::min(answer, until.at));
  if (woken == SimSignal::Woken::Cancelled) co_return Failure{Cause::Cancelled, "dialling was cancelled", ""};
  if (answer > until.at) co_return Failure{Cause::TimedOut, "nobody answered in time", ""};
  auto found = listeners_.find(Place{address.host, address.port});
  if (happens(faults_.no_descriptor)) co_return Failure{Cause::Busy, "no descriptor is left", ""};
  if (found == listeners_.end() || cut_off_.contains(address.host) || happens(faults_.refuse)) {
    co_return Failure{Cause::Broken, "the connection was refused", ""};
  }
  auto [ours, theirs] = connect("192.0.2.1", address.host);
  found->second->offer(std::move(theirs));
  co_return std::move(ours);
}

std::pair<net::StreamPtr, net::StreamPtr> SimNet::connect(std::string caller, std::string called) {
  auto forth = std::make_shared<SimWire>(*this, caller, called);
  auto back = std::make_shared<SimWire>(*this, called, caller);
  return {std::make_unique<SimStream>(*this, clock_, back, forth), std::make_unique<SimStream>(*this, clock_, forth, back)};
}

void SimNet::cut_off(const std::string& host) {
  cut_off_.insert(host);
  for (SimWire* wire : wires_) {
    if (wire->from == host || wire->to == host) wire->cut();
  }
}

void SimNet::silence(const std::string& host) { silent_.insert(host); }

void SimNet::heal(const std::string& host) {
  cut_off_.erase(host);
  silent_.erase(host);
  for (SimWire* wire : wires_) wire->readable.notify();
}

SimListener::SimListener(SimNet& net, SimClock& clock, std::pair<std::string, std::uint16_t> place)
    : net_(net), clock_(clock), place_(std::move(place)) {
  bool is_free = net_.listeners_.emplace(place_, this).second;
  CHECK(is_free);
}

SimListener::~SimListener() { stop(); }

Task<Result<net::StreamPtr>> SimListener::accept() {
  while (waiting_.empty() && !stopped_) {
    SimSignal::Woken woken = co_await arrived_.wait_until(clock_, forever);
    if (woken == SimSignal::Woken::Cancelled) stop();
  }
  if (stopped_) co_return Failure{Cause::Cancelled, "the listener was stopped", ""};
  net::StreamPtr stream = std::move(waiting_.front());
  waiting_.pop_front();
  co_return std::move(stream);
}

void SimListener::stop() {
  if (std::exchange(stopped_, true)) return;
  net_.listeners_.erase(place_);
  waiting_.clear();
  arrived_.notify();
}

void SimListener::offer(net::StreamPtr stream) {
  waiting_.push_back(std::move(stream));
  arrived_.notify();
}

bool SimNet::silent(const SimWire& wire) const {
  return wire.stalled || silent_.contains(wire.from) || silent_.contains(wire.to);
}

Instant SimNet::arrival() {
  auto spread = static_cast<std::uint64_t>((faults_.delay_max - faults_.delay_min).count());
  if (faults_.delay_max <= Instant{0}) return clock_.now();
  return clock_.now() + faults_.delay_min + Instant{static_cast<std::int64_t>(random_.below(spread + 1))};
}

}  // namespace vardbron::sim
