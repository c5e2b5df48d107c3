#include "gateway/subscription/turns.h"

#include "gateway/base/async_event.h"
#include "gateway/base/check.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace vardbron::subscription {

struct Turns::Turn::Shared {
  struct Waiting {
    Waiting(const void* asking, const asio::any_io_executor& executor) : who(asking), rung(executor) {}
    const void* who;
    AsyncEvent rung;
    bool has_turn = false;
  };

  bool has_room() const { return preparing < bounds.at_once && bytes < bounds.bytes_max; }
  void pass_on();
  asio::any_io_executor next_place();

  Bounds bounds;
  std::vector<asio::any_io_executor> places;
  asio::any_io_executor executor;
  std::deque<std::shared_ptr<Waiting>> queue{};
  std::size_t preparing = 0, bytes = 0, given = 0;
  bool is_closed = false;
};

void Turns::Turn::Shared::pass_on() {
  while (!queue.empty() && has_room()) {
    const std::shared_ptr<Waiting> first = std::move(queue.front());
    queue.pop_front();
    ++preparing;
    first->has_turn = true;
    first->rung.ring();
  }
}

asio::any_io_executor Turns::Turn::Shared::next_place() {
  if (places.empty()) return {};
  return places[given++ % places.size()];
}

Turns::Turn::Turn(std::shared_ptr<Shared> shared, asio::any_io_executor place)
    : shared_(std::move(shared)), place_(std::move(place)) {}

Turns::Turn::~Turn() {
  if (is_preparing_) --shared_->preparing;
  shared_->bytes -= bytes_;
  shared_->pass_on();
}

void Turns::Turn::prepared(std::size_t bytes) {
  CHECK(is_preparing_);
  is_preparing_ = false;
  --shared_->preparing;
  bytes_ = bytes;
  shared_->bytes += bytes;
  shared_->pass_on();
}

Turns::Turns(Bounds bounds, std::vector<asio::any_io_executor> places, asio::any_io_executor executor)
    : shared_(std::make_shared<Turn::Shared>(Turn::Shared{bounds, std::move(places), std::move(executor)})) {
  CHECK(bounds.at_once >= 1 && bounds.bytes_max >= 1);
}

Task<std::unique_ptr<Turns::Turn>> Turns::take(const void* who) {
  const std::shared_ptr<Turn::Shared> shared = shared_;
  if (shared->is_closed) co_return nullptr;
  if (shared->queue.empty() && shared->has_room()) {
    ++shared->preparing;
    co_return std::unique_ptr<Turn>(new Turn(shared, shared->next_place()));
  }
  const auto waiting = std::make_shared<Turn::Shared::Waiting>(who, shared->executor);
  shared->queue.push_back(waiting);
  co_await waiting->rung.wait();
  if (waiting->has_turn) co_return std::unique_ptr<Turn>(new Turn(shared, shared->next_place()));
  std::erase(shared->queue, waiting);
  co_return nullptr;
}

void Turns::leave(const void* who) {
  std::deque<std::shared_ptr<Turn::Shared::Waiting>>& queue = shared_->queue;
  const auto found = std::find_if(queue.begin(), queue.end(), [&](const auto& each) { return each->who == who; });
  if (found == queue.end()) return;
  const std::shared_ptr<Turn::Shared::Waiting> waiting = *found;
  queue.erase(found);
  waiting->rung.ring();
}

void Turns::close() {
  shared_->is_closed = true;
  for (const auto& each : std::exchange(shared_->queue, {})) each->rung.ring();
}

std::size_t Turns::waiting() const { return shared_->queue.size(); }

}  // namespace vardbron::subscription
