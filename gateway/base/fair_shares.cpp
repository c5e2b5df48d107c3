#include "gateway/base/fair_shares.h"

#include "gateway/base/check.h"

#include <algorithm>

namespace vardbron {

FairShares::FairShares(std::size_t in_all_max, std::size_t per_owner_max)
    : in_all_max_(in_all_max), per_owner_max_(per_owner_max) {}

bool FairShares::take(std::string_view owner, std::size_t amount) {
  std::lock_guard lock(guard_);
  const std::size_t free = in_all_max_ - taken_;
  const auto found = owned_.find(owner);
  const std::size_t owned = found == owned_.end() ? 0 : found->second;
  const std::size_t owned_max = std::min((free + 1) / 2, per_owner_max_);
  if (amount > owned_max || owned > owned_max - amount) return false;
  add(owner, amount);
  return true;
}

bool FairShares::take_all_but(std::size_t left, std::string_view owner, std::size_t amount) {
  std::lock_guard lock(guard_);
  const std::size_t free = in_all_max_ - taken_;
  if (amount > free || left > free - amount) return false;
  add(owner, amount);
  return true;
}

void FairShares::add(std::string_view owner, std::size_t amount) {
  owned_.try_emplace(std::string(owner)).first->second += amount;
  taken_ += amount;
}

void FairShares::give_back(std::string_view owner, std::size_t amount) {
  std::lock_guard lock(guard_);
  const auto found = owned_.find(owner);
  CHECK(found != owned_.end() && found->second >= amount);
  found->second -= amount;
  taken_ -= amount;
  if (found->second == 0) owned_.erase(found);
}

std::size_t FairShares::taken() const {
  std::lock_guard lock(guard_);
  return taken_;
}

bool FairShare::grow_to(std::size_t amount) {
  if (shares_ == nullptr || amount <= amount_) return true;
  if (!shares_->take(owner_, amount - amount_)) return false;
  amount_ = amount;
  return true;
}

void FairShare::give_back() {
  if (shares_ != nullptr && amount_ > 0) shares_->give_back(owner_, amount_);
  amount_ = 0;
}

void FairShare::belong_to(std::string owner) {
  CHECK(amount_ == 0);
  owner_ = std::move(owner);
}

}  // namespace vardbron
