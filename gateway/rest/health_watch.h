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

/// One thing that was asked, and how it stands.
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

/// Asks in the background what the gateway vouches for: a synced write, free space, the age of the oldest undelivered event, the
/// time of day. GET /health and GET /ready are answered from its last look, so that whoever asks, and how often, costs nothing
/// and waits for nothing; a look that does not come back makes them fail by itself. What turns is told in the log, once. `run`,
/// `look` and `stop` belong to the executor's thread, all else to any.
class HealthWatch {
 public:
  /// All outlive the watch.
  HealthWatch(store::WatchedStore& store, store::AuditFallback* fallback, GuardedClock& clock, Metrics& metrics,
              asio::any_io_executor executor);
  HealthWatch(const HealthWatch&) = delete;

  /// One more check, for whoever is asked: any thread, and it waits for nothing. Before anybody asks.
  void watch(std::function<Check()> check);

  /// Looks every limits::clock_look_pause at the clock, every limits::health_look_pause at the store - every second while that
  /// cannot write -, and when rung.
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
  /// 503: send callers elsewhere, nothing can be kept here at this moment.
  Answer ready() const;
  /// After which time a caller may try again what could not be kept: as long again as the store has been failing, between a
  /// second and a minute.
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
  std::optional<Instant> failing_since_;  // since when each look found that the store cannot write
  ClockReport time_;
  bool was_in_doubt_ = false;
  bool stopping_ = false;
  std::vector<std::function<Check()>> further_;
};

}  // namespace vardbron::rest
