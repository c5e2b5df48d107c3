#pragma once

#include <atomic>
#include <cstddef>

namespace vardbron::http {

/// How many bytes of bodies are under way: read, or waiting for their answer. Shared by the servers of all workers. Any thread.
class BodyRoom {
 public:
  explicit BodyRoom(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  BodyRoom(const BodyRoom&) = delete;
  BodyRoom& operator=(const BodyRoom&) = delete;

  /// False: there is no room for so many more. After true they are given back once.
  bool take(std::size_t bytes) {
    if (taken_.fetch_add(bytes) + bytes <= bytes_max_) return true;
    taken_ -= bytes;
    return false;
  }
  void give_back(std::size_t bytes) { taken_ -= bytes; }
  std::size_t taken() const { return taken_; }

 private:
  const std::size_t bytes_max_;
  std::atomic<std::size_t> taken_{0};
};

/// What one request has of it, until the request is answered.
class BodyShare {
 public:
  explicit BodyShare(BodyRoom* room) : room_(room) {}
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;
  ~BodyShare() { give_back(); }

  /// So many bytes of it have come in all. False: there is no room for them.
  bool grow_to(std::size_t bytes) {
    if (room_ == nullptr || bytes <= bytes_) return true;
    if (!room_->take(bytes - bytes_)) return false;
    bytes_ = bytes;
    return true;
  }
  void give_back() {
    if (room_ != nullptr) room_->give_back(bytes_);
    bytes_ = 0;
  }

 private:
  BodyRoom* room_;
  std::size_t bytes_ = 0;
};

}  // namespace vardbron::http
