#include "gateway/store/sqlite/sqlite_store.h"

#include "gateway/base/limits.h"
#include "gateway/store/rules.h"
#include "gateway/store/sqlite/backup_socket.h"
#include "gateway/store/sqlite/calls.h"
#include "gateway/store/sqlite/connections.h"
#include "gateway/store/sqlite/recent_commits.h"
#include "gateway/store/sqlite/restoration.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/standing.h"
#include "gateway/store/sqlite/store_directory.h"
#include "gateway/store/sqlite/subscription_states.h"
#include "gateway/store/sqlite/verify_thread.h"
#include "gateway/store/sqlite/vouching.h"
#include "gateway/store/sqlite/write_tables.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <utility>

namespace vardbron::store {

namespace {

std::vector<Result<Resource>> unwrapped(std::vector<std::optional<Result<Resource>>> all) {
  std::vector<Result<Resource>> results;
  results.reserve(all.size());
  for (std::optional<Result<Resource>>& each : all) results.push_back(*std::move(each));
  return results;
}

/// A commit, which deliveries read from memory once it is on the disk.
class Committing final : public WriteJob {
 public:
  Committing(RecentCommits& recent, CompletionPtr<Committed> answer, PreparedChange prepared)
      : recent_(recent), answer_(std::move(answer)), prepared_(std::move(prepared)) {}
  void run(WriteTables& tables) override {
    recent_.drop(prepared_.change);
    result_.emplace(tables.commit(prepared_));
  }
  void finish(const Failure* group_failure) override {
    if (group_failure != nullptr) return Completion<Committed>::give(answer_, *group_failure);
    if (*result_) recent_.put(std::move(prepared_.change), **result_);
    Completion<Committed>::give(answer_, *std::move(result_));
  }

 private:
  RecentCommits& recent_;
  CompletionPtr<Committed> answer_;
  PreparedChange prepared_;
  std::optional<Result<Committed>> result_;
};

/// A row of the access log that a thread of the store's own waits for.
class NoteJob final : public WriteJob {
 public:
  NoteJob(AuditRow row, std::promise<Result<void>> answer) : rows_(1, std::move(row)), answer_(std::move(answer)) {}
  void run(WriteTables& tables) override { tables.audit(rows_); }
  void finish(const Failure* group_failure) override {
    answer_.set_value(group_failure != nullptr ? Result<void>(*group_failure) : done());
  }

 private:
  const std::vector<AuditRow> rows_;
  std::promise<Result<void>> answer_;
};

/// Keys that a search waits for.
class AwaitedKeys final : public WritingKeys {
 public:
  enum class State : unsigned char { Waiting, Written, Failed };
  explicit AwaitedKeys(std::shared_ptr<std::atomic<State>> state) : state_(std::move(state)) {}
  void finish(const Failure* group_failure) override { *state_ = group_failure != nullptr ? State::Failed : State::Written; }

 private:
  std::shared_ptr<std::atomic<State>> state_;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<StoreDirectory> directory, std::unique_ptr<Connections> connections, WritingSide side,
              ReadConnections reading, LogSizes log, Clock& clock)
      : clock_(clock),
        place_(std::move(directory)),
        connections_(std::move(connections)),
        // Rows from before a clock was set back may have a later time; the seal is always of the last commit.
        written_before_(side.sealer->sealed_before().value_or(std::max(side.tables->last_time(), side.tables->vouched_at()))),
        person_secret_(side.tables->person_secret()),
        standing_(clock),
        vouching_(place_->file(), standing_, clock),
        readers_(std::make_unique<Readers>(std::move(reading))),
        verifier_(*connections_, clock) {
    states_.replace(side.tables->all_subscriptions());
    Writer::Hooks hooks;
    hooks.committed = [this](const auto& committed) { publish(committed); };
    hooks.closing = [this] {
      verifier_.break_off();
      backups_->break_off();
      readers_->close_all();
    };
    hooks.reopened = [this](const auto& all) { return take_up_again(all); };
    hooks.not_reopened = [this](const Failure& why) { read_on(why); };
    backups_ = std::make_unique<BackupSocket>(*connections_, place_->file().parent_path(),
                                              [this](std::string says) { return note_operation(std::move(says)); });
    writer_ = std::make_unique<Writer>(*connections_, std::move(side), LogPolicy(log), standing_, std::move(hooks));
    backups_->start();
  }

  ~SqliteStore() override { backups_->stop(); }

  Task<Result<Committed>> commit(Change change) override {
    Result<void> checked = check_bodies(change);
    if (!checked) return at_once<Committed>(std::move(checked).failure());
    PreparedChange prepared = prepare<PreparedChange>(std::move(change));
    auto start = [this, prepared = std::move(prepared)](CompletionPtr<Committed> answer) mutable {
      std::unique_ptr<WriteJob> job = std::make_unique<Committing>(recent_, answer, std::move(prepared));
      if (std::optional<Failure> refusal = writer_->put(job)) Completion<Committed>::give(answer, *std::move(refusal));
    };
    return wait_for_completion<Committed>(std::move(start));
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
  Task<Result<JournalEntry>> journal_entry(std::string sender, std::string id) override {
    auto work = [sender = std::move(sender), id = std::move(id)](ReadTables& tables) {
      return tables.journal().entry(sender, id);
    };
    return read_here<JournalEntry>(std::move(work));
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
  Task<Result<Case>> load_newest(std::string key, std::size_t links) override {
    auto work = [key = std::move(key), links](ReadTables& tables) { return tables.load_newest(key, links); };
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
  std::string person_secret() const override { return person_secret_; }
  Task<Result<WallTime>> written_before() override { co_return written_before_; }
  Task<Result<Resource>> read(Reader reader, std::string type, std::string id, std::int64_t version) override {
    auto work = [reader = std::move(reader), type = std::move(type), id = std::move(id), version](ReadTables& tables) {
      return tables.read(reader, type, id, version);
    };
    return read_here<Resource>(std::move(work));
  }
  Task<Result<std::vector<Result<Resource>>>> read_all(Reader reader, std::vector<ResourceName> names, Bodies bodies) override {
    std::vector<std::optional<Result<Resource>>> recent;
    bool is_all = true;
    for (const ResourceName& each : names) {
      recent.push_back(recent_.read(reader, each, bodies));
      is_all = is_all && recent.back();
    }
    if (is_all) return at_once<std::vector<Result<Resource>>>(unwrapped(std::move(recent)));
    auto work = [reader = std::move(reader), names = std::move(names), bodies,
                 recent = std::move(recent)](ReadTables& tables) mutable {
      std::vector<Result<Resource>> all;
      all.reserve(names.size());
      for (std::size_t at = 0; at < names.size(); ++at) {
        const auto& [type, id] = names[at];
        all.push_back(recent[at] ? *std::move(recent[at]) : tables.read(reader, type, id, 0, bodies));
        if (tables.snapshot().is_due()) tables.snapshot().renew();
      }
      return Result<std::vector<Result<Resource>>>(std::move(all));
    };
    return read_here<std::vector<Result<Resource>>>(std::move(work));
  }
  Task<Result<Page>> search(Reader reader, search::Query query, std::stop_token ended) override {
    Result<void> written = co_await write_keys();
    if (!written && !query.may_lack_newest) co_return std::move(written).failure();
    Asking asking{reader.organisation, ended};
    auto work = [reader = std::move(reader), query = std::move(query), ended = std::move(ended)](ReadTables& tables) {
      return tables.search(reader, query, ended);
    };
    Result<Page> page = co_await read_by<Page>(std::move(work), std::move(asking));
    if (page) page->lacks_newest = !written;
    co_return page;
  }
  Task<Result<Page>> history(Reader reader, HistoryQuery query, std::stop_token ended) override {
    if (Result<void> written = co_await write_keys(); !written) co_return std::move(written).failure();
    Asking asking{reader.organisation, ended};
    auto work = [reader = std::move(reader), query = std::move(query), ended = std::move(ended)](ReadTables& tables) {
      return tables.history(reader, query, ended);
    };
    co_return co_await read_by<Page>(std::move(work), std::move(asking));
  }

  Task<Result<std::vector<SubscriptionState>>> subscriptions() override { co_return states_.all(); }
  Task<Result<SubscriptionState>> subscription(std::string id) override { co_return states_.find(id); }
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
    std::optional<std::vector<Event>> recent = recent_events(subscription, from, to, count);
    if (recent) return at_once<std::vector<Event>>(*std::move(recent));
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
    co_return states_.advance(subscription, number,
                              [&](std::int64_t reached) { return writer_->put_advance(subscription, reached, std::move(rows)); });
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
  Task<Result<std::vector<AuditRow>>> audit_rows_of(std::vector<std::string> case_keys, std::int64_t after,
                                                    std::size_t count) override {
    auto work = [case_keys = std::move(case_keys), after, count](ReadTables& tables) -> Result<std::vector<AuditRow>> {
      return tables.audit().rows_of(case_keys, after, count);
    };
    return read_by<std::vector<AuditRow>>(std::move(work));
  }
  Task<Result<std::int64_t>> verify_audit() override {
    return read_by<std::int64_t>([](ReadTables& tables) { return tables.audit().verify(); });
  }

  Task<Result<StoreCondition>> condition() override {
    std::vector<WaitingEvent> waiting = states_.oldest_waiting();
    return vouching_.ask(*writer_, *readers_, std::move(waiting));
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
    backups_->stop();
    readers_->stop();
    readers_->close_all();
    writer_->stop();
    writer_->hand_out_seal();
    co_return;
  }

 private:
  Result<void> note_operation(std::string says) {
    AuditRow row;
    row.action = "operate";
    row.subject = "store";
    row.says = std::move(says);
    std::promise<Result<void>> answer;
    std::future<Result<void>> answered = answer.get_future();
    std::unique_ptr<WriteJob> job = std::make_unique<NoteJob>(std::move(row), std::move(answer));
    if (std::optional<Failure> refusal = writer_->put(job)) return *std::move(refusal);
    return answered.get();
  }
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
    if (!compressor) compressor = std::make_unique<Compressor>(connections_->dictionaries());
    Prepared prepared(std::move(given), *compressor);
    std::lock_guard lock(compressors_guard_);
    compressors_.push_back(std::move(compressor));
    return prepared;
  }
  template <class T>
  static Task<Result<T>> at_once(Result<T> answer) {
    co_return answer;
  }
  template <class T, class Work>
  Task<Result<T>> write(Work work) {
    auto start = [this, work = std::move(work)](CompletionPtr<T> answer) mutable {
      std::unique_ptr<WriteJob> job = std::make_unique<Writing<T, Work>>(answer, std::move(work));
      if (std::optional<Failure> refusal = writer_->put(job)) Completion<T>::give(answer, *std::move(refusal));
    };
    return wait_for_completion<T>(std::move(start));
  }
  // What was committed before is found by a search after it. Busy: the disk did not answer in time, or failed.
  Task<Result<void>> write_keys() {
    using State = AwaitedKeys::State;
    constexpr Instant first_pause = std::chrono::milliseconds(1), pause_max = std::chrono::milliseconds(50);
    if (writer_->changes_without_keys() == 0) co_return done();
    auto state = std::make_shared<std::atomic<State>>(State::Waiting);
    std::unique_ptr<WriteJob> job = std::make_unique<AwaitedKeys>(state);
    if (std::optional<Failure> refusal = writer_->put(job)) co_return *std::move(refusal);
    const Deadline until = clock_.in(limits::store_keys_wait_time_max);
    for (Instant pause = first_pause; *state == State::Waiting && !clock_.passed(until); pause = std::min(2 * pause, pause_max)) {
      const bool has_slept = co_await clock_.sleep_until(clock_.now() + pause);
      if (!has_slept) break;
    }
    if (*state == State::Written) co_return done();
    co_return Failure{Cause::Busy, "The disk cannot be written at present, so that what was stored last is not found.", ""};
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
  struct Asking {
    std::string owner;
    std::stop_token ended;
  };
  template <class T, class Work>
  Task<Result<T>> read_by(Work work, Asking asking = {}) {
    auto start = [this, work = std::move(work), asking = std::move(asking)](CompletionPtr<T> answer) mutable {
      std::unique_ptr<ReadJob> job = std::make_unique<Reading<T, Work>>(answer, std::move(work), std::move(asking.ended));
      std::optional<Failure> refusal = readers_->put(job, std::move(asking.owner));
      if (refusal) Completion<T>::give(answer, *std::move(refusal));
    };
    return wait_for_completion<T>(std::move(start));
  }
  // Events that were delivered may be dead, which only the tables know.
  std::optional<std::vector<Event>> recent_events(const std::string& subscription, std::int64_t from, std::int64_t to,
                                                  std::size_t count) {
    const std::optional<SubscriptionNow> now = states_.now_of(subscription);
    if (!now || now->stream == 0 || count == 0 || from < now->first || from <= now->state.delivered) return std::nullopt;
    to = std::min(to, now->state.events);
    if (static_cast<std::uint64_t>(to - from) >= count) to = from + static_cast<std::int64_t>(count) - 1;
    const std::optional<std::vector<StreamEvent>> known = recent_.events(now->stream, from + now->before, to + now->before);
    if (!known) return std::nullopt;
    std::vector<Event> events;
    events.reserve(known->size());
    for (const StreamEvent& each : *known) {
      events.push_back(*each.content);
      events.back().subscription = subscription;
      events.back().number = each.number - now->before;
    }
    return events;
  }
  void publish(const SubscriptionChanges& committed) {
    recent_.put(committed.events);
    states_.publish(committed);
  }
  Result<void> take_up_again(const SubscriptionChanges& all) {
    Result<ReadConnections> reading = connections_->open_reading();
    if (!reading) return std::move(reading).failure();
    recent_.clear();
    states_.replace(all);
    readers_->open_with(*std::move(reading));
    backups_->allow();
    return done();
  }
  // Nothing can be written; reads may work.
  void read_on(const Failure& why) {
    Result<ReadConnections> reading = connections_->open_reading();
    if (reading) return readers_->open_with(*std::move(reading));
    readers_->refuse_with({Cause::Busy, why.says, ""});
  }

  Clock& clock_;
  std::unique_ptr<StoreDirectory> place_;
  std::unique_ptr<Connections> connections_;
  const WallTime written_before_;
  const std::string person_secret_;
  Standing standing_;
  Vouching vouching_;
  SubscriptionStates states_;
  RecentCommits recent_;
  std::mutex compressors_guard_;
  std::vector<std::unique_ptr<Compressor>> compressors_;
  std::unique_ptr<Readers> readers_;
  VerifyThread verifier_;
  std::unique_ptr<BackupSocket> backups_;
  std::unique_ptr<Writer> writer_;
};

/// The files of a store that could not be made: the next start would take them for one that has lost its seal. With a key there
/// is a seal, or was one.
void remove_unused(const std::filesystem::path& file, bool had_key, const std::filesystem::path& key) {
  std::error_code error;
  if (!had_key && std::filesystem::exists(key, error)) return;
  for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + ending, error);
}

}  // namespace

int store_form() { return form_after(schema_steps()); }

std::filesystem::path seal_key_of(const SqliteOptions& options) {
  return options.seal_key.empty() ? options.directory / "seal.key" : options.seal_key;
}

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, Clock& clock, Random& random) {
  Result<std::unique_ptr<StoreDirectory>> directory = StoreDirectory::take(options.directory);
  if (!directory) return std::move(directory).failure();
  const std::filesystem::path file = (*directory)->file();
  std::error_code error;
  const bool is_new = !std::filesystem::exists(file, error) && !std::filesystem::exists(file.string() + "-wal", error);
  const bool had_key = std::filesystem::exists(seal_key_of(options), error);
  auto connections = std::make_unique<Connections>(file, options, clock, random);
  Result<WritingSide> side = connections->open_writing();
  if (!side) {
    connections.reset();
    if (is_new) remove_unused(file, had_key, seal_key_of(options));
    return std::move(side).failure();
  }
  if (options.on_restored) {
    for (const Restoration& each : restorations(*side->database)) options.on_restored(each);
  }
  Result<ReadConnections> reading = connections->open_reading();
  if (!reading) return std::move(reading).failure();
  std::unique_ptr<Store> store = std::make_unique<SqliteStore>(*std::move(directory), std::move(connections), *std::move(side),
                                                               *std::move(reading), options.log, clock);
  return store;
}

}  // namespace vardbron::store
