#include "gateway/subscription/receiver_calls.h"

#include "gateway/base/async_event.h"
#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/base/reached.h"

#include <algorithm>
#include <list>
#include <map>
#include <string>
#include <utility>

namespace vardbron::subscription {

struct ReceiverCalls::Call::Waiting {
  Waiting(Wanted what, const void* asking, const asio::any_io_executor& executor)
      : wanted(std::move(what)), who(asking), rung(executor) {}
  const Wanted wanted;
  const void* const who;
  AsyncEvent rung;
  Taken taken;
};

/// What is under way to one address, and which of its endpoints did not answer.
struct ReceiverCalls::Call::Address {
  struct Endpoint {
    std::size_t under_way = 0;
    bool is_silent = false;  // its last call got no answer
  };
  std::size_t under_way = 0, repeats = 0;
  std::map<std::string, Endpoint> endpoints;  // by Url::target
  std::list<std::shared_ptr<Waiting>> queue;
};

struct ReceiverCalls::Call::Shared : std::enable_shared_from_this<Shared> {
  Shared(Bounds given, asio::any_io_executor on) : bounds(given), executor(std::move(on)) {}

  bool may_begin(const Address& address, const Wanted& wanted) const;
  std::unique_ptr<Call> begin(const Wanted& wanted);
  void end(const Call& call);
  void silent(const Url& to);
  void pass_on(Address& address);
  void forget_idle();

  const Bounds bounds;
  const asio::any_io_executor executor;
  std::map<net::Address, Address> addresses;
  std::size_t silences = 0;  // since idle ones were forgotten
  bool is_closed = false;
};

bool ReceiverCalls::Call::Shared::may_begin(const Address& address, const Wanted& wanted) const {
  if (address.under_way >= bounds.per_address) return false;
  if (wanted.is_repeat && address.repeats >= std::max<std::size_t>(bounds.per_address / 2, 1)) return false;
  const auto found = address.endpoints.find(wanted.to.target);
  if (found == address.endpoints.end()) return true;
  const bool is_one_by_one = found->second.is_silent && !wanted.must_call;
  return found->second.under_way < (is_one_by_one ? 1 : bounds.per_endpoint);
}

std::unique_ptr<ReceiverCalls::Call> ReceiverCalls::Call::Shared::begin(const Wanted& wanted) {
  Address& address = addresses[wanted.to.address];
  ++address.under_way;
  ++address.endpoints[wanted.to.target].under_way;
  if (wanted.is_repeat) ++address.repeats;
  return std::unique_ptr<Call>(new Call(shared_from_this(), wanted.to, wanted.is_repeat));
}

void ReceiverCalls::Call::Shared::end(const Call& call) {
  Address& address = addresses.at(call.to_.address);
  --address.under_way;
  if (call.is_repeat_) --address.repeats;
  --address.endpoints.at(call.to_.target).under_way;
  pass_on(address);
  const auto endpoint = address.endpoints.find(call.to_.target);
  if (endpoint->second.under_way == 0 && !endpoint->second.is_silent) address.endpoints.erase(endpoint);
  if (address.endpoints.empty() && address.queue.empty()) addresses.erase(call.to_.address);
  if (silences > limits::subscriptions_max) forget_idle();
}

// Subscriptions move away from endpoints that are down, and nobody calls these again.
void ReceiverCalls::Call::Shared::forget_idle() {
  silences = 0;
  for (auto& [to, address] : addresses)
    std::erase_if(address.endpoints, [](const auto& endpoint) { return endpoint.second.under_way == 0; });
  std::erase_if(addresses, [](const auto& each) { return each.second.endpoints.empty() && each.second.queue.empty(); });
}

void ReceiverCalls::Call::Shared::silent(const Url& to) {
  Address& address = addresses.at(to.address);
  address.endpoints.at(to.target).is_silent = true;
  ++silences;
  std::erase_if(address.queue, [&](const std::shared_ptr<Waiting>& each) {
    if (each->wanted.must_call || each->wanted.to.target != to.target) return false;
    REACHED("subscription: the silence of an endpoint is shared");
    each->taken.is_unanswered = true;
    each->rung.ring();
    return true;
  });
}

void ReceiverCalls::Call::Shared::pass_on(Address& address) {
  for (auto each = address.queue.begin(); each != address.queue.end() && address.under_way < bounds.per_address;) {
    if (!may_begin(address, (*each)->wanted)) {
      ++each;
      continue;
    }
    const std::shared_ptr<Waiting> next = *each;
    each = address.queue.erase(each);
    next->taken.call = begin(next->wanted);
    next->rung.ring();
  }
}

ReceiverCalls::Call::Call(std::shared_ptr<Shared> shared, const Url& to, bool is_repeat)
    : shared_(std::move(shared)), to_(to), is_repeat_(is_repeat) {}

ReceiverCalls::Call::~Call() { shared_->end(*this); }

void ReceiverCalls::Call::ended(bool was_answered) {
  if (!was_answered) return shared_->silent(to_);
  shared_->addresses.at(to_.address).endpoints.at(to_.target).is_silent = false;
}

ReceiverCalls::ReceiverCalls(Bounds bounds, asio::any_io_executor executor)
    : shared_(std::make_shared<Call::Shared>(bounds, std::move(executor))) {
  CHECK(bounds.per_address >= 1 && bounds.per_endpoint >= 1);
}

// Those that could begin do not wait (pass_on), so who could begin at once overtakes nobody that could.
Task<ReceiverCalls::Taken> ReceiverCalls::take(Wanted wanted, const void* who) {
  const std::shared_ptr<Call::Shared> shared = shared_;
  Taken taken;
  if (shared->is_closed) co_return taken;
  Call::Address& address = shared->addresses[wanted.to.address];
  if (shared->may_begin(address, wanted)) {
    taken.call = shared->begin(wanted);
    co_return taken;
  }
  const net::Address at = wanted.to.address;
  const auto waiting = std::make_shared<Call::Waiting>(std::move(wanted), who, shared->executor);
  address.queue.push_back(waiting);
  co_await waiting->rung.wait();
  const auto found = shared->addresses.find(at);
  if (found != shared->addresses.end()) found->second.queue.remove(waiting);
  co_return std::move(waiting->taken);
}

void ReceiverCalls::leave(const void* who) {
  for (auto& [to, address] : shared_->addresses) {
    std::erase_if(address.queue, [&](const std::shared_ptr<Call::Waiting>& each) {
      if (each->who != who) return false;
      each->rung.ring();
      return true;
    });
  }
}

void ReceiverCalls::close() {
  shared_->is_closed = true;
  for (auto& [to, address] : shared_->addresses)
    for (const auto& each : std::exchange(address.queue, {})) each->rung.ring();
}

std::size_t ReceiverCalls::waiting() const {
  std::size_t count = 0;
  for (const auto& [to, address] : shared_->addresses) count += address.queue.size();
  return count;
}

}  // namespace vardbron::subscription
