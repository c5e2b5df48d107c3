#pragma once

#include "gateway/base/clock.h"
#include "gateway/net/byte_stream.h"
#include "tests/play/loop_thread.h"

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <string>

namespace vardbron::play {

/// How a subscriber behaves once it was greeted as it should be.
enum class Behaviour : std::uint8_t { AnswersGarbage, HangsUp, AnswersAByteASecond, NeverAnswers };

/// A subscriber that answers its handshake and is no use afterwards. It serves on the loop it was given.
class BadReceiver {
 public:
  BadReceiver(LoopThread& loop, Clock& clock, Behaviour behaviour);
  BadReceiver(const BadReceiver&) = delete;
  BadReceiver& operator=(const BadReceiver&) = delete;
  ~BadReceiver();

  std::string endpoint() const;
  std::size_t calls() const;  ///< requests it has read, handshakes among them

 private:
  struct State;
  LoopThread& loop_;
  std::shared_ptr<State> state_;
};

}  // namespace vardbron::play
