#include "gateway/exchange/backlog.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/reached.h"
#include "gateway/base/run_on.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <set>
#include <string_view>
#include <utility>

namespace vardbron::exchange {

namespace {

// An exception at one entry must not end the others, nor the program.
Task<Result<Receipt>> caught(Task<Result<Receipt>> work) {
  try {
    co_return co_await std::move(work);
  } catch (const boost::system::system_error& thrown) {
    if (thrown.code() == asio::error::operation_aborted) co_return Failure{Cause::Cancelled, "The gateway stops.", ""};
  } catch (const std::exception&) {
    REACHED("exchange: an entry of the backlog throws");
  }
  co_return Failure{Cause::Broken, "The gateway failed at this message.", ""};
}

// The cause may be the entry itself: a stored notice of its case cannot be read, something throws.
bool may_be_its_own(Cause cause) { return cause == Cause::Broken; }

std::chrono::nanoseconds pause_after(int failures) {
  std::chrono::nanoseconds pause = limits::backlog_pause;
  for (int each = 1; each < failures && pause < limits::backlog_pause_max; ++each) pause *= 2;
  return std::min<std::chrono::nanoseconds>(pause, limits::backlog_pause_max);
}

std::string_view name_of(const Receipt& receipt) {
  switch (receipt.outcome) {
    case store::Outcome::Stored: return receipt.is_held ? "held" : "stored";
    case store::Outcome::Duplicate: return "duplicate";
    case store::Outcome::Quarantined: return "quarantined";
    case store::Outcome::Pending: break;
  }
  return "pending";
}

}  // namespace

Backlog::Backlog(store::Store& store, MessagePath& path, Clock& clock, asio::any_io_executor executor, Metrics* metrics)
    : store_(store),
      path_(path),
      clock_(clock),
      executor_(std::move(executor)),
      metrics_(metrics),
      wakeup_(executor_),
      alarms_(executor_),
      scope_(executor_) {
  report_waiting();
}

Task<> Backlog::run() {
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!stopping_) {
    Result<void> looked = co_await look();
    const auto asked = co_await asio::this_coro::cancellation_state;
    if (asked.cancelled() != asio::cancellation_type::none) {
      scope_.cancel();
      break;
    }
    if (stopping_) break;
    if (looked) {
      if (trouble_.over()) log::info("the backlog goes on");
      wake_for_waiting();
    } else {
      if (trouble_.met(clock_.now()))
        log::warning("the backlog waits", {{"because", std::string_view(looked.failure().says)}, {"times", trouble_.times()}});
      wake_at(clock_.in(limits::backlog_pause).at);
    }
    co_await wakeup_.wait();
  }
  alarms_.cancel();
  co_await alarms_.join();
  co_await scope_.join();
}

// First entries that wait and may be tried again, then those that were left out, then new ones.
Task<Result<void>> Backlog::look() {
  Result<void> looked = co_await look_at_waiting();
  if (!looked) co_return looked;
  std::vector<std::string> senders = senders_with_places_again();
  for (std::string& sender : senders) {
    looked = co_await look_at_left(std::move(sender));
    if (!looked) co_return looked;
  }
  const bool is_full = entries_.size() >= limits::backlog_waiting_max;
  if (is_full && !was_full_) log::error("so many messages of the backlog wait that new ones are not looked at");
  was_full_ = is_full;
  while (!stopping_ && places_free() > 0 && entries_.size() < limits::backlog_waiting_max) {
    Result<std::vector<store::JournalEntry>> found =
        co_await store_.journal_entries(store::Outcome::Pending, looked_to_, places_free());
    if (!found) co_return std::move(found).failure();
    if (found->empty()) break;
    for (store::JournalEntry& entry : *found) {
      looked_to_ = entry.number;
      const std::string sender = entry.message.sender;
      const bool is_left = left_from_.contains(sender) || !has_place(sender);
      is_left ? leave(sender, entry.number) : begin(std::move(entry));
    }
  }
  co_return done();
}

Task<Result<void>> Backlog::look_at_waiting() {
  while (!stopping_ && places_free() > 0) {
    const std::optional<std::int64_t> number = next_waiting();
    if (!number) break;
    Result<store::JournalEntry> entry = co_await store_.journal_entry(*number);
    if (!entry && may_pass(entry.failure().cause)) co_return std::move(entry).failure();
    if (entry && entry->outcome == store::Outcome::Pending) {
      begin(std::move(*entry));
    } else {
      forget(*number);
    }
  }
  co_return done();
}

// The sender's entries up to looked_to_, in their order; those of other senders in between were read when they came.
Task<Result<void>> Backlog::look_at_left(std::string sender) {
  while (!stopping_ && places_free() > 0 && entries_.size() < limits::backlog_waiting_max && has_place(sender)) {
    std::int64_t& from = left_from_[sender];
    Result<std::vector<store::JournalEntry>> found =
        co_await store_.journal_entries(store::Outcome::Pending, from - 1, places_free());
    if (!found) co_return std::move(found).failure();
    bool is_through = found->empty();
    for (store::JournalEntry& entry : *found) {
      is_through = entry.number > looked_to_;
      if (is_through || !has_place(sender)) break;
      from = entry.number + 1;
      if (entry.message.sender == sender) begin(std::move(entry));
    }
    if (is_through) {
      left_from_.erase(sender);
      break;
    }
  }
  co_return done();
}

std::vector<std::string> Backlog::senders_with_places_again() const {
  std::vector<std::string> senders;
  for (const auto& [sender, from] : left_from_)
    if (held_by(sender) <= limits::backlog_waiting_per_sender_max / 2) senders.push_back(sender);
  return senders;
}

std::size_t Backlog::held_by(const std::string& sender) const {
  const auto found = held_.find(sender);
  return found == held_.end() ? 0 : found->second;
}

bool Backlog::has_place(const std::string& sender) const { return held_by(sender) < limits::backlog_waiting_per_sender_max; }

void Backlog::leave(const std::string& sender, std::int64_t number) {
  if (!left_from_.try_emplace(sender, number).second) return;
  REACHED("exchange: messages of one sender are left out of the backlog");
  log::warning("so many messages of one sender wait that its later ones are not looked at",
               {{"sender", std::string_view(sender)}});
}

void Backlog::forget(std::int64_t number) {
  const auto found = entries_.find(number);
  if (found == entries_.end()) return;
  const auto held = held_.find(found->second.sender);
  if (--held->second == 0) held_.erase(held);
  entries_.erase(found);
}

std::size_t Backlog::places_free() const { return limits::backlog_at_once_max - working_; }

std::optional<std::int64_t> Backlog::next_waiting() const {
  std::set<std::string_view> cases;
  for (const auto& [number, entry] : entries_) {
    const bool is_first = entry.case_key.empty() || cases.insert(entry.case_key).second;
    if (is_first && !entry.is_working && entry.not_before <= clock_.now()) return number;
  }
  return std::nullopt;
}

bool Backlog::has_earlier_of_case(std::int64_t number, const std::string& case_key) const {
  if (case_key.empty()) return false;
  return std::any_of(entries_.begin(), entries_.lower_bound(number),
                     [&](const auto& each) { return each.second.case_key == case_key; });
}

void Backlog::begin(store::JournalEntry entry) {
  const std::int64_t number = entry.number;
  const auto [found, is_new] = entries_.try_emplace(number);
  Entry& mine = found->second;
  if (is_new) {
    mine.sender = entry.message.sender;
    ++held_[mine.sender];
  }
  Read read = path_.read(std::move(entry));
  mine.case_key = read.case_key();
  if (has_earlier_of_case(number, mine.case_key)) return;
  mine.is_working = true;
  ++working_;
  scope_.spawn(work_off(std::move(read)));
}

Task<> Backlog::work_off(Read read) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const std::int64_t number = read.in_flight.journal_number;
  Task<Result<Receipt>> work = caught(path_.work_off(std::move(read)));
  Result<Receipt> receipt = co_await std::move(work);
  const int troubles = entries_[number].troubles + 1;
  if (!receipt && may_be_its_own(receipt.failure().cause) && troubles >= limits::backlog_attempts_max) {
    Failure failure = std::move(receipt).failure();
    work = caught(give_up(number, std::move(failure)));
    Result<Receipt> given_up = co_await std::move(work);
    receipt = std::move(given_up);
  }
  --working_;
  if (receipt) {
    done_with(number, *receipt);
  } else {
    try_later(number, receipt.failure());
  }
  wakeup_.ring();
}

// The store accepts the write into quarantine, so it works, and the entry is the cause.
Task<Result<Receipt>> Backlog::give_up(std::int64_t number, Failure failure) {
  Result<store::JournalEntry> entry = co_await store_.journal_entry(number);
  if (!entry) co_return std::move(entry).failure();
  REACHED("exchange: an entry of the backlog is given up");
  co_return co_await path_.give_up(std::move(*entry), std::move(failure));
}

void Backlog::done_with(std::int64_t number, const Receipt& receipt) {
  forget(number);
  if (metrics_ == nullptr) return;
  const std::string outcome(name_of(receipt));
  metrics_
      ->counter("vardbron_backlog_total", "Notices accepted before they were read, by what became of them.",
                {{"outcome", outcome}})
      .add();
  report_waiting();
}

void Backlog::report_waiting() {
  if (metrics_ == nullptr) return;
  metrics_->gauge("vardbron_backlog_waiting", "Notices of the backlog that wait for another try, or for their case.")
      .set(static_cast<double>(entries_.size() - working_));
}

void Backlog::try_later(std::int64_t number, const Failure& failure) {
  Entry& entry = entries_[number];
  entry.is_working = false;
  entry.failures += 1;
  entry.troubles += may_be_its_own(failure.cause) ? 1 : 0;
  entry.not_before = clock_.now() + pause_after(entry.failures);
  log::warning("a message of the backlog waits",
               {{"journal", number}, {"because", std::string_view(failure.says)}, {"attempt", std::int64_t{entry.failures}}});
  report_waiting();
}

void Backlog::wake_for_waiting() {
  Instant first = never;
  for (const auto& [number, entry] : entries_)
    if (!entry.is_working && entry.not_before > clock_.now()) first = std::min(first, entry.not_before);
  if (first != never) wake_at(first);
}

void Backlog::wake_at(Instant moment) {
  if (moment >= alarm_) return;
  alarm_ = moment;
  alarms_.spawn(ring_at(moment));
}

Task<> Backlog::ring_at(Instant moment) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const bool is_time = co_await clock_.sleep_until(moment);
  if (alarm_ == moment) alarm_ = never;
  if (is_time) wakeup_.ring();
}

void Backlog::wake() {
  post_to(executor_, [this] { wakeup_.ring(); });
}

void Backlog::stop() {
  post_to(executor_, [this] {
    stopping_ = true;
    wakeup_.ring();
  });
}

}  // namespace vardbron::exchange
