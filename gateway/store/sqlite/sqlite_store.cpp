#include "gateway/store/sqlite/sqlite_store.h"

#include "gateway/store/rules.h"
#include "gateway/store/sqlite/calls.h"
#include "gateway/store/sqlite/connections.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/standing.h"
#include "gateway/store/sqlite/store_directory.h"
#include "gateway/store/sqlite/verify_thread.h"
#include "gateway/store/sqlite/vouching.h"
#include "gateway/store/sqlite/write_tables.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

namespace vardbron::store {

namespace {

Failure busy() { return {Cause::Busy, "The store has too much to do; try again later.", ""}; }

class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<StoreDirectory> directory, std::unique_ptr<Connections> connections, WritingSide side,
              ReadConnections reading, LogSizes log, Clock& clock)
      : place_(std::move(directory)),
        connections_(std::move(connections)),
        // Rows from before a clock was set back may have a later time; the seal is always of the last commit.
        written_before_(side.sealer->sealed_before().value_or(std::max(side.tables->last_time(), side.tables->vouched_at()))),
        standing_(clock),
        vouching_(place_->file(), standing_, clock),
        readers_(std::make_unique<Readers>(std::move(reading))),
        verifier_(*connections_, clock) {
    take_states(side.tables->subscriptions());
    Writer::Hooks hooks;
    hooks.committed = [this](const auto& committed) { publish(committed); };
    hooks.closing = [this] {
      verifier_.break_off();
      readers_->close_all();
    };
    hooks.reopened = [this](const auto& all) { return take_up_again(all); };
    hooks.not_reopened = [this](const Failure& why) { read_on(why); };
    writer_ = std::make_unique<Writer>(*connections_, std::move(side), LogPolicy(log), standing_, std::move(hooks));
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
  Task<Result<Case>> load_case(std::string key, std::size_t links_max, std::optional<KnownCase> known) override {
    auto work = [key = std::move(key), links_max, known](ReadTables& tables) { return tables.load_case(key, links_max, known); };
    return read_here<Case>(std::move(work));
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
      for (const ResourceName& each : names) {
        all.push_back(tables.read(reader, each.type, each.id, 0, bodies));
        if (tables.snapshot().is_due()) tables.snapshot().renew();
      }
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
  Task<Result<void>> set_subscription_status(std::string id, std::string status, std::string error, DeliveryHold hold) override {
    auto work = [id = std::move(id), status = std::move(status), error = std::move(error), hold](WriteTables& tables) {
      tables.set_subscription_status(id, status, error, hold);
      return done();
    };
    return write<void>(std::move(work));
  }
  Task<Result<bool>> forget_subscription(std::string id) override {
    return write<bool>([id = std::move(id)](WriteTables& tables) -> Result<bool> { return tables.forget_subscription(id); });
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
  Task<Result<void>> dead_letter(std::string subscription, std::int64_t number, std::string reason) override {
    auto work = [=](WriteTables& tables) { return tables.dead_letter(subscription, number, reason); };
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
    auto start = [this](CompletionPtr<VerifyReport> answer) {
      const bool started =
          verifier_.start([answer](Result<VerifyReport> report) { Completion<VerifyReport>::give(answer, std::move(report)); });
      if (!started) Completion<VerifyReport>::give(answer, Failure{Cause::Busy, "The store is being verified already.", ""});
    };
    return wait_for_completion<VerifyReport>(std::move(start));
  }

  // The threads finish their jobs; the answers are posted to the callers' executors when this returns.
  Task<void> close() override {
    verifier_.stop();
    readers_->stop();
    readers_->close_all();
    writer_->stop();
    writer_->hand_out_seal();
    co_return;
  }

 private:
  // On the caller's thread, with one of the compressors that callers share.
  template <class Prepared, class Given>
  Prepared prepare(Given given) {
    std::unique_ptr<Compressor> compressor;
    {
      std::lock_guard lock(compressors_guard_);
      if (!compressors_.empty()) {
        compressor = std::move(compressors_.back());
        compressors_.pop_back();
      }
    }
    if (!compressor) compressor = std::make_unique<Compressor>();
    Prepared prepared(std::move(given), *compressor);
    std::lock_guard lock(compressors_guard_);
    compressors_.push_back(std::move(compressor));
    return prepared;
  }
  template <class T>
  static Task<Result<T>> at_once(Failure failure) {
    co_return failure;
  }
  template <class T, class Work>
  Task<Result<T>> write(Work work) {
    auto start = [this, work = std::move(work)](CompletionPtr<T> answer) mutable {
      std::unique_ptr<WriteJob> job = std::make_unique<Writing<T, Work>>(answer, std::move(work));
      if (std::optional<Failure> refusal = writer_->put(job)) Completion<T>::give(answer, *std::move(refusal));
    };
    return wait_for_completion<T>(std::move(start));
  }
  // A few rows, mostly in memory: reading them costs less than a switch to another thread. Without a free connection a reading
  // thread does it.
  template <class T, class Work>
  Task<Result<T>> read_here(Work work) {
    ReadTables* tables = readers_->lend();
    if (tables == nullptr) co_return co_await read_by<T>(std::move(work));
    Result<T> result = read_now<T>(*tables, work);
    readers_->take_back(tables);
    co_return result;
  }
  template <class T, class Work>
  Task<Result<T>> read_by(Work work) {
    auto start = [this, work = std::move(work)](CompletionPtr<T> answer) mutable {
      std::unique_ptr<ReadJob> job = std::make_unique<Reading<T, Work>>(answer, std::move(work));
      if (std::optional<Failure> refusal = readers_->put(job)) Completion<T>::give(answer, *std::move(refusal));
    };
    return wait_for_completion<T>(std::move(start));
  }
  std::vector<SubscriptionState> all_states() {
    std::vector<SubscriptionState> all;
    std::lock_guard lock(states_guard_);
    for (const auto& [id, state] : states_) all.push_back(state);
    return all;
  }
  void publish(const SubscriptionChanges& committed) {
    std::lock_guard lock(states_guard_);
    for (const std::string& id : committed.forgotten) states_.erase(id);
    for (const SubscriptionState& state : committed.changed) {
      SubscriptionState& known = states_[state.id];
      std::int64_t delivered = std::max(known.delivered, state.delivered);  // an advance may be ahead of the disk
      known = state;
      known.delivered = std::min(delivered, state.events);
    }
  }
  void take_states(const std::vector<SubscriptionState>& all) {
    std::lock_guard lock(states_guard_);
    std::map<std::string, SubscriptionState> before = std::exchange(states_, {});
    for (const SubscriptionState& state : all) {
      SubscriptionState& known = states_[state.id] = state;
      // The writer still has the advances that are ahead of the disk.
      known.delivered = std::min(std::max(known.delivered, before[state.id].delivered), state.events);
    }
  }
  Result<void> take_up_again(const std::vector<SubscriptionState>& all) {
    Result<ReadConnections> reading = connections_->open_reading();
    if (!reading) return std::move(reading).failure();
    take_states(all);
    readers_->open_with(*std::move(reading));
    return done();
  }
  // Nothing can be written; reads may work.
  void read_on(const Failure& why) {
    Result<ReadConnections> reading = connections_->open_reading();
    if (reading) return readers_->open_with(*std::move(reading));
    readers_->refuse_with({Cause::Busy, why.says, ""});
  }

  std::unique_ptr<StoreDirectory> place_;
  std::unique_ptr<Connections> connections_;
  const WallTime written_before_;
  Standing standing_;
  Vouching vouching_;
  std::mutex states_guard_;
  std::map<std::string, SubscriptionState> states_;
  std::mutex compressors_guard_;
  std::vector<std::unique_ptr<Compressor>> compressors_;
  std::unique_ptr<Readers> readers_;
  VerifyThread verifier_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace

int store_form() { return form_after(schema_steps()); }

std::filesystem::path seal_key_of(const SqliteOptions& options) {
  return options.seal_key.empty() ? options.directory / "seal.key" : options.seal_key;
}

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, Clock& clock, Random& random) {
  Result<std::unique_ptr<StoreDirectory>> directory = StoreDirectory::take(options.directory);
  if (!directory) return std::move(directory).failure();
  auto connections = std::make_unique<Connections>((*directory)->file(), options, clock, random);
  Result<WritingSide> side = connections->open_writing();
  if (!side) return std::move(side).failure();
  Result<ReadConnections> reading = connections->open_reading();
  if (!reading) return std::move(reading).failure();
  std::unique_ptr<Store> store = std::make_unique<SqliteStore>(*std::move(directory), std::move(connections), *std::move(side),
                                                               *std::move(reading), options.log, clock);
  return store;
}

}  // namespace vardbron::store
