#include "gateway/access/strangers.h"

#include "gateway/access/audit.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/run_on.h"
#include "gateway/net/networks.h"

#include <algorithm>
#include <utility>

namespace vardbron::access {

namespace {

constexpr std::string_view others = "further networks";

}  // namespace

bool StrangerCounts::refused(std::string_view address, std::string_view what, Instant now) {
  Recorded& recorded = place_of(net::network_of(address));
  if (recorded.refusals++ == 0) recorded.what = what;
  return recorded.refusals == 1 && recorded.due <= now;
}

StrangerCounts::Recorded& StrangerCounts::place_of(const std::string& network) {
  auto found = networks_.find(network);
  if (found != networks_.end()) return found->second;
  const bool is_full = networks_.size() >= limits::stranger_addresses_max;
  return networks_[is_full ? std::string(others) : network];
}

std::vector<Strangers> StrangerCounts::take_due(Instant now) {
  std::vector<Strangers> due;
  for (auto& [network, recorded] : networks_) {
    if (recorded.refusals == 0 || recorded.due > now) continue;
    due.push_back({network, std::move(recorded.what), recorded.refusals});
    recorded = Recorded{{}, 0, now + limits::stranger_row_pause};
  }
  std::erase_if(networks_, [&](const auto& each) { return each.second.refusals == 0 && each.second.due <= now; });
  return due;
}

std::vector<Strangers> StrangerCounts::take_all() {
  std::vector<Strangers> all;
  for (auto& [network, recorded] : networks_) {
    if (recorded.refusals != 0) all.push_back({network, std::move(recorded.what), recorded.refusals});
  }
  networks_.clear();
  return all;
}

void StrangerCounts::put_back(const std::vector<Strangers>& unreported) {
  for (const Strangers& each : unreported) {
    Recorded& recorded = place_of(each.network);
    if (recorded.refusals == 0) recorded.what = each.what;
    recorded.refusals += each.refusals;
  }
}

Instant StrangerCounts::next_look() const {
  Instant next = Instant::max();
  for (const auto& [network, recorded] : networks_) next = std::min(next, recorded.due);
  return next;
}

StrangerLog::StrangerLog(store::Store& store, Clock& clock, asio::any_io_executor executor)
    : store_(store), clock_(clock), executor_(std::move(executor)), wakeup_(executor_) {}

void StrangerLog::refused(std::string_view address, std::string_view method) { count(refused_, address, method); }

void StrangerLog::unread(std::string_view address, std::string_view why) { count(unread_, address, why); }

void StrangerLog::malformed_origin(std::string_view proxy) { count(malformed_origins_, proxy, {}); }

void StrangerLog::count(StrangerCounts& counts, std::string_view address, std::string_view what) {
  bool is_due = false;
  {
    std::lock_guard lock(guard_);
    is_due = counts.refused(address, what, clock_.now());
  }
  if (is_due) ring();
}

StrangerLog::Due StrangerLog::take(bool all) {
  std::lock_guard lock(guard_);
  if (all) return {refused_.take_all(), unread_.take_all(), malformed_origins_.take_all()};
  const Instant now = clock_.now();
  return {refused_.take_due(now), unread_.take_due(now), malformed_origins_.take_due(now)};
}

Deadline StrangerLog::next_look() const {
  std::lock_guard lock(guard_);
  return Deadline{std::min({refused_.next_look(), unread_.next_look(), malformed_origins_.next_look()})};
}

Task<> StrangerLog::run() {
  while (!stopping_) {
    Due due = take(false);
    co_await write(std::move(due));
    const Deadline until = next_look();
    if (!stopping_) co_await wakeup_.wait(clock_, until);
  }
  Due last = take(true);
  co_await write(std::move(last));
}

// A log line is written with its row: what the store refuses is reported with the next ones, in both.
Task<> StrangerLog::write(Due due) {
  for (const Strangers& each : due.unread) {
    log::warning(
        "requests were refused before their sender was looked at",
        {{"network", std::string_view(each.network)}, {"first", std::string_view(each.what)}, {"requests", each.refusals}});
  }
  for (const Strangers& each : due.malformed_origins) {
    log::warning("a trusted proxy does not say who calls in a way that can be read; its own address counts",
                 {{"proxy", std::string_view(each.network)}, {"requests", each.refusals}});
  }
  if (due.refused.empty()) co_return;
  std::vector<store::AuditRow> rows;
  for (const Strangers& each : due.refused) rows.push_back(turned_away(each.what, each.network, each.refusals));
  Result<void> noted = co_await store_.audit(std::move(rows));
  if (!noted) {
    log::warning("refusals of strangers wait to be noted", {{"because", std::string_view(noted.failure().says)}});
    std::lock_guard lock(guard_);
    refused_.put_back(due.refused);
    co_return;
  }
  for (const Strangers& each : due.refused) {
    log::warning(
        "requests without a valid token were refused",
        {{"network", std::string_view(each.network)}, {"first", std::string_view(each.what)}, {"requests", each.refusals}});
  }
}

void StrangerLog::ring() {
  post_to(executor_, [this] { wakeup_.ring(); });
}

void StrangerLog::stop() {
  post_to(executor_, [this] {
    stopping_ = true;
    wakeup_.ring();
  });
}

}  // namespace vardbron::access
