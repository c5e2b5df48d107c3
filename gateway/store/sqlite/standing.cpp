#include "gateway/store/sqlite/standing.h"

#include <utility>

namespace vardbron::store {

void Standing::committed() {
  std::lock_guard lock(guard_);
  now_ = {clock_.now(), clock_.wall(), std::nullopt, ""};
}

void Standing::failed(std::string says) {
  std::lock_guard lock(guard_);
  if (!now_.failing_since) now_.failing_since = clock_.wall();
  now_.says = std::move(says);
}

Standing::Now Standing::now() const {
  std::lock_guard lock(guard_);
  return now_;
}

}  // namespace vardbron::store
