#include "gateway/subscription/reaches.h"

#include <utility>

namespace vardbron::subscription {

namespace {

std::size_t& part(Reached& reached, Reach of) {
  switch (of) {
    case Reach::Delivering: return reached.delivering;
    case Reach::NotTaking: return reached.not_taking;
    case Reach::Stopped: break;
  }
  return reached.stopped;
}

}  // namespace

Reached& Reached::operator+=(const Reached& more) {
  delivering += more.delivering;
  not_taking += more.not_taking;
  stopped += more.stopped;
  return *this;
}

Reached Reaches::of(const std::string& audience) const {
  std::lock_guard hold(lock_);
  const auto found = by_audience_.find(audience);
  return found == by_audience_.end() ? Reached() : found->second;
}

void Reaches::change(const std::string& audience, std::optional<Reach> from, std::optional<Reach> to) {
  std::lock_guard hold(lock_);
  Reached& reached = by_audience_[audience];
  if (to) ++part(reached, *to);
  if (from) --part(reached, *from);
  if (reached.all() == 0) by_audience_.erase(audience);
}

void ReachShare::belong_to(std::string audience) {
  if (audience == audience_) return;
  const std::optional<Reach> reach = reach_;
  set({});
  audience_ = std::move(audience);
  set(reach);
}

void ReachShare::set(std::optional<Reach> reach) {
  if (reach == reach_) return;
  reaches_->change(audience_, reach_, reach);
  reach_ = reach;
}

}  // namespace vardbron::subscription
