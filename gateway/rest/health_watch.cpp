#include "gateway/rest/health_watch.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/run_on.h"
#include "gateway/base/text.h"
#include "gateway/base/within.h"
#include "gateway/formats/json/composer.h"

#include <algorithm>
#include <utility>

namespace vardbron::rest {

namespace {

constexpr std::chrono::seconds failing_look_pause{1};
constexpr std::chrono::seconds retry_after_min{1}, retry_after_max{60};

std::string_view name_of(Health health) {
  switch (health) {
    case Health::Ok: return "ok";
    case Health::Warn: return "warn";
    case Health::Fail: return "fail";
  }
  return "fail";
}

std::int64_t seconds_in(std::chrono::nanoseconds span) { return std::chrono::floor<std::chrono::seconds>(span).count(); }

std::string as_json(const std::vector<Check>& checks, Health worst) {
  json::Composer json;
  json.begin_object().text("status", name_of(worst)).begin_object("checks");
  for (const Check& check : checks) {
    json.begin_object(check.name).text("status", name_of(check.health));
    if (!check.says.empty()) json.text("says", check.says);
    for (const Check::Fact& fact : check.facts) {
      json.key(fact.name);
      if (const auto* number = std::get_if<std::int64_t>(&fact.value)) {
        json.number(*number);
      } else {
        json.text(std::get<std::string>(fact.value));
      }
    }
    json.end_object();
  }
  return json.end_object().end_object().finish() + "\n";
}

HealthWatch::Answer not_ready(std::string_view says) {
  json::Composer json;
  json.begin_object().text("status", "not ready").text("says", says).end_object();
  return {503, json.finish() + "\n"};
}

Check disk_check(const store::StoreCondition& condition) {
  Check check{"disk", Health::Ok, "", {{"database_bytes", condition.database_bytes}, {"log_bytes", condition.log_bytes}}};
  if (!condition.free_bytes) return check;
  check.facts.push_back({"free_bytes", *condition.free_bytes});
  if (*condition.free_bytes >= limits::health_free_bytes_min) return check;
  check.health = Health::Warn;
  check.says = "The disk of the store is nearly full.";
  return check;
}

Check delivery_check(const store::StoreCondition& condition, WallTime now) {
  Check check{
      "delivery", Health::Ok, "", {{"pending_notices", condition.pending}, {"quarantined_notices", condition.quarantined}}};
  const std::chrono::milliseconds age =
      condition.oldest_undelivered ? std::max(now - *condition.oldest_undelivered, {}) : WallTime::duration{0};
  check.facts.push_back({"oldest_undelivered_seconds", seconds_in(age)});
  if (age <= limits::health_undelivered_age_max) return check;
  check.health = Health::Warn;
  check.says = "A subscriber has not taken an event for long.";
  return check;
}

Check clock_check(const ClockReport& time) {
  Check check{"clock", Health::Ok, "", {{"time", to_instant(time.trusted)}}};
  if (!time.in_doubt) return check;
  check.health = Health::Warn;
  check.facts.push_back({"machine", to_instant(time.machine)});
  check.facts.push_back({"ahead_seconds", seconds_in(time.ahead())});
  check.says = time.since_start ? "The machine's time of day does not go with the last commit before the start."
                                : "The machine's time of day jumped and is not followed.";
  check.says += " Set it right, or accept it by POST /operate/clock.";
  return check;
}

}  // namespace

HealthWatch::HealthWatch(store::WatchedStore& store, store::AuditFallback* fallback, GuardedClock& clock, Metrics& metrics,
                         asio::any_io_executor executor)
    : store_(store),
      fallback_(fallback),
      clock_(clock),
      metrics_(metrics),
      executor_(std::move(executor)),
      wakeup_(executor_),
      time_(clock.look()) {}

Task<> HealthWatch::run() {
  Deadline next_store = clock_.in(limits::health_look_pause);
  while (!stopping_) {
    const Deadline until = std::min(clock_.in(limits::clock_look_pause), next_store);
    co_await wakeup_.wait(clock_, until);
    if (stopping_) break;
    const bool is_rung = !clock_.passed(until);
    look_at_clock();
    if (!is_rung && !clock_.passed(next_store)) continue;
    co_await look();
    next_store = clock_.in(store_.is_up() ? limits::health_look_pause : failing_look_pause);
  }
}

Task<> HealthWatch::look() {
  look_at_clock();
  co_await look_at_store();
  Result<void> taken = co_await store_.take_over();
  if (!taken && taking_over_.met(clock_.now())) {
    log::warning("the second place of the access log waits",
                 {{"because", std::string_view(taken.failure().says)}, {"times", taking_over_.times()}});
  }
  if (taken && taking_over_.over()) log::info("the second place of the access log was taken over");
  count();
}

Task<> HealthWatch::look_at_store() {
  const Deadline until = clock_.in(limits::health_look_time_max);
  Task<Result<store::StoreCondition>> asking = store_.condition();
  Result<store::StoreCondition> condition = co_await within(clock_, std::move(asking), until);
  std::lock_guard lock(guard_);
  if (store_.is_up()) failing_since_.reset();
  if (!store_.is_up() && !failing_since_) failing_since_ = clock_.now();
  no_answer_ = condition ? "" : condition.failure().says;
  if (!condition) co_return;
  condition_ = std::move(*condition);
  answered_ = clock_.now();
}

void HealthWatch::look_at_clock() {
  const ClockReport time = clock_.look();
  metrics_.gauge("vardbron_clock_in_doubt", "1 while the machine's time of day is not believed.").set(time.in_doubt ? 1 : 0);
  metrics_
      .gauge("vardbron_clock_offset_seconds", "By how much the machine's time of day is ahead of the one the gateway goes by.")
      .set(std::chrono::duration<double>(time.ahead()).count());
  {
    std::lock_guard lock(guard_);
    time_ = time;
  }
  if (std::exchange(was_in_doubt_, time.in_doubt) == time.in_doubt) return;
  const std::string trusted = to_instant(time.trusted), machine = to_instant(time.machine);
  if (time.in_doubt) {
    log::error("the machine's time of day is not believed", {{"machine", std::string_view(machine)},
                                                             {"goes_by", std::string_view(trusted)},
                                                             {"ahead_seconds", seconds_in(time.ahead())},
                                                             {"since_start", time.since_start}});
  } else {
    log::info("the machine's time of day is believed again", {{"machine", std::string_view(machine)}});
  }
}

Check HealthWatch::store_check() const {
  Check check{"store", Health::Fail, "The store has not answered yet."};
  if (!answered_) {
    if (!no_answer_.empty()) check.says = no_answer_;
    return check;
  }
  const std::chrono::nanoseconds age = clock_.now() - *answered_;
  check.facts.push_back({"asked_seconds_ago", seconds_in(age)});
  if (condition_->last_commit) check.facts.push_back({"last_commit", to_instant(*condition_->last_commit)});
  if (condition_->failing_since) check.facts.push_back({"failing_since", to_instant(*condition_->failing_since)});
  if (age > limits::health_age_max) {
    check.says = "The store does not answer.";
  } else if (!store_.is_up()) {  // it has the result of each commit; the last answer may be older
    check.says = condition_->says.empty() ? "The store cannot write." : condition_->says;
  } else {
    check.health = Health::Ok;
    check.says.clear();
  }
  return check;
}

std::vector<Check> HealthWatch::checks() const {
  std::lock_guard lock(guard_);
  std::vector<Check> all{store_check(), clock_check(time_)};
  if (condition_) {
    all.push_back(disk_check(*condition_));
    all.push_back(delivery_check(*condition_, time_.trusted));
  }
  if (fallback_ != nullptr) {
    Check check{"access-log", Health::Ok, "", {{"rows_in_second_place", fallback_->rows()}}};
    if (fallback_->rows() > 0) {
      check.health = Health::Warn;
      check.says = "Rows of the access log lie in its second place until the store takes them.";
    }
    check.facts.push_back({"files_set_aside", fallback_->set_aside()});
    if (fallback_->set_aside() > 0) {
      check.health = Health::Warn;
      check.says = "Rows in the second place of the access log were changed by somebody else; the file is kept beside it.";
    }
    all.push_back(std::move(check));
  }
  for (const std::function<Check()>& further : further_) all.push_back(further());
  return all;
}

void HealthWatch::watch(std::function<Check()> check) { further_.push_back(std::move(check)); }

HealthWatch::Answer HealthWatch::health() const {
  const std::vector<Check> all = checks();
  Health worst = Health::Ok;
  for (const Check& check : all) worst = std::max(worst, check.health);
  return {worst == Health::Fail ? 503u : 200u, as_json(all, worst)};
}

// A clock in doubt or a full queue are no reason to send callers elsewhere: messages are kept nevertheless.
HealthWatch::Answer HealthWatch::ready() const {
  Check store;
  bool stopping = false;
  {
    std::lock_guard lock(guard_);
    store = store_check();
    stopping = stopping_;
  }
  if (stopping) return not_ready("The gateway closes.");
  if (store.health == Health::Ok)
    return {200, json::Composer().begin_object().text("status", "ready").end_object().finish() + "\n"};
  return not_ready(store.says);
}

std::chrono::seconds HealthWatch::retry_after() const {
  std::lock_guard lock(guard_);
  if (store_.is_up() || !failing_since_) return retry_after_min;
  const auto failing = std::chrono::floor<std::chrono::seconds>(clock_.now() - *failing_since_);
  return std::clamp(failing, retry_after_min, retry_after_max);
}

void HealthWatch::count() const {
  for (const Check& check : checks()) {
    metrics_
        .gauge("vardbron_health_status", "What GET /health says of each check: 0 ok, 1 warn, 2 fail.", {{"check", check.name}})
        .set(static_cast<double>(check.health));
  }
  std::lock_guard lock(guard_);
  if (fallback_ != nullptr) {
    metrics_.gauge("vardbron_audit_fallback_rows", "Rows of the access log that lie in its second place.")
        .set(static_cast<double>(fallback_->rows()));
    metrics_
        .gauge("vardbron_audit_fallback_set_aside",
               "Files kept beside the second place of the access log, since their rows were changed by somebody else.")
        .set(static_cast<double>(fallback_->set_aside()));
  }
  if (!condition_) return;
  const auto number = [](std::int64_t value) { return static_cast<double>(value); };
  metrics_.gauge("vardbron_store_database_bytes", "Size of the store's file.").set(number(condition_->database_bytes));
  metrics_.gauge("vardbron_store_log_bytes", "Size of the write-ahead log beside it.").set(number(condition_->log_bytes));
  if (condition_->free_bytes) {
    metrics_.gauge("vardbron_store_free_bytes", "Free space on the store's disk.").set(number(*condition_->free_bytes));
  }
  metrics_.gauge("vardbron_pending_notices", "Notices that were answered with 202 and wait.").set(number(condition_->pending));
  metrics_.gauge("vardbron_quarantined_notices", "Notices in quarantine.").set(number(condition_->quarantined));
  const WallTime oldest = condition_->oldest_undelivered.value_or(time_.trusted);
  metrics_.gauge("vardbron_oldest_undelivered_event_seconds", "Age of the oldest event that its subscriber has not got.")
      .set(std::max(0.0, std::chrono::duration<double>(time_.trusted - oldest).count()));
}

void HealthWatch::ring() {
  post_to(executor_, [this] { wakeup_.ring(); });
}

void HealthWatch::stop() {
  {
    std::lock_guard lock(guard_);
    stopping_ = true;
  }
  ring();
}

}  // namespace vardbron::rest
