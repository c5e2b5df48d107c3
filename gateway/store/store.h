#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/search/query.h"
#include "gateway/store/event.h"
#include "gateway/store/resource.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

struct VerifyReport;

/// The bytes of one message for the journal, which keeps them unchanged, compressed and chained by SHA-256.
struct RawMessage {
  std::string channel;  ///< "cosmic", "medcom", "fhir" ..
  std::string sender;   ///< organisation that sent it (HSA-id)
  std::string content_type;
  std::string body;
  std::string identity;  ///< sender's own identity of the message ("" = not known yet); same identity = the same message again
  WallTime received{};
};

/// The state of a journalled message.
enum class Outcome : std::uint8_t { Pending, Stored, Quarantined, Duplicate };

struct JournalEntry {
  std::int64_t number = 0;  ///< 1, 2, 3 .. without gaps
  std::string id;           ///< UUID, version 7: how its sender names it; a number would count what others send
  Outcome outcome = Outcome::Pending;
  RawMessage message;
  std::string chain;     ///< SHA-256, hex, over the previous entry's chain, the body's digest and the metadata
  std::string receipt;   ///< what was answered (OperationOutcome JSON)
  bool damaged = false;  ///< the stored bytes cannot be read; message.body is empty
};

/// One link of a case's chain: a notice, or what a party wrote through the API. The chain is what `care` folds.
struct ChainLink {
  std::string identity;  ///< identity of the notice (sender + message id), unique in the case
  std::string kind;      ///< canonical event code
  std::string body;      ///< canonical notice (message Bundle, JSON) or the party's write
  WallTime happened{};   ///< event time
  std::int64_t journal_number = 0;
};

/// The current version of one resource of a case: enough to decide whether a new projection changes it.
struct CaseResource {
  std::string type, id;
  std::int64_t version = 0;
  std::string digest;  ///< SHA-256, hex, of ResourceWrite::body as it was given to commit
};

/// The times of a case: for which time it was computed, and when time alone changes it next.
struct CaseTimes {
  WallTime seen{};
  std::optional<WallTime> next_change;
  bool operator==(const CaseTimes&) const = default;
};

/// A case that time alone will change.
struct CaseDue {
  WallTime at{};
  std::string case_key;
  auto operator<=>(const CaseDue&) const = default;
};

/// What a caller of load_case has of a case already.
struct KnownCase {
  std::int64_t version = 0;
  CaseTimes times;
};

/// A case as stored: its links in order of arrival.
struct Case {
  std::string key;
  std::int64_t version = 0;  ///< number of links; 0 = no such case
  bool is_as_known = false;  ///< version and times are those of load_case's `known`: links and resources are left out
  bool is_long = false;      ///< it has more links than load_case was to return: links and resources are left out
  CaseTimes times;
  std::vector<ChainLink> links;
  std::vector<CaseResource> resources;  ///< newest version of everything that was committed with this case_key
};

/// A row of the access log. Source: HSLF-FS 2016:40, 4 kap. 9 §: what was done, where, when, by whom, about whom.
struct AuditRow {
  std::string action;   ///< "intake", "read", "search", "update", "deliver", "refuse" ..
  std::string caller;   ///< organisation (HSA-id) or "" if unknown
  std::string subject;  ///< "Type/id"; never a person's number
  std::string case_key;
  std::string says;         ///< e.g. "not shown: no party of this case"
  std::int64_t number = 0;  ///< given by the store: 1, 2, 3 .. without gaps
  WallTime at{};            ///< given by the store
};

/// What a change does to one case, or to resources of none.
struct CasePart {
  std::string case_key;            ///< "" = no case is touched
  std::int64_t case_version = 0;   ///< version the change was computed on; Conflict if it is another now
  std::optional<CaseTimes> times;  ///< replaces the times of the case
  CaseTimes case_times{};          ///< with `times`: those the change was computed on; Conflict when they are others now
  /// From now on nobody reads what is or becomes a former version among what the case has written until now: the identity of
  /// the patient became protected, or another person's.
  bool hides_former_versions = false;
  std::vector<ChainLink> links;  ///< appended; journal_number is filled in by the store
  std::vector<ResourceWrite> resources;
};

/// Everything that one message changes, committed together or not at all.
struct Change : CasePart {
  std::optional<RawMessage> journal;  ///< set when the message is journalled by this very commit
  std::int64_t journal_number = 0;    ///< or the entry that was journalled before (respond-async, replay)
  Outcome outcome = Outcome::Stored;
  std::string receipt;          ///< kept with the journal entry
  std::vector<CasePart> parts;  ///< of other cases, each once
  /// Cases that have to be computed again, since what they read of other cases changes: their next_change is the time of the
  /// commit, or if it is earlier already a millisecond before what it was, so that a change that was computed on it is in
  /// Conflict. Those that do not exist are left out.
  std::vector<std::string> due_cases;
  std::vector<EventWrite> events;
  std::vector<AuditRow> audit;
};

struct Committed {
  std::int64_t journal_number = 0;
  std::string journal_id;
  WallTime at{};                          ///< meta.lastUpdated of everything written; store/rules.h, next_time
  std::vector<ResourceVersion> versions;  ///< in the order of Change::resources, then of those of its parts
  std::vector<CommittedEvent> events;     ///< in the order of Change::events
};

/// What keeps a subscription's notifications from being sent, apart from its status. The numbers are in files.
enum class DeliveryHold : std::uint8_t {
  None = 0,
  HandshakeDue = 1,  ///< the endpoint must answer a handshake before anything else is sent to it
  Stopped = 2        ///< nothing is sent before the subscriber asks again
};

/// A subscription as the store keeps it: the resource's JSON lives in the ordinary resource table; this is what delivery needs.
struct SubscriptionState {
  std::string id;
  std::string status;          ///< requested, active, error, off
  std::int64_t events = 0;     ///< events since it was created (N10, N11 of the backport guide)
  std::int64_t delivered = 0;  ///< every event up to this one is done: delivered, or dead
  std::string error;
  std::int64_t under_way = 0;  ///< the last event of the notification in progress; not above `delivered`: there is none
  DeliveryHold hold = DeliveryHold::None;
};

/// The state of a store at this moment.
struct StoreCondition {
  bool is_writing = false;  ///< a write has just reached the disk, synced
  std::string says;         ///< why it is not, as a sentence; "" while it is writing
  std::optional<WallTime> failing_since;
  std::optional<WallTime> last_commit;     ///< the newest one that was synced since the start
  std::int64_t database_bytes = 0;         ///< of the file
  std::int64_t log_bytes = 0;              ///< of the write-ahead log beside it
  std::optional<std::int64_t> free_bytes;  ///< of the disk, as far as this process may use it; none = not known
  std::optional<WallTime>
      oldest_undelivered;        ///< time of the oldest event that was not delivered to its subscription (not `off`)
  std::int64_t pending = 0;      ///< journal entries to be processed; counted up to
                                 ///< limits::store_counted_entries_max
  std::int64_t quarantined = 0;  ///< likewise
};

/// The port every store implements; one contract test runs against all of them (tests/store/contract.h).
/// Coroutines resume on the executor they were awaited on. Any thread.
class Store {
 public:
  virtual ~Store() = default;

  /// One transaction, durable (synced) before it returns. Conflict: case or resource version is not current, nothing was
  /// written. Invalid: the resource belongs to another case, or to none. Busy: try again later, nothing was written. Broken: the
  /// disk; nothing was acknowledged.
  virtual Task<Result<Committed>> commit(Change change) = 0;

  /// Journals without changing anything else; durable before it returns. For respond-async.
  virtual Task<Result<JournalEntry>> journal(RawMessage message) = 0;

  virtual Task<Result<JournalEntry>> journal_entry(std::int64_t number) = 0;
  /// The entry with that id, for its sender. NotFound: none, or another sender's - the same answer.
  virtual Task<Result<JournalEntry>> journal_entry(std::string sender, std::string id) = 0;
  /// Entries with that outcome and a number above `after`, in order. One whose bytes are damaged hides no other.
  virtual Task<Result<std::vector<JournalEntry>>> journal_entries(Outcome outcome, std::int64_t after, std::size_t count) = 0;
  /// Reads the chain from the first entry; Broken names the first entry that does not match.
  virtual Task<Result<std::int64_t>> verify_journal() = 0;

  /// A case with all its links; version 0: there is none. Without them, at no cost: as `known` says, or of more than `links_max`.
  virtual Task<Result<Case>> load_case(std::string key, std::size_t links_max = std::size_t(-1),
                                       std::optional<KnownCase> known = {}) = 0;
  /// A case with the newest of its links, in their order, at most `links`; version 0: there is none.
  virtual Task<Result<Case>> load_newest(std::string key, std::size_t links) = 0;
  /// Cases that time alone will change, after `after`, in order of time and key, at most `count`.
  virtual Task<Result<std::vector<CaseDue>>> cases_due(CaseDue after, std::size_t count) = 0;
  /// Cases that were computed for a time after `after` (`at` is CaseTimes::seen), in order of time and key, at most `count`: if
  /// that time is still to come, those that a wrong clock has changed. Reads every case; for an operator's act.
  virtual Task<Result<std::vector<CaseDue>>> cases_seen(CaseDue after, std::size_t count) = 0;
  /// A secret of the store, the same as long as it lives, in copies too: what is made of it and of a person's number cannot be
  /// made by who knows the number.
  virtual std::string person_secret() const = 0;
  /// When the store was last written to before it was opened, also by condition(); the epoch if it never was.
  virtual Task<Result<WallTime>> written_before() = 0;

  /// Newest version, or the given one. NotFound: none, or one that the reader may not see - the same answer. Gone: deleted.
  virtual Task<Result<Resource>> read(Reader reader, std::string type, std::string id, std::int64_t version = 0) = 0;
  /// The newest versions of many, in their order, each with a result of its own as by `read`. Without bodies only existence and
  /// version are read, and Resource::body stays empty.
  virtual Task<Result<std::vector<Result<Resource>>>> read_all(Reader reader, std::vector<ResourceName> names, Bodies bodies) = 0;
  /// Invalid: a page token that is not one of this store's. TooLarge: too many results to sort, or chains that look at too much.
  /// Cancelled: `ended` was requested, from any thread, before all was read. Busy: what was committed last is not found while the
  /// disk fails, and search::Query::may_lack_newest is not set. History likewise.
  virtual Task<Result<Page>> search(Reader reader, search::Query query, std::stop_token ended = {}) = 0;
  /// Versions of what the reader may see now, deletions too (Resource::deleted). NotFound: the one resource, as by `read`.
  /// Cancelled, as by `search`.
  virtual Task<Result<Page>> history(Reader reader, HistoryQuery query, std::stop_token ended = {}) = 0;

  // --- subscriptions ---
  virtual Task<Result<std::vector<SubscriptionState>>> subscriptions() = 0;
  virtual Task<Result<SubscriptionState>> subscription(std::string id) = 0;
  /// Creates the row or changes its status. Counters are never set back.
  virtual Task<Result<void>> set_subscription_status(std::string id, std::string status, std::string error,
                                                     DeliveryHold hold = DeliveryHold::None) = 0;
  /// For one whose resource is deleted: removes its events, the last ones first and at most
  /// limits::forgotten_events_per_commit_max in one commit, and its row. True: nothing is left of it, or never was. False: call
  /// again.
  virtual Task<Result<bool>> forget_subscription(std::string id) = 0;
  /// Events with from <= number <= to, in order, at most `count`.
  virtual Task<Result<std::vector<Event>>> events(std::string subscription, std::int64_t from, std::int64_t to,
                                                  std::size_t count) = 0;
  /// The next notification ends with event `to`, whenever it is sent; durable before it returns, and so is everything that
  /// advance() accepted before it. NotFound.
  virtual Task<Result<void>> begin_notification(std::string subscription, std::int64_t to) = 0;
  /// Every event up to `number` is done, with these rows for the access log; number and rows are committed together. Never goes
  /// back. May reach the disk after it returns: after a crash some events are delivered, and logged, once more. Busy: too many
  /// rows wait for the disk; nothing was accepted.
  virtual Task<Result<void>> advance(std::string subscription, std::int64_t number, std::vector<AuditRow> rows = {}) = 0;
  /// Gives one event up (dead letter) and advances past it.
  virtual Task<Result<void>> dead_letter(std::string subscription, std::int64_t number, std::string reason) = 0;

  /// Audit rows that belong to no change (reads, refusals). Durable with the next group.
  virtual Task<Result<void>> audit(std::vector<AuditRow> rows) = 0;
  virtual Task<Result<std::vector<AuditRow>>> audit_rows(std::int64_t after, std::size_t count) = 0;
  /// Rows with one of these case_keys and a number above `after`, in order, at most `count`. As cheap however many others there
  /// are.
  virtual Task<Result<std::vector<AuditRow>>> audit_rows_of(std::vector<std::string> case_keys, std::int64_t after,
                                                            std::size_t count) = 0;
  /// Like verify_journal, for the audit rows' own chain.
  virtual Task<Result<std::int64_t>> verify_audit() = 0;

  /// Writes a row, synced, and returns whether that succeeded, and the state of the store. A commit of the last
  /// limits::store_vouched_age_max counts as well, so that frequent calls write little. Answers within about
  /// limits::store_vouch_time_max even if the disk blocks; the counts are then those of the last call.
  virtual Task<Result<StoreCondition>> condition() = 0;

  /// Checks everything that is stored: chains, bodies, versions, events, links, and whether each row is one that this program
  /// wrote. Takes long; only the caller waits for it. A report with findings is no failure.
  virtual Task<Result<VerifyReport>> verify() = 0;

  /// Finishes the running calls, then closes. Nothing may be called afterwards.
  virtual Task<void> close() = 0;
};

}  // namespace vardbron::store
