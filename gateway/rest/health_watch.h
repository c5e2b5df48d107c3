#pragma once

#include "gateway/base/async_event.h"
#include "gateway/base/clock.h"
#include "gateway/base/guarded_clock.h"
#include "gateway/base/metrics.h"
#include "gateway/base/repeated_trouble.h"
#include "gateway/base/task.h"
#include "gateway/store/watched_store.h"

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vardbron::rest {

enum class Health : std::uint8_t { Ok, Warn, Fail };

/// Result of one check.
struct Check {
  /// A further member of the answer.
  struct Fact {
    std::string_view name;  ///< a literal
    std::variant<std::int64_t, std::string> value;
    bool operator==(const Fact&) const = default;
  };
  std::string name;  ///< "store", "disk", "delivery", "clock", "access-log", "pages", "seals"
  Health health = Health::Ok;
  std::string says;  ///< a plain sentence; "" when there is nothing to say
  std::vector<Fact> facts{};
};

/// Checks in the background what the gateway guarantees: a synced write, free space, the age of the oldest undelivered event, the
/// time of day. GET /health and GET /ready are answered from the last results, so that they cost nothing and never wait; they
/// fail when a check does not return. Changes are logged, once. `run`, `look` and `stop` are called on the executor's thread,
/// everything else on any.
class HealthWatch {
 public:
  /// All outlive the watch.
  HealthWatch(store::WatchedStore& store, store::AuditFallback* fallback, GuardedClock& clock, Metrics& metrics,
              asio::any_io_executor executor);
  HealthWatch(const HealthWatch&) = delete;

  /// Adds a check; it is called on any thread and must not wait. To be called before the first request.
  void watch(std::function<Check()> check);

  /// Checks the clock every limits::clock_look_pause, the store every limits::health_look_pause - every second while it cannot
  /// write -, and both when woken.
  Task<> run();
  Task<> look();
  void ring();
  void stop();

  struct Answer {
    unsigned status = 503;
    std::string body;  ///< JSON
  };
  /// 200 ok or warn, 503 fail; each check by name.
  Answer health() const;
  /// 503: send callers elsewhere, no message can be kept at present.
  Answer ready() const;
  /// When a caller may send a message again that could not be kept: after as long as the store has been failing, between a second
  /// and a minute.
  std::chrono::seconds retry_after() const;

 private:
  Task<> look_at_store();
  void look_at_clock();
  std::vector<Check> checks() const;
  Check store_check() const;
  void count() const;

  store::WatchedStore& store_;
  store::AuditFallback* fallback_;
  GuardedClock& clock_;
  Metrics& metrics_;
  asio::any_io_executor executor_;
  AsyncEvent wakeup_;
  RepeatedTrouble taking_over_;
  mutable std::mutex guard_;
  std::optional<store::StoreCondition> condition_;  // the last answer
  std::string no_answer_;                           // why there was none; "" = there was
  std::optional<Instant> answered_;
  std::optional<Instant> failing_since_;  // since when each check has found that the store cannot write
  ClockReport time_;
  bool was_in_doubt_ = false;
  bool stopping_ = false;
  std::vector<std::function<Check()>> further_;
};

}  // namespace vardbron::rest
