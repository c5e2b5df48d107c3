#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace vardbron {

/// A bounded resource that many owners share: connections, bytes of bodies, requests in progress. An owner may hold at most half
/// of what is left free: one alone gets a third of all, and the k-th greedy one a third of what those before it left, so that new
/// owners still get in while others hold all they can. An owner with nothing gets one as long as one is left. Any thread. Source:
/// A. Choudhury and E. Hahne, Dynamic Queue Length Thresholds for Shared-Memory Packet Switches, 1998, with alpha = 1/2.
class FairShares {
 public:
  explicit FairShares(std::size_t in_all_max, std::size_t per_owner_max = SIZE_MAX);
  FairShares(const FairShares&) = delete;
  FairShares& operator=(const FairShares&) = delete;

  /// False: the owner would have too much, and nothing was taken. All that was taken is released once, in any pieces.
  bool take(std::string_view owner, std::size_t amount);
  /// For an owner that represents many others: it may have everything but `left`.
  bool take_all_but(std::size_t left, std::string_view owner, std::size_t amount);
  void give_back(std::string_view owner, std::size_t amount);
  std::size_t taken() const;

 private:
  void add(std::string_view owner, std::size_t amount);

  const std::size_t in_all_max_;
  const std::size_t per_owner_max_;
  mutable std::mutex guard_;
  std::map<std::string, std::size_t, std::less<>> owned_;
  std::size_t taken_ = 0;
};

/// The share of one user, released by the destructor. One thread. `shares` outlives it and may be null: then there is no bound.
class FairShare {
 public:
  FairShare(FairShares* shares, std::string owner) : shares_(shares), owner_(std::move(owner)) {}
  FairShare(const FairShare&) = delete;
  FairShare& operator=(const FairShare&) = delete;
  ~FairShare() { give_back(); }

  /// Raises the amount to this total. False: that is too much for the owner, and the amount is unchanged.
  bool grow_to(std::size_t amount);
  void give_back();
  /// Changes the owner; nothing is held at that time.
  void belong_to(std::string owner);

 private:
  FairShares* shares_;
  std::string owner_;
  std::size_t amount_ = 0;
};

}  // namespace vardbron
