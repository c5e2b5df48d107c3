#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/metrics.h"
#include "gateway/store/audit_fallback.h"
#include "gateway/store/store.h"

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

namespace vardbron::store {

/// A store with monitoring: every failure is counted, and one log line and vardbron_store_up show at once when it begins to fail
/// and when it works again. Calls that it cannot write are Busy, with the reason. Rows of the access log that belong to no change
/// go to the fallback file meanwhile, if there is one. As thread-safe as the store below, which outlives it like all else.
class WatchedStore final : public Store {
 public:
  struct Parts {
    Store& store;
    Metrics& metrics;
    Clock& clock;
    AuditFallback* fallback = nullptr;  ///< null: reads are refused while the access log cannot be written
    std::function<void()> turned{};     ///< called when it begins to fail, or works again; cheap, any thread; may be empty
  };
  explicit WatchedStore(Parts parts);

  bool is_up() const { return is_up_; }
  /// Takes the rows of the fallback file over if the store works; else it does nothing. One caller at a time.
  Task<Result<void>> take_over();

  Task<Result<Committed>> commit(Change change) override;
  Task<Result<JournalEntry>> journal(RawMessage message) override;
  Task<Result<JournalEntry>> journal_entry(std::int64_t number) override;
  Task<Result<JournalEntry>> journal_entry(std::string sender, std::string id) override;
  Task<Result<std::vector<JournalEntry>>> journal_entries(Outcome outcome, std::int64_t after, std::size_t count) override;
  Task<Result<std::int64_t>> verify_journal() override;
  Task<Result<Case>> load_case(std::string key, std::size_t links_max, std::optional<KnownCase> known) override;
  Task<Result<Case>> load_newest(std::string key, std::size_t links) override;
  Task<Result<std::vector<CaseDue>>> cases_due(CaseDue after, std::size_t count) override;
  Task<Result<std::vector<CaseDue>>> cases_seen(CaseDue after, std::size_t count) override;
  std::string person_secret() const override { return parts_.store.person_secret(); }
  Task<Result<WallTime>> written_before() override;
  Task<Result<Resource>> read(Reader reader, std::string type, std::string id, std::int64_t version) override;
  Task<Result<std::vector<Result<Resource>>>> read_all(Reader reader, std::vector<ResourceName> names, Bodies bodies) override;
  Task<Result<Page>> search(Reader reader, search::Query query, std::stop_token ended) override;
  Task<Result<Page>> history(Reader reader, HistoryQuery query, std::stop_token ended) override;
  Task<Result<std::vector<SubscriptionState>>> subscriptions() override;
  Task<Result<SubscriptionState>> subscription(std::string id) override;
  Task<Result<void>> set_subscription_status(std::string id, std::string status, std::string error, DeliveryHold hold) override;
  Task<Result<bool>> forget_subscription(std::string id) override;
  Task<Result<std::vector<Event>>> events(std::string subscription, std::int64_t from, std::int64_t to,
                                          std::size_t count) override;
  Task<Result<void>> begin_notification(std::string subscription, std::int64_t to) override;
  Task<Result<void>> advance(std::string subscription, std::int64_t number, std::vector<AuditRow> rows) override;
  Task<Result<void>> dead_letter(std::string subscription, std::int64_t number, std::string reason) override;
  Task<Result<void>> audit(std::vector<AuditRow> rows) override;
  Task<Result<std::vector<AuditRow>>> audit_rows(std::int64_t after, std::size_t count) override;
  Task<Result<std::vector<AuditRow>>> audit_rows_of(std::vector<std::string> case_keys, std::int64_t after,
                                                    std::size_t count) override;
  Task<Result<std::int64_t>> verify_audit() override;
  Task<Result<StoreCondition>> condition() override;
  Task<Result<VerifyReport>> verify() override;
  Task<void> close() override;

 private:
  template <class T>
  Task<Result<T>> writing(std::string_view operation, Task<Result<T>> work);
  template <class T>
  Task<Result<T>> reading(std::string_view operation, Task<Result<T>> work);
  void count(std::string_view operation, Cause cause);
  void time(std::string_view operation, Instant began);
  void turn(bool is_up, std::string_view because);

  Parts parts_;
  Gauge& up_;
  std::atomic<bool> is_up_{true};
};

}  // namespace vardbron::store
