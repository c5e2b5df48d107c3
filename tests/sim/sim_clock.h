#pragma once

#include "gateway/base/clock.h"

#include <functional>
#include <map>

namespace vardbron::sim {

/// Simulated time: the run loop advances it to the next alarm. One thread.
class SimClock final : public Clock {
 public:
  /// 2026-03-28 10:00 UTC: the night after it the clocks in Stockholm go forward.
  static constexpr WallTime first_day{std::chrono::milliseconds{1'774'692'000'000}};
  using Alarm = std::multimap<Instant, std::function<void()>>::iterator;

  explicit SimClock(WallTime start = first_day) : start_(start) {}
  SimClock(const SimClock&) = delete;
  SimClock& operator=(const SimClock&) = delete;

  Instant now() const override { return now_; }
  WallTime wall() const override { return start_ + std::chrono::floor<std::chrono::milliseconds>(now_) + shift_; }
  Task<bool> sleep_until(Instant moment) override;

  /// Moves to the next alarm and rings it; alarms of one moment ring in the order they were set. False: nobody waits.
  bool advance();
  /// Like advance(), but never past `moment`: when no alarm is due until then, time is set to `moment` and the answer is false.
  bool advance_until(Instant moment);
  /// The time of day jumps, as by an operator's hand; deadlines do not notice.
  void shift_wall(std::chrono::milliseconds by) { shift_ += by; }

  /// `ring` is called by advance() once `moment` has come. The iterator is valid until then or until cancel_alarm().
  Alarm set_alarm(Instant moment, std::function<void()> ring) { return alarms_.emplace(moment, std::move(ring)); }
  void cancel_alarm(Alarm alarm) { alarms_.erase(alarm); }
  std::size_t waiting() const { return alarms_.size(); }

 private:
  WallTime start_;
  std::chrono::milliseconds shift_{0};
  Instant now_{0};
  std::multimap<Instant, std::function<void()>> alarms_;
};

}  // namespace vardbron::sim
