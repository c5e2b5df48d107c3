#include "gateway/store/watched_store.h"

#include "gateway/base/log.h"
#include "gateway/store/verify_report.h"

#include <chrono>
#include <utility>

namespace vardbron::store {

namespace {

Failure not_kept() { return {Cause::Busy, "The store cannot write at this moment.", ""}; }

Failure not_read() { return {Cause::Busy, "The store cannot be read at this moment. Try again later.", ""}; }

Failure not_noted() {
  return {Cause::Busy,
          "The access log cannot be written at this moment, and what cannot be noted there is neither shown nor done. Try again "
          "later.",
          ""};
}

}  // namespace

WatchedStore::WatchedStore(Parts parts)
    : parts_(std::move(parts)),
      up_(parts_.metrics.gauge("vardbron_store_up",
                               "1 while the store writes, 0 from its first failure to write until a write succeeds.")) {
  up_.set(1);
}

template <class T>
Task<Result<T>> WatchedStore::writing(std::string_view operation, Task<Result<T>> work) {
  const Instant began = parts_.clock.now();
  Result<T> written = co_await std::move(work);
  if (written) {
    time(operation, began);
    turn(true, "");
    co_return written;
  }
  const Cause cause = written.failure().cause;
  if (cause == Cause::Broken || cause == Cause::Busy) count(operation, cause);
  if (cause == Cause::Busy && is_up_) {
    // Overload, or a disk that is full or failing: the store knows which.
    Result<StoreCondition> now = co_await parts_.store.condition();
    if (now && !now->is_writing) turn(false, now->says);
  }
  if (cause != Cause::Broken) co_return written;
  turn(false, written.failure().says);
  co_return not_kept();
}

template <class T>
Task<Result<T>> WatchedStore::reading(std::string_view operation, Task<Result<T>> work) {
  Result<T> found = co_await std::move(work);
  if (found) co_return found;
  const Cause cause = found.failure().cause;
  if (cause == Cause::Broken || cause == Cause::Busy) count(operation, cause);
  // With a failing disk it is transient; else the data read are damaged, which no second attempt repairs.
  if (cause == Cause::Broken && !is_up_) co_return not_read();
  co_return found;
}

void WatchedStore::time(std::string_view operation, Instant began) {
  parts_.metrics
      .histogram("vardbron_store_commit_seconds", "From a call that writes to its synced commit, by what was asked of the store.",
                 {{"operation", std::string(operation)}})
      .observe(std::chrono::duration<double>(parts_.clock.now() - began).count());
}

void WatchedStore::count(std::string_view operation, Cause cause) {
  parts_.metrics
      .counter("vardbron_store_failures_total", "Calls that the store failed, by what was asked of it and why.",
               {{"operation", std::string(operation)}, {"cause", std::string(to_string(cause))}})
      .add();
}

void WatchedStore::turn(bool is_up, std::string_view because) {
  if (is_up_.exchange(is_up) == is_up) return;
  up_.set(is_up ? 1 : 0);
  if (is_up) {
    log::info("the store writes again");
  } else {
    log::error("the store cannot write", {{"because", because}});
  }
  if (parts_.turned) parts_.turned();
}

Task<Result<Committed>> WatchedStore::commit(Change change) { return writing("commit", parts_.store.commit(std::move(change))); }

Task<Result<JournalEntry>> WatchedStore::journal(RawMessage message) {
  return writing("journal", parts_.store.journal(std::move(message)));
}

Task<Result<JournalEntry>> WatchedStore::journal_entry(std::int64_t number) {
  return reading("journal_entry", parts_.store.journal_entry(number));
}

Task<Result<JournalEntry>> WatchedStore::journal_entry(std::string sender, std::string id) {
  return reading("journal_entry", parts_.store.journal_entry(std::move(sender), std::move(id)));
}

Task<Result<std::vector<JournalEntry>>> WatchedStore::journal_entries(Outcome outcome, std::int64_t after, std::size_t count) {
  return reading("journal_entries", parts_.store.journal_entries(outcome, after, count));
}

// Broken is an answer here, not a failure: it names the entry that does not match.
Task<Result<std::int64_t>> WatchedStore::verify_journal() { return parts_.store.verify_journal(); }

Task<Result<Case>> WatchedStore::load_case(std::string key, std::size_t links_max, std::optional<KnownCase> known) {
  return reading("load_case", parts_.store.load_case(std::move(key), links_max, known));
}

Task<Result<Case>> WatchedStore::load_newest(std::string key, std::size_t links) {
  return reading("load_newest", parts_.store.load_newest(std::move(key), links));
}

Task<Result<std::vector<CaseDue>>> WatchedStore::cases_due(CaseDue after, std::size_t count) {
  return reading("cases_due", parts_.store.cases_due(std::move(after), count));
}

Task<Result<std::vector<CaseDue>>> WatchedStore::cases_seen(CaseDue after, std::size_t count) {
  return reading("cases_seen", parts_.store.cases_seen(std::move(after), count));
}

Task<Result<WallTime>> WatchedStore::written_before() { return parts_.store.written_before(); }

Task<Result<Resource>> WatchedStore::read(Reader reader, std::string type, std::string id, std::int64_t version) {
  return reading("read", parts_.store.read(std::move(reader), std::move(type), std::move(id), version));
}

Task<Result<std::vector<Result<Resource>>>> WatchedStore::read_all(Reader reader, std::vector<ResourceName> names,
                                                                   Bodies bodies) {
  return reading("read_all", parts_.store.read_all(std::move(reader), std::move(names), bodies));
}

Task<Result<Page>> WatchedStore::search(Reader reader, search::Query query, std::stop_token ended) {
  return reading("search", parts_.store.search(std::move(reader), std::move(query), std::move(ended)));
}

Task<Result<Page>> WatchedStore::history(Reader reader, HistoryQuery query, std::stop_token ended) {
  return reading("history", parts_.store.history(std::move(reader), std::move(query), std::move(ended)));
}

Task<Result<std::vector<SubscriptionState>>> WatchedStore::subscriptions() { return parts_.store.subscriptions(); }

Task<Result<SubscriptionState>> WatchedStore::subscription(std::string id) { return parts_.store.subscription(std::move(id)); }

Task<Result<void>> WatchedStore::set_subscription_status(std::string id, std::string status, std::string error,
                                                         DeliveryHold hold) {
  return writing("set_subscription_status",
                 parts_.store.set_subscription_status(std::move(id), std::move(status), std::move(error), hold));
}

Task<Result<bool>> WatchedStore::forget_subscription(std::string id) {
  return writing("forget_subscription", parts_.store.forget_subscription(std::move(id)));
}

Task<Result<std::vector<Event>>> WatchedStore::events(std::string subscription, std::int64_t from, std::int64_t to,
                                                      std::size_t count) {
  return reading("events", parts_.store.events(std::move(subscription), from, to, count));
}

Task<Result<void>> WatchedStore::begin_notification(std::string subscription, std::int64_t to) {
  return writing("begin_notification", parts_.store.begin_notification(std::move(subscription), to));
}

Task<Result<void>> WatchedStore::advance(std::string subscription, std::int64_t number, std::vector<AuditRow> rows) {
  Result<void> taken = co_await parts_.store.advance(std::move(subscription), number, std::move(rows));
  // It is not on the disk yet, so success does not show that the store works.
  if (!taken) count("advance", taken.failure().cause);
  co_return taken;
}

Task<Result<void>> WatchedStore::dead_letter(std::string subscription, std::int64_t number, std::string reason) {
  return writing("bury", parts_.store.dead_letter(std::move(subscription), number, std::move(reason)));
}

// Once a row is in the fallback file the following ones go there too, to keep their order, until all are taken over.
Task<Result<void>> WatchedStore::audit(std::vector<AuditRow> rows) {
  if (parts_.fallback != nullptr && (!is_up_ || parts_.fallback->rows() > 0)) {
    Result<void> kept = co_await parts_.fallback->append(rows);
    if (kept) co_return done();
    count("audit_fallback", kept.failure().cause);
  }
  std::vector<AuditRow> given = rows;
  Result<void> noted = co_await writing("audit", parts_.store.audit(std::move(given)));
  if (noted) co_return done();
  if (parts_.fallback == nullptr) co_return not_noted();
  Result<void> kept = co_await parts_.fallback->append(std::move(rows));
  if (kept) co_return done();
  count("audit_fallback", kept.failure().cause);
  co_return not_noted();
}

Task<Result<void>> WatchedStore::take_over() {
  if (parts_.fallback == nullptr || parts_.fallback->rows() == 0 || !is_up_) co_return done();
  co_return co_await parts_.fallback->take_over(parts_.store);
}

Task<Result<std::vector<AuditRow>>> WatchedStore::audit_rows(std::int64_t after, std::size_t count) {
  return reading("audit_rows", parts_.store.audit_rows(after, count));
}

Task<Result<std::vector<AuditRow>>> WatchedStore::audit_rows_of(std::vector<std::string> case_keys, std::int64_t after,
                                                                std::size_t count) {
  return reading("audit_rows", parts_.store.audit_rows_of(std::move(case_keys), after, count));
}

Task<Result<std::int64_t>> WatchedStore::verify_audit() { return parts_.store.verify_audit(); }

Task<Result<StoreCondition>> WatchedStore::condition() {
  Result<StoreCondition> condition = co_await parts_.store.condition();
  if (!condition) {
    count("condition", condition.failure().cause);
    co_return condition;
  }
  turn(condition->is_writing, condition->says);
  co_return condition;
}

Task<Result<VerifyReport>> WatchedStore::verify() { return parts_.store.verify(); }

Task<void> WatchedStore::close() { return parts_.store.close(); }

}  // namespace vardbron::store
