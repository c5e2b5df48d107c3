#pragma once

#include "gateway/base/clock.h"
#include "tests/play/gateway_process.h"
#include "tests/play/loop_thread.h"
#include "tests/play/played_caller.h"
#include "tests/play/played_receiver.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace vardbron::play {

inline constexpr const char* hospital_token = "played-hospital-token";
inline constexpr const char* operator_token = "played-operator-token";

/// Of the subscribers, in the order of their receivers; there are three.
std::string subscriber_token(std::size_t number);

/// A message that the gateway answered with OK.
struct Acknowledged {
  std::string message;
  std::string receipt;
  double seconds = 0;  ///< from the request to the receipt
};

/// A gateway, a hospital, and up to three subscribers on one machine. The subscribers are the receivers of the sample notices.
class Play {
 public:
  Play(const std::filesystem::path& program, const std::filesystem::path& folder, std::size_t subscribers);

  GatewayProcess& gateway() { return gateway_; }
  std::vector<std::unique_ptr<PlayedReceiver>>& receivers() { return receivers_; }
  LoopThread& hospital_loop() { return hospital_loop_; }
  LoopThread& receiver_loop() { return receiver_loop_; }
  Clock& clock() { return clock_; }

  /// Creates the subscriptions and waits for their handshakes. False: one of them did not come.
  bool subscribe(const std::string& content = "id-only");
  /// So many senders send distinct admissions, one after the other each, until `stop` or a call fails. `pause` between calls.
  std::vector<Acknowledged> send(std::size_t senders, const std::atomic<bool>& stop, Instant pause = Instant(0));
  /// Sends one message again; the receipt, or "" when it was not answered with OK.
  std::string send_again(const std::string& message);
  /// Events the gateway has counted for each subscription, in the order of the receivers.
  std::vector<std::int64_t> counted();
  /// Waits until every receiver has seen what was counted for it. False: not within the time.
  bool wait_for_delivery(std::chrono::seconds most);

 private:
  Task<> send_some(std::size_t sender, const std::atomic<bool>& stop, Instant pause, std::vector<Acknowledged>& into);

  RealClock clock_;
  GatewayProcess gateway_;
  LoopThread hospital_loop_, receiver_loop_;
  std::vector<std::unique_ptr<PlayedReceiver>> receivers_;
  std::vector<std::string> subscriptions_;
  std::atomic<std::uint64_t> next_{1};
};

}  // namespace vardbron::play
