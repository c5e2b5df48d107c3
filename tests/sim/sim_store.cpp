#include "tests/sim/sim_store.h"

#include "gateway/base/limits.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace vardbron::sim {

using store::JournalEntry;

namespace {
Failure crashed() { return {Cause::Cancelled, "The store crashed.", ""}; }
}  // namespace

void SimStore::crash() {
  ++lives_;
  std::uint64_t kept = random_.below(written_.size() + 1);
  for (std::uint64_t at = 0; at < kept; ++at) written_[at].apply(tables_);
  written_.clear();
  advances_.clear();
  advance_rows_.clear();
  written_before_ = last_commit_.value_or(tables_.last_time());
}

std::optional<Failure> SimStore::fault(std::map<std::uint64_t, Cause>& failing, std::uint64_t call) {
  auto planned = failing.find(call);
  if (planned == failing.end()) return std::nullopt;
  return Failure{planned->second, "The simulated store was told to fail.", ""};
}

// A pause of no length still lets others run: a real store never answers within the call.
Task<bool> SimStore::pass(Instant least, Instant most) {
  std::uint64_t life = lives_;
  Instant pause = least;
  if (most > least)
    pause += Instant(static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>((most - least).count()) + 1)));
  bool slept = co_await clock_.sleep_until(clock_.now() + pause);
  co_return slept&& life == lives_;
}

Task<Result<void>> SimStore::write(Apply apply) {
  std::optional<Failure> planned = fault(failing_, ++writes_);
  if (!planned && random_.below(1'000'000) < faults_.busy) planned = Failure{Cause::Busy, "The store is busy.", ""};
  if (planned && (planned->cause == Cause::Busy || planned->cause == Cause::Conflict)) co_return *planned;
  bool alive = co_await pass(faults_.write_min, faults_.write_max);
  if (!alive) co_return crashed();
  if (!planned && random_.below(1'000'000) < faults_.broken) planned = Failure{Cause::Broken, "The disk failed.", ""};
  if (planned && random_.below(2) == 0) co_return *planned;
  std::uint64_t number = ++numbers_;
  written_.push_back({number, std::move(apply)});
  std::uint64_t life = lives_;
  co_await pass(faults_.sync_min, faults_.sync_max);
  if (life != lives_) co_return crashed();
  last_commit_ = clock_.wall();
  sync(number);                     // also for a caller who was cancelled: the disk does not know about him
  if (planned) co_return *planned;  // the disk says that it failed, and yet the bytes are there
  co_return done();
}

void SimStore::sync(std::uint64_t number) {
  while (!written_.empty() && written_.front().number <= number) {
    Apply apply = std::move(written_.front().apply);
    written_.pop_front();
    apply(tables_);
  }
  land_advances();
}

void SimStore::land_advances() {
  for (const auto& [subscription, number] : advances_) {
    Result<void> advanced = tables_.advance(subscription, number);
    CHECK(advanced.ok());
  }
  if (!advance_rows_.empty()) tables_.audit(advance_rows_, clock_.wall());
  advances_.clear();
  advance_rows_.clear();
}

Task<Result<void>> SimStore::start_reading() {
  std::optional<Failure> planned = fault(failing_reads_, ++reads_);
  const bool throws = throwing_reads_.erase(reads_) > 0;
  constexpr Instant at_once{0};
  bool alive = co_await pass(at_once, faults_.read_max);
  if (!alive) co_return crashed();
  if (throws) throw std::runtime_error("thrown by the simulated store");
  if (planned) co_return *planned;
  co_return done();
}

Task<Result<store::Committed>> SimStore::commit(store::Change change) {
  auto answer = std::make_shared<std::optional<Result<store::Committed>>>();
  Apply apply = [this, answer, change = std::move(change)](SimTables& tables) {
    answer->emplace(tables.commit(change, clock_.wall(), random_));
  };
  Result<void> wrote = co_await write(std::move(apply));
  if (!wrote) co_return std::move(wrote).failure();
  co_return std::move(**answer);
}

Task<Result<JournalEntry>> SimStore::journal(store::RawMessage message) {
  auto answer = std::make_shared<std::optional<Result<JournalEntry>>>();
  Apply apply = [this, answer, message = std::move(message)](SimTables& tables) {
    answer->emplace(tables.journal(message, clock_.wall(), random_));
  };
  Result<void> wrote = co_await write(std::move(apply));
  if (!wrote) co_return std::move(wrote).failure();
  co_return std::move(**answer);
}

Task<Result<JournalEntry>> SimStore::journal_entry(std::int64_t number) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  co_return tables_.journal_entry(number);
}

Task<Result<JournalEntry>> SimStore::journal_entry(std::string sender, std::string id) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  co_return tables_.journal_entry(sender, id);
}

Task<Result<std::vector<JournalEntry>>> SimStore::journal_entries(store::Outcome outcome, std::int64_t after, std::size_t count) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  co_return tables_.journal_entries(outcome, after, count);
}

Task<Result<std::int64_t>> SimStore::verify_journal() {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  co_return tables_.verify_journal();
}

Task<Result<store::Case>> SimStore::load_case(std::string key, std::size_t links_max, std::optional<store::KnownCase> known) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  co_return tables_.load_case(key, links_max, known);
}

Task<Result<store::Case>> SimStore::load_newest(std::string key, std::size_t links) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  store::Case loaded = tables_.load_case(key, std::size_t(-1), {});
  if (loaded.links.size() > links)
    loaded.links.erase(loaded.links.begin(), loaded.links.end() - static_cast<std::ptrdiff_t>(links));
  co_return loaded;
}

Task<Result<std::vector<store::CaseDue>>> SimStore::cases_due(store::CaseDue after, std::size_t count) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  co_return tables_.cases_due(after, count);
}

Task<Result<std::vector<store::CaseDue>>> SimStore::cases_seen(store::CaseDue after, std::size_t count) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  co_return tables_.cases_seen(after, count);
}

Task<Result<WallTime>> SimStore::written_before() { co_return written_before_; }

Task<Result<store::Resource>> SimStore::read(store::Reader reader, std::string type, std::string id, std::int64_t version) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  co_return tables_.read(reader, type, id, version);
}

Task<Result<std::vector<Result<store::Resource>>>> SimStore::read_all(store::Reader reader,
                                                                      std::vector<store::ResourceName> names,
                                                                      store::Bodies bodies) {
  lists_most_ = std::max(lists_most_, ++lists_now_);
  Result<void> started = co_await start_reading();
  --lists_now_;
  if (!started) co_return std::move(started).failure();
  std::vector<Result<store::Resource>> all;
  for (const store::ResourceName& each : names) all.push_back(tables_.read(reader, each.type, each.id, 0));
  for (Result<store::Resource>& each : all) {
    if (each && bodies == store::Bodies::Without) each->body.clear();
  }
  co_return all;
}

Task<Result<store::Page>> SimStore::search(store::Reader reader, search::Query query, std::stop_token ended) {
  Result<void> started = co_await start_reading();
  if (started && ended.stop_requested()) started = Failure{Cause::Cancelled, "nobody waits", ""};
  if (!started) co_return std::move(started).failure();
  if (lacks_newest_ && !query.may_lack_newest) co_return Failure{Cause::Busy, "what was written last is not found", ""};
  Result<store::Page> page = tables_.search(reader, query);
  if (page) page->lacks_newest = lacks_newest_;
  co_return page;
}

Task<Result<store::Page>> SimStore::history(store::Reader reader, store::HistoryQuery query, std::stop_token ended) {
  Result<void> started = co_await start_reading();
  if (started && ended.stop_requested()) started = Failure{Cause::Cancelled, "nobody waits", ""};
  if (!started) co_return std::move(started).failure();
  co_return tables_.history(reader, query);
}

Task<Result<std::vector<store::SubscriptionState>>> SimStore::subscriptions() {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  std::vector<store::SubscriptionState> all = tables_.subscriptions();
  for (store::SubscriptionState& state : all) {
    auto found = advances_.find(state.id);
    if (found != advances_.end()) state.delivered = std::max(state.delivered, found->second);
  }
  co_return all;
}

Task<Result<store::SubscriptionState>> SimStore::subscription(std::string id) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  Result<store::SubscriptionState> state = tables_.subscription(id);
  auto found = advances_.find(id);
  if (state && found != advances_.end()) state->delivered = std::max(state->delivered, found->second);
  co_return state;
}

Task<Result<void>> SimStore::set_subscription_status(std::string id, std::string status, std::string error,
                                                     store::DeliveryHold hold) {
  Apply apply = [=](SimTables& tables) { tables.set_subscription_status(id, status, error, hold); };
  Result<void> wrote = co_await write(std::move(apply));
  co_return wrote;
}

Task<Result<std::vector<store::Event>>> SimStore::events(std::string subscription, std::int64_t from, std::int64_t to,
                                                         std::size_t count) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  co_return tables_.events(subscription, from, to, count);
}

Task<Result<void>> SimStore::begin_notification(std::string subscription, std::int64_t to) {
  land_advances();  // a crash may keep this write, and then it keeps what was advanced before it
  auto answer = std::make_shared<Result<void>>();
  Apply apply = [=](SimTables& tables) { *answer = tables.begin_notification(subscription, to); };
  Result<void> wrote = co_await write(std::move(apply));
  if (!wrote) co_return wrote;
  co_return *answer;
}

Task<Result<void>> SimStore::advance(std::string subscription, std::int64_t number, std::vector<store::AuditRow> rows) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  Result<store::SubscriptionState> state = tables_.subscription(subscription);
  if (!state) co_return std::move(state).failure();
  std::int64_t& reached = advances_[subscription];
  reached = std::max(reached, std::min(number, state->events));
  std::move(rows.begin(), rows.end(), std::back_inserter(advance_rows_));
  co_return done();
}

Task<Result<bool>> SimStore::forget_subscription(std::string id) {
  auto answer = std::make_shared<bool>();
  Apply apply = [=, this](SimTables& tables) {
    *answer = tables.forget_subscription(id);
    if (*answer) advances_.erase(id);
  };
  Result<void> wrote = co_await write(std::move(apply));
  if (!wrote) co_return std::move(wrote).failure();
  co_return *answer;
}

Task<Result<void>> SimStore::dead_letter(std::string subscription, std::int64_t number, std::string reason) {
  auto answer = std::make_shared<Result<void>>();
  Apply apply = [=](SimTables& tables) { *answer = tables.dead_letter(subscription, number, reason); };
  Result<void> wrote = co_await write(std::move(apply));
  if (!wrote) co_return wrote;
  co_return *answer;
}

Task<Result<void>> SimStore::audit(std::vector<store::AuditRow> rows) {
  Apply apply = [this, rows = std::move(rows)](SimTables& tables) { tables.audit(rows, clock_.wall()); };
  Result<void> wrote = co_await write(std::move(apply));
  co_return wrote;
}

Task<Result<std::vector<store::AuditRow>>> SimStore::audit_rows(std::int64_t after, std::size_t count) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  land_advances();  // a reader of the log comes later than the longest time that a row may take
  co_return tables_.audit_rows(faults_.rows_come_round ? 0 : after, count);
}

Task<Result<std::vector<store::AuditRow>>> SimStore::audit_rows_of(std::vector<std::string> case_keys, std::int64_t after,
                                                                   std::size_t count) {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  land_advances();
  std::vector<store::AuditRow> rows = tables_.audit_rows(after, std::size_t(-1));
  std::erase_if(rows, [&](const store::AuditRow& row) {
    return row.case_key.empty() || std::find(case_keys.begin(), case_keys.end(), row.case_key) == case_keys.end();
  });
  if (rows.size() > count) rows.resize(count);
  co_return rows;
}

Task<Result<std::int64_t>> SimStore::verify_audit() {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  co_return tables_.verify_audit();
}

Task<Result<store::StoreCondition>> SimStore::condition() {
  const std::uint64_t life = lives_;
  Apply nothing = [](SimTables&) {};
  Result<void> wrote = co_await write(std::move(nothing));
  if (life != lives_) co_return crashed();
  if (wrote) failing_since_.reset();
  if (!wrote && !failing_since_) failing_since_ = clock_.wall();
  store::StoreCondition condition;
  condition.is_writing = wrote.ok();
  if (!wrote) condition.says = std::move(wrote.failure().says);
  condition.failing_since = failing_since_;
  condition.last_commit = last_commit_;
  condition.free_bytes = free_bytes_;
  condition.pending = count(store::Outcome::Pending);
  condition.quarantined = count(store::Outcome::Quarantined);
  for (const store::SubscriptionState& state : tables_.subscriptions()) {
    auto found = advances_.find(state.id);
    const std::int64_t delivered = found == advances_.end() ? state.delivered : std::max(state.delivered, found->second);
    if (state.status == "off" || delivered >= state.events) continue;
    const WallTime at = tables_.events(state.id, delivered + 1, delivered + 1, 1).at(0).at;
    if (!condition.oldest_undelivered || at < *condition.oldest_undelivered) condition.oldest_undelivered = at;
  }
  co_return condition;
}

std::int64_t SimStore::count(store::Outcome outcome) const {
  const std::size_t most = static_cast<std::size_t>(limits::store_counted_entries_max);
  return static_cast<std::int64_t>(tables_.journal_entries(outcome, 0, most).size());
}

Task<Result<store::VerifyReport>> SimStore::verify() {
  Result<void> started = co_await start_reading();
  if (!started) co_return std::move(started).failure();
  co_return tables_.verify();
}

Task<void> SimStore::close() {
  sync(numbers_);
  co_return;
}

}  // namespace vardbron::sim
