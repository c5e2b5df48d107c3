#include "gateway/subscription/places.h"

#include "gateway/base/check.h"
#include "gateway/base/log.h"

#include <utility>

namespace vardbron::subscription {

Result<std::unique_ptr<Place>> Places::reserve(const std::string& organisation) {
  std::lock_guard hold(lock_);
  const auto found = taken_.find(organisation);
  const std::size_t of_one = found == taken_.end() ? 0 : found->second;
  if (of_one >= of_one_max_) {
    return Failure{Cause::Forbidden,
                   "Your organisation has " + std::to_string(of_one) + " subscriptions, and may have no more than " +
                       std::to_string(of_one_max_) +
                       ". End one that you do not need (DELETE /fhir/Subscription/id), or ask whoever runs the gateway.",
                   ""};
  }
  if (all_ >= of_all_max_) {
    REACHED("subscription: all places are taken");
    log::warning("no more subscriptions can be taken", {{"subscriptions", static_cast<std::int64_t>(all_)}});
    return Failure{Cause::Busy, "The gateway has no place for another subscription; ask whoever runs it.", ""};
  }
  return counted(organisation);
}

std::unique_ptr<Place> Places::take(const std::string& organisation) {
  std::lock_guard hold(lock_);
  return counted(organisation);
}

std::unique_ptr<Place> Places::counted(const std::string& organisation) {
  ++taken_[organisation];
  ++all_;
  return std::make_unique<Place>([places = shared_from_this(), organisation] { places->give_back(organisation); });
}

void Places::give_back(const std::string& organisation) {
  std::lock_guard hold(lock_);
  --all_;
  if (--taken_[organisation] == 0) taken_.erase(organisation);
}

}  // namespace vardbron::subscription
