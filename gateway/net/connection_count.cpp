#include "gateway/net/connection_count.h"

#include "gateway/base/check.h"

namespace vardbron::net {

ConnectionCount::ConnectionCount(std::size_t in_all_max, std::size_t per_address_max, Metrics* metrics)
    : in_all_max_(in_all_max), per_address_max_(per_address_max) {
  if (metrics == nullptr) return;
  open_ = &metrics->gauge("vardbron_http_connections", "Callers that are connected.");
  turned_away_ = &metrics->counter("vardbron_http_connections_turned_away_total",
                                   "Callers that were hung up on, since there were too many of them, or of their address.");
}

bool ConnectionCount::enter(const std::string& address) {
  std::lock_guard lock(guard_);
  const auto here = per_address_.find(address);
  const bool is_full = in_all_ >= in_all_max_ || (here != per_address_.end() && here->second >= per_address_max_);
  if (is_full && turned_away_ != nullptr) turned_away_->add();
  if (is_full) return false;
  ++per_address_[address];
  ++in_all_;
  if (open_ != nullptr) open_->set(static_cast<double>(in_all_));
  return true;
}

void ConnectionCount::leave(const std::string& address) {
  std::lock_guard lock(guard_);
  auto found = per_address_.find(address);
  CHECK(found != per_address_.end());
  if (--found->second == 0) per_address_.erase(found);
  --in_all_;
  if (open_ != nullptr) open_->set(static_cast<double>(in_all_));
}

std::size_t ConnectionCount::in_all() const {
  std::lock_guard lock(guard_);
  return in_all_;
}

}  // namespace vardbron::net
