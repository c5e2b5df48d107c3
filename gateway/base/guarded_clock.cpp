#include "gateway/base/guarded_clock.h"

#include "gateway/base/limits.h"

#include <algorithm>

namespace vardbron {

namespace {

bool is_between(std::chrono::milliseconds least, std::chrono::milliseconds value, std::chrono::milliseconds most) {
  return least <= value && value <= most;
}

}  // namespace

GuardedClock::GuardedClock(Clock& machine) : machine_(machine), window_(read()), believed_(window_) {}

WallTime GuardedClock::wall() const { return look().trusted; }

WallTime GuardedClock::certain_wall() const {
  const ClockReport report = look();
  return std::min(report.trusted, report.machine);
}

ClockReport GuardedClock::look() const {
  std::lock_guard lock(guard_);
  return judge(read());
}

void GuardedClock::start_from(WallTime last_commit) {
  std::lock_guard lock(guard_);
  const Moment now = read();
  follow(now);
  window_ = now;
  last_commit_ = Moment{now.since_boot, last_commit};
  if (last_commit == WallTime{} || agrees_with_last_commit(now)) return;
  doubt_ = Doubt::Start;
  believed_.wall = last_commit;
}

ClockReport GuardedClock::accept() {
  std::lock_guard lock(guard_);
  const Moment now = read();
  follow(now);
  window_ = now;
  return judge(now);
}

GuardedClock::Moment GuardedClock::read() const { return Moment{machine_.since_boot(), machine_.wall()}; }

WallTime GuardedClock::expected(const Moment& from, const Moment& now) const {
  return from.wall + std::chrono::floor<std::chrono::milliseconds>(now.since_boot - from.since_boot);
}

ClockReport GuardedClock::judge(const Moment& now) const {
  const std::chrono::milliseconds off = now.wall - expected(believed_, now);
  const std::chrono::milliseconds off_window = now.wall - expected(window_, now);
  bool agrees = false;
  switch (doubt_) {
    case Doubt::None: agrees = is_between(-limits::clock_set_back_max, off_window, limits::clock_step_forward_max); break;
    case Doubt::Running: agrees = std::chrono::abs(off) <= limits::clock_agrees_within; break;
    case Doubt::Start: agrees = agrees_with_last_commit(now); break;
  }
  if (!agrees) {
    if (doubt_ == Doubt::None) doubt_ = Doubt::Running;
    return ClockReport{expected(believed_, now), now.wall, true, doubt_ == Doubt::Start};
  }
  // Many small steps in one direction are a large one: the distance that the clock has moved is reset only once in a window.
  if (doubt_ != Doubt::None || now.since_boot - window_.since_boot >= limits::clock_step_window) window_ = now;
  follow(now);
  return ClockReport{now.wall, now.wall, false, false};
}

void GuardedClock::follow(const Moment& now) const {
  believed_ = now;
  doubt_ = Doubt::None;
}

bool GuardedClock::agrees_with_last_commit(const Moment& now) const {
  const std::chrono::milliseconds off = now.wall - expected(last_commit_, now);
  return is_between(-limits::clock_set_back_max, off, limits::clock_ahead_of_last_commit_max);
}

}  // namespace vardbron
