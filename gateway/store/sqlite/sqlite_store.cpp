#include "gateway/store/sqlite/sqlite_store.h"

#include "gateway/base/limits.h"
#include "gateway/store/rules.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/hand_over.h"
#include "gateway/store/sqlite/place.h"
#include "gateway/store/sqlite/read_tables.h"
#include "gateway/store/sqlite/readers.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/sealer.h"
#include "gateway/store/sqlite/standing.h"
#include "gateway/store/sqlite/verify_thread.h"
#include "gateway/store/sqlite/vouching.h"
#include "gateway/store/sqlite/write_tables.h"
#include "gateway/store/sqlite/writer.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

namespace vardbron::store {

namespace {

Failure busy() { return {Cause::Busy, "The store has too much to do; try again later.", ""}; }

template <class T>
using AnswerPtr = std::shared_ptr<Answer<T>>;

/// Work(WriteTables&) -> Result<T>, answered when the group is on the disk.
template <class T, class Work>
class Writing final : public WriteJob {
 public:
  Writing(AnswerPtr<T> answer, Work work) : answer_(std::move(answer)), work_(std::move(work)) {}
  void run(WriteTables& tables) override { result_.emplace(work_(tables)); }
  void finish(const Failure* group_failure) override {
    if (group_failure != nullptr) {
      Answer<T>::give(answer_, *group_failure);
    } else {
      Answer<T>::give(answer_, *std::move(result_));
    }
  }

 private:
  AnswerPtr<T> answer_;
  Work work_;
  std::optional<Result<T>> result_;
};

/// Work(ReadTables&) -> Result<T>, on one moment of the store.
template <class T, class Work>
Result<T> read_now(ReadTables& tables, Work& work) {
  tables.begin();
  Result<T> result = work(tables);
  Result<void> ended = tables.end();
  if (!ended) result = std::move(ended).failure();
  return result;
}

template <class T, class Work>
class Reading final : public ReadJob {
 public:
  Reading(AnswerPtr<T> answer, Work work) : answer_(std::move(answer)), work_(std::move(work)) {}
  void run(ReadTables& tables) override { Answer<T>::give(answer_, read_now<T>(tables, work_)); }

 private:
  AnswerPtr<T> answer_;
  Work work_;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<Place> place, std::unique_ptr<Database> database, std::unique_ptr<Sealer> sealer,
              std::unique_ptr<Readers> readers, const SealOptions& seal, Clock& clock, Random& random)
      : place_(std::move(place)),
        database_(std::move(database)),
        sealer_(std::move(sealer)),
        tables_(*database_, clock, random, sealer_.get()),
        written_before_(std::max(tables_.last_time(), tables_.vouched_at())),
        standing_(clock),
        vouching_(place_->file(), standing_, clock),
        readers_(std::move(readers)),
        verifier_(place_->file(), seal.key, seal.follower, clock) {
    for (SubscriptionState& state : tables_.subscriptions()) {
      std::string id = state.id;
      states_.emplace(std::move(id), std::move(state));
    }
    writer_ = std::make_unique<Writer>(*database_, tables_, standing_, [this](const auto& committed) { publish(committed); });
  }

  Task<Result<Committed>> commit(Change change) override {
    Result<void> checked = check_bodies(change);
    if (!checked) return at_once<Committed>(std::move(checked).failure());
    PreparedChange prepared = prepare<PreparedChange>(std::move(change));
    auto work = [prepared = std::move(prepared)](WriteTables& tables) { return tables.commit(prepared); };
    return write<Committed>(std::move(work));
  }
  Task<Result<JournalEntry>> journal(RawMessage message) override {
    Result<void> checked = check_body(message.body);
    if (!checked) return at_once<JournalEntry>(std::move(checked).failure());
    PreparedMessage prepared = prepare<PreparedMessage>(std::move(message));
    auto work = [prepared = std::move(prepared)](WriteTables& tables) -> Result<JournalEntry> {
      JournalEntry entry = tables.journal(prepared);
      entry.message.body = prepared.message.body;
      return entry;
    };
    return write<JournalEntry>(std::move(work));
  }
  Task<Result<JournalEntry>> journal_entry(std::int64_t number) override {
    return read_here<JournalEntry>([number](ReadTables& tables) { return tables.journal().entry(number); });
  }
  Task<Result<std::vector<JournalEntry>>> journal_entries(Outcome outcome, std::int64_t after, std::size_t count) override {
    auto work = [=](ReadTables& tables) { return tables.journal().entries(outcome, after, count); };
    return read_by<std::vector<JournalEntry>>(work);
  }
  Task<Result<std::int64_t>> verify_journal() override {
    return read_by<std::int64_t>([](ReadTables& tables) { return tables.journal().verify(); });
  }
  Task<Result<Case>> load_case(std::string key, std::size_t links_max) override {
    return read_here<Case>([key = std::move(key), links_max](ReadTables& tables) { return tables.load_case(key, links_max); });
  }
  Task<Result<std::vector<CaseDue>>> cases_due(CaseDue after, std::size_t count) override {
    auto work = [after = std::move(after), count](ReadTables& tables) {
      return Result<std::vector<CaseDue>>(tables.cases_due(after, count));
    };
    return read_by<std::vector<CaseDue>>(std::move(work));
  }
  Task<Result<std::vector<CaseDue>>> cases_seen(CaseDue after, std::size_t count) override {
    auto work = [after = std::move(after), count](ReadTables& tables) {
      return Result<std::vector<CaseDue>>(tables.cases_seen(after, count));
    };
    return read_by<std::vector<CaseDue>>(std::move(work));
  }
  Task<Result<WallTime>> written_before() override { co_return written_before_; }
  Task<Result<Resource>> read(Reader reader, std::string type, std::string id, std::int64_t version) override {
    auto work = [reader = std::move(reader), type = std::move(type), id = std::move(id), version](ReadTables& tables) {
      return tables.read(reader, type, id, version);
    };
    return read_here<Resource>(std::move(work));
  }
  Task<Result<std::vector<Result<Resource>>>> read_all(Reader reader, std::vector<ResourceName> names, Bodies bodies) override {
    auto work = [reader = std::move(reader), names = std::move(names), bodies](ReadTables& tables) {
      std::vector<Result<Resource>> all;
      for (const ResourceName& each : names) all.push_back(tables.read(reader, each.type, each.id, 0, bodies));
      return Result<std::vector<Result<Resource>>>(std::move(all));
    };
    return read_here<std::vector<Result<Resource>>>(std::move(work));
  }
  Task<Result<Page>> search(Reader reader, search::Query query) override {
    auto work = [reader = std::move(reader), query = std::move(query)](ReadTables& tables) {
      return tables.search(reader, query);
    };
    return read_by<Page>(std::move(work));
  }

  Task<Result<std::vector<SubscriptionState>>> subscriptions() override { co_return all_states(); }
  Task<Result<SubscriptionState>> subscription(std::string id) override {
    std::lock_guard lock(states_guard_);
    auto found = states_.find(id);
    if (found == states_.end()) co_return Failure{Cause::NotFound, "There is no such subscription.", ""};
    co_return found->second;
  }
  Task<Result<void>> set_subscription_status(std::string id, std::string status, std::string error) override {
    auto work = [id = std::move(id), status = std::move(status), error = std::move(error)](WriteTables& tables) {
      tables.set_subscription_status(id, status, error);
      return done();
    };
    return write<void>(std::move(work));
  }
  Task<Result<std::vector<Event>>> events(std::string subscription, std::int64_t from, std::int64_t to,
                                          std::size_t count) override {
    auto work = [=](ReadTables& tables) -> Result<std::vector<Event>> {
      return tables.events().events(subscription, from, to, count);
    };
    return read_here<std::vector<Event>>(std::move(work));
  }
  Task<Result<void>> begin_notification(std::string subscription, std::int64_t to) override {
    auto work = [=](WriteTables& tables) { return tables.begin_notification(subscription, to); };
    return write<void>(std::move(work));
  }
  Task<Result<void>> advance(std::string subscription, std::int64_t number, std::vector<AuditRow> rows) override {
    {
      std::lock_guard lock(states_guard_);
      auto found = states_.find(subscription);
      if (found == states_.end()) co_return Failure{Cause::NotFound, "There is no such subscription.", ""};
      SubscriptionState& state = found->second;
      number = std::max(state.delivered, std::min(number, state.events));
      if (!writer_->put_advance(subscription, number, std::move(rows))) co_return busy();
      state.delivered = number;
    }
    co_return done();
  }
  Task<Result<void>> bury(std::string subscription, std::int64_t number, std::string reason) override {
    auto work = [=](WriteTables& tables) { return tables.bury(subscription, number, reason); };
    return write<void>(std::move(work));
  }
  Task<Result<void>> audit(std::vector<AuditRow> rows) override {
    auto work = [rows = std::move(rows)](WriteTables& tables) {
      tables.audit(rows);
      return done();
    };
    return write<void>(std::move(work));
  }
  Task<Result<std::vector<AuditRow>>> audit_rows(std::int64_t after, std::size_t count) override {
    auto work = [=](ReadTables& tables) -> Result<std::vector<AuditRow>> { return tables.audit().rows(after, count); };
    return read_by<std::vector<AuditRow>>(work);
  }
  Task<Result<std::int64_t>> verify_audit() override {
    return read_by<std::int64_t>([](ReadTables& tables) { return tables.audit().verify(); });
  }

  Task<Result<StoreCondition>> condition() override {
    std::vector<SubscriptionState> states = all_states();
    return vouching_.ask(*writer_, *readers_, std::move(states));
  }
  Task<Result<VerifyReport>> verify() override {
    auto start = [this](AnswerPtr<VerifyReport> answer) {
      const bool started =
          verifier_.start([answer](Result<VerifyReport> report) { Answer<VerifyReport>::give(answer, std::move(report)); });
      if (!started) Answer<VerifyReport>::give(answer, Failure{Cause::Busy, "The store is being verified already.", ""});
    };
    return hand_over<VerifyReport>(std::move(start));
  }

  // The threads end what they were given; their answers are on their way to the callers' executors when this returns.
  Task<void> close() override {
    verifier_.stop();
    writer_->stop();
    sealer_->hand_out();
    readers_->stop();
    co_return;
  }

 private:
  // On the caller's thread, with one of the squeezers that callers share.
  template <class Prepared, class Given>
  Prepared prepare(Given given) {
    std::unique_ptr<Squeezer> squeezer;
    {
      std::lock_guard lock(squeezers_guard_);
      if (!squeezers_.empty()) {
        squeezer = std::move(squeezers_.back());
        squeezers_.pop_back();
      }
    }
    if (!squeezer) squeezer = std::make_unique<Squeezer>();
    Prepared prepared(std::move(given), *squeezer);
    std::lock_guard lock(squeezers_guard_);
    squeezers_.push_back(std::move(squeezer));
    return prepared;
  }
  template <class T>
  static Task<Result<T>> at_once(Failure failure) {
    co_return failure;
  }
  template <class T, class Work>
  Task<Result<T>> write(Work work) {
    auto start = [this, work = std::move(work)](AnswerPtr<T> answer) mutable {
      std::unique_ptr<WriteJob> job = std::make_unique<Writing<T, Work>>(answer, std::move(work));
      if (!writer_->put(job)) Answer<T>::give(answer, busy());
    };
    return hand_over<T>(std::move(start));
  }
  // A few rows, mostly in memory: to read them costs less than to ask another thread for it. Who finds all connections taken,
  // asks.
  template <class T, class Work>
  Task<Result<T>> read_here(Work work) {
    std::unique_ptr<ReadTables> tables = readers_->lend();
    if (!tables) co_return co_await read_by<T>(std::move(work));
    Result<T> result = read_now<T>(*tables, work);
    readers_->take_back(std::move(tables));
    co_return result;
  }
  template <class T, class Work>
  Task<Result<T>> read_by(Work work) {
    auto start = [this, work = std::move(work)](AnswerPtr<T> answer) mutable {
      std::unique_ptr<ReadJob> job = std::make_unique<Reading<T, Work>>(answer, std::move(work));
      if (!readers_->put(job)) Answer<T>::give(answer, busy());
    };
    return hand_over<T>(std::move(start));
  }
  std::vector<SubscriptionState> all_states() {
    std::vector<SubscriptionState> all;
    std::lock_guard lock(states_guard_);
    for (const auto& [id, state] : states_) all.push_back(state);
    return all;
  }
  void publish(const std::vector<SubscriptionState>& committed) {
    std::lock_guard lock(states_guard_);
    for (const SubscriptionState& state : committed) {
      SubscriptionState& known = states_[state.id];
      std::int64_t delivered = std::max(known.delivered, state.delivered);  // an advance may be ahead of the disk
      known = state;
      known.delivered = delivered;
    }
  }

  std::unique_ptr<Place> place_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Sealer> sealer_;
  WriteTables tables_;
  const WallTime written_before_;
  Standing standing_;
  Vouching vouching_;
  std::mutex states_guard_;
  std::map<std::string, SubscriptionState> states_;
  std::mutex squeezers_guard_;
  std::vector<std::unique_ptr<Squeezer>> squeezers_;
  std::unique_ptr<Readers> readers_;
  VerifyThread verifier_;
  std::unique_ptr<Writer> writer_;
};

/// A page is met by every reader; it is told once.
Database::BrokenPage once_for_each_page(std::function<void(std::int64_t)> tell) {
  struct Told {
    std::mutex guard;
    std::set<std::int64_t> pages;
  };
  if (!tell) return {};
  return [tell = std::move(tell), told = std::make_shared<Told>()](std::int64_t page) {
    {
      std::lock_guard lock(told->guard);
      if (told->pages.size() >= limits::told_broken_pages_max || !told->pages.insert(page).second) return;
    }
    tell(page);
  };
}

}  // namespace

std::filesystem::path seal_key_of(const SqliteOptions& options) {
  return options.seal_key.empty() ? options.directory / "seal.key" : options.seal_key;
}

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, Clock& clock, Random& random) {
  Result<std::unique_ptr<Place>> place = Place::take(options.directory);
  if (!place) return std::move(place).failure();
  const Database::BrokenPage on_broken_page = once_for_each_page(options.on_broken_page);
  Result<std::unique_ptr<Database>> database = Database::open((*place)->file(), Database::Use::Write, on_broken_page);
  if (!database) return std::move(database).failure();
  Result<void> prepared = prepare_for_writing(**database);
  if (!prepared) return std::move(prepared).failure();
  const SealOptions seal{seal_key_of(options), options.is_sealed_anew, options.on_seal, options.seal_pause,
                         std::make_shared<RowFollower>()};
  Result<std::unique_ptr<Sealer>> sealer = Sealer::open(**database, seal, clock, random);
  if (!sealer) return std::move(sealer).failure();
  std::vector<std::unique_ptr<Database>> readers, lent;
  for (std::size_t count = 0; count < std::max<std::size_t>(1, options.readers) + options.callers; ++count) {
    Result<std::unique_ptr<Database>> reader = Database::open((*place)->file(), Database::Use::Read, on_broken_page);
    if (!reader) return std::move(reader).failure();
    Result<void> ready = prepare_for_reading(**reader);
    if (!ready) return std::move(ready).failure();
    (count < options.callers ? lent : readers).push_back(*std::move(reader));
  }
  auto reading = std::make_unique<Readers>(std::move(readers), std::move(lent));
  if (std::optional<Failure> failure = reading->failure()) return *std::move(failure);
  const DatabaseHealth& health = (*database)->health();  // the writer's; it has read what it counts on when the store is made
  std::unique_ptr<Store> store = std::make_unique<SqliteStore>(*std::move(place), *std::move(database), *std::move(sealer),
                                                               std::move(reading), seal, clock, random);
  if (health.failure) return *health.failure;
  return store;
}

}  // namespace vardbron::store
