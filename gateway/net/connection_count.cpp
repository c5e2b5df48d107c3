#include "gateway/net/connection_count.h"

#include "gateway/base/check.h"

namespace vardbron::net {

bool ConnectionCount::enter(const std::string& address) {
  std::lock_guard lock(guard_);
  if (in_all_ >= in_all_max_) return false;
  std::size_t& here = per_address_[address];
  if (here >= per_address_max_) return false;
  ++here;
  ++in_all_;
  return true;
}

void ConnectionCount::leave(const std::string& address) {
  std::lock_guard lock(guard_);
  auto found = per_address_.find(address);
  CHECK(found != per_address_.end());
  if (--found->second == 0) per_address_.erase(found);
  --in_all_;
}

std::size_t ConnectionCount::in_all() const {
  std::lock_guard lock(guard_);
  return in_all_;
}

}  // namespace vardbron::net
