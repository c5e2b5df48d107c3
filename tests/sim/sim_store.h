#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/store/store.h"
#include "tests/sim/sim_store_tables.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace vardbron::sim {

/// What the simulated disk does wrong, and how long it takes. Chances are per million writing calls.
struct StoreFaults {
  Instant write_min{0}, write_max{0};  ///< from the call until the bytes are written: a crash before it loses them
  Instant sync_min{0}, sync_max{0};    ///< from then until they are synced: a crash in between keeps or loses them
  Instant read_max{0};
  std::uint64_t busy = 0;        ///< nothing was written
  std::uint64_t broken = 0;      ///< the disk: nothing was acknowledged, and what was written may or may not stay
  bool rows_come_round = false;  ///< a damaged file: a query for rows of the access log after one returns them from the first on
};

/// A store in memory that forgets at a crash what was not synced. One thread. Clock and random outlive it.
/// What is written becomes visible when it is synced, in the order in which it was written, as in SQLite's WAL.
class SimStore final : public store::Store {
 public:
  SimStore(Clock& clock, Random& random, StoreFaults faults = {}) : clock_(clock), random_(random), faults_(faults) {}
  SimStore(const SimStore&) = delete;
  SimStore& operator=(const SimStore&) = delete;

  void set_faults(StoreFaults faults) { faults_ = faults; }
  /// The n-th writing call from now on (1 = the next) fails with Busy or Conflict, and writes nothing, or with Broken.
  void fail_write(std::uint64_t nth, Cause cause) { failing_[writes_ + nth] = cause; }
  /// The n-th reading call from now on fails with that cause.
  void fail_read(std::uint64_t nth, Cause cause) { failing_reads_[reads_ + nth] = cause; }
  /// Searches lack what was committed last (Page::lacks_newest).
  void lack_newest(bool lacks) { lacks_newest_ = lacks; }
  /// Free bytes reported by condition().
  void set_free_bytes(std::int64_t bytes) { free_bytes_ = bytes; }
  /// The n-th reading call from now on throws.
  void throw_at_read(std::uint64_t nth) { throwing_reads_.insert(reads_ + nth); }
  std::uint64_t writes() const { return writes_; }
  std::uint64_t reads() const { return reads_; }
  /// The most calls of read_all() that were in progress at one time.
  std::size_t lists_read_at_once() const { return lists_most_; }

  /// The process ends and starts again: calls under way answer Cancelled, of what was written but not synced chance keeps the
  /// first part, advances that had not reached the disk are forgotten.
  void crash();
  /// What is on the disk, as everybody sees it.
  SimTables& tables() { return tables_; }

  Task<Result<store::Committed>> commit(store::Change change) override;
  Task<Result<store::JournalEntry>> journal(store::RawMessage message) override;
  Task<Result<store::JournalEntry>> journal_entry(std::int64_t number) override;
  Task<Result<store::JournalEntry>> journal_entry(std::string sender, std::string id) override;
  Task<Result<std::vector<store::JournalEntry>>> journal_entries(store::Outcome outcome, std::int64_t after,
                                                                 std::size_t count) override;
  Task<Result<std::int64_t>> verify_journal() override;
  Task<Result<store::Case>> load_case(std::string key, std::size_t links_max = std::size_t(-1),
                                      std::optional<store::KnownCase> known = {}) override;
  Task<Result<store::Case>> load_newest(std::string key, std::size_t links) override;
  Task<Result<std::vector<store::CaseDue>>> cases_due(store::CaseDue after, std::size_t count) override;
  Task<Result<std::vector<store::CaseDue>>> cases_seen(store::CaseDue after, std::size_t count) override;
  std::string person_secret() const override { return "the simulated store's"; }
  Task<Result<WallTime>> written_before() override;
  Task<Result<store::Resource>> read(store::Reader reader, std::string type, std::string id, std::int64_t version = 0) override;
  Task<Result<std::vector<Result<store::Resource>>>> read_all(store::Reader reader, std::vector<store::ResourceName> names,
                                                              store::Bodies bodies) override;
  Task<Result<store::Page>> search(store::Reader reader, search::Query query, std::stop_token ended) override;
  Task<Result<store::Page>> history(store::Reader reader, store::HistoryQuery query, std::stop_token ended) override;
  Task<Result<std::vector<store::SubscriptionState>>> subscriptions() override;
  Task<Result<store::SubscriptionState>> subscription(std::string id) override;
  Task<Result<void>> set_subscription_status(std::string id, std::string status, std::string error,
                                             store::DeliveryHold hold = store::DeliveryHold::None) override;
  Task<Result<bool>> forget_subscription(std::string id) override;
  Task<Result<std::vector<store::Event>>> events(std::string subscription, std::int64_t from, std::int64_t to,
                                                 std::size_t count) override;
  Task<Result<void>> begin_notification(std::string subscription, std::int64_t to) override;
  Task<Result<void>> advance(std::string subscription, std::int64_t number, std::vector<store::AuditRow> rows = {}) override;
  Task<Result<void>> dead_letter(std::string subscription, std::int64_t number, std::string reason) override;
  Task<Result<void>> audit(std::vector<store::AuditRow> rows) override;
  Task<Result<std::vector<store::AuditRow>>> audit_rows(std::int64_t after, std::size_t count) override;
  Task<Result<std::vector<store::AuditRow>>> audit_rows_of(std::vector<std::string> case_keys, std::int64_t after,
                                                           std::size_t count) override;
  Task<Result<std::int64_t>> verify_audit() override;
  Task<Result<store::StoreCondition>> condition() override;
  Task<Result<store::VerifyReport>> verify() override;
  Task<void> close() override;

 private:
  using Apply = std::function<void(SimTables&)>;
  struct Written {
    std::uint64_t number = 0;
    Apply apply;
  };

  /// Takes the time of a durable write; `apply` has run when the answer is done().
  Task<Result<void>> write(Apply apply);
  Task<Result<void>> start_reading();
  std::optional<Failure> fault(std::map<std::uint64_t, Cause>& failing, std::uint64_t call);
  Task<bool> pass(Instant least, Instant most);
  void sync(std::uint64_t number);
  void land_advances();
  std::int64_t count(store::Outcome outcome) const;

  Clock& clock_;
  Random& random_;
  StoreFaults faults_;
  SimTables tables_;
  std::deque<Written> written_;                   // not synced yet
  std::map<std::string, std::int64_t> advances_;  // not on the disk yet
  std::vector<store::AuditRow> advance_rows_;     // go with them
  std::map<std::uint64_t, Cause> failing_, failing_reads_;
  std::optional<std::int64_t> free_bytes_;
  bool lacks_newest_ = false;
  std::optional<WallTime> last_commit_, failing_since_;
  std::set<std::uint64_t> throwing_reads_;
  std::uint64_t writes_ = 0, reads_ = 0, numbers_ = 0, lives_ = 0;
  std::size_t lists_now_ = 0, lists_most_ = 0;
  WallTime written_before_{};
};

}  // namespace vardbron::sim
