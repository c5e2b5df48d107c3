#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/search/query.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

struct VerifyReport;

/// Hands bytes of one message to the journal. The journal keeps them unchanged, compressed and chained by SHA-256.
struct RawMessage {
  std::string channel;  ///< "cosmic", "medcom", "fhir" ..
  std::string sender;   ///< organisation that sent it (HSA-id)
  std::string content_type;
  std::string body;
  std::string identity;  ///< sender's own identity of the message ("" = not known yet); same identity = the same message again
  WallTime received{};
};

/// Where a journalled message stands.
enum class Outcome : std::uint8_t { Pending, Stored, Quarantined, Duplicate };

struct JournalEntry {
  std::int64_t number = 0;  ///< 1, 2, 3 .. without gaps
  std::string id;           ///< UUID that receipts name
  Outcome outcome = Outcome::Pending;
  RawMessage message;
  std::string chain;     ///< SHA-256, hex, over the previous entry's chain, the body's digest and the metadata
  std::string receipt;   ///< what was answered (OperationOutcome JSON)
  bool damaged = false;  ///< the bytes that were kept cannot be read back; message.body is empty
};

/// One version of a resource.
struct Resource {
  std::string type, id;
  std::int64_t version = 0;  ///< 1, 2, 3 ..
  WallTime last_updated{};
  bool deleted = false;
  std::string case_key;  ///< the case that projects it (Change::case_key when it was first written); "" = none
  std::string body;      ///< FHIR JSON with meta.versionId and meta.lastUpdated; "" when deleted
};

struct ResourceName {
  std::string type, id;
};

enum class Bodies : std::uint8_t { With, Without };

struct ResourceWrite {
  std::string type, id;
  std::string body;                   ///< FHIR JSON, compact, beginning {"resourceType":"..","id":"..","meta":{ - the store puts
                                      ///< versionId and lastUpdated into meta (store/stamp.h); without meta it adds one
  std::int64_t expected_version = 0;  ///< version this write replaces; 0 = must not exist yet
  bool deleted = false;               ///< a DELETE: body is empty, the version stays readable as Gone
  std::vector<search::Key> keys;
  std::vector<std::string> parties;  ///< organisations (HSA-id) that may see it; nobody else finds it
};

/// One link of a case's chain: a notice, or what a party wrote through the API. The chain is what `care` folds.
struct ChainLink {
  std::string identity;  ///< identity of the notice (sender + message id), unique in the case
  std::string kind;      ///< canonical event code
  std::string body;      ///< canonical notice (message Bundle, JSON) or the party's write
  WallTime happened{};   ///< event time
  std::int64_t journal_number = 0;
};

/// One resource that a case projects, as it stands: enough to tell whether a new projection changes it.
struct CaseResource {
  std::string type, id;
  std::int64_t version = 0;
  std::string digest;  ///< SHA-256, hex, of ResourceWrite::body as it was handed to commit
};

/// What a case knows of time: up to when it was worked out, and when time alone makes the next difference to it.
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

/// A case as stored: its links in order of arrival.
struct Case {
  std::string key;
  std::int64_t version = 0;  ///< number of links; 0 = no such case
  bool is_long = false;      ///< it has more links than load_case was to give: links and resources are left out
  CaseTimes times;
  std::vector<ChainLink> links;
  std::vector<CaseResource> resources;  ///< newest version of everything that was committed with this case_key
};

/// Something a subscriber is told: one row per subscription and event.
struct EventWrite {
  std::string subscription;  ///< Subscription id
  std::string topic;         ///< canonical
  std::string case_key;
  std::string focus;                 ///< "Encounter/.." of the event
  std::vector<std::string> context;  ///< further "Type/id"
};

struct Event {
  std::string subscription;
  std::int64_t number = 0;  ///< 1, 2, 3 .. per subscription, without gaps, given inside the commit
  WallTime at{};
  std::string topic, case_key, focus;
  std::vector<std::string> context;
  bool dead = false;   ///< given up; still counted, still answered by $events
  std::string reason;  ///< why it was given up
};

/// A row of the access log. Source: HSLF-FS 2016:40, 4 kap. 9 §: what was done, where, when, by whom, about whom.
struct AuditRow {
  std::string action;   ///< "intake", "read", "search", "update", "deliver", "refuse" ..
  std::string caller;   ///< organisation (HSA-id) or "" for nobody known
  std::string subject;  ///< "Type/id" of what it was about; never a person's number
  std::string case_key;
  std::string says;         ///< e.g. "not shown: no party of this case"
  std::int64_t number = 0;  ///< given by the store: 1, 2, 3 .. without gaps
  WallTime at{};            ///< given by the store
};

/// Everything one message changes. It stands or falls together.
struct Change {
  std::optional<RawMessage> journal;  ///< set when the message is journalled by this very commit
  std::int64_t journal_number = 0;    ///< or the entry that was journalled before (respond-async, replay)
  Outcome outcome = Outcome::Stored;
  std::string receipt;             ///< kept with the journal entry
  std::string case_key;            ///< "" = no case is touched
  std::int64_t case_version = 0;   ///< version the change was computed on; Conflict when it is another now
  std::optional<CaseTimes> times;  ///< replaces what the case knew of time
  WallTime case_seen{};            ///< with `times`: CaseTimes::seen the change was computed on; Conflict when it is another now
  std::vector<ChainLink> links;    ///< appended; journal_number is filled in by the store
  std::vector<ResourceWrite> resources;
  std::vector<EventWrite> events;
  std::vector<AuditRow> audit;
};

struct ResourceVersion {
  std::string type, id;
  std::int64_t version = 0;
};

struct Committed {
  std::int64_t journal_number = 0;
  std::string journal_id;
  WallTime at{};                                             ///< meta.lastUpdated of everything written; store/rules.h, next_time
  std::vector<ResourceVersion> versions;                     ///< in the order of Change::resources
  std::vector<std::pair<std::string, std::int64_t>> events;  ///< subscription id, number given
};

/// What keeps a subscription's notifications from being sent, apart from its status. The numbers are in files.
enum class DeliveryHold : std::uint8_t {
  None = 0,
  HandshakeDue = 1,  ///< the endpoint must answer a handshake before anything else is sent to it
  Stopped = 2        ///< nothing is sent before the subscriber asks again
};

/// A subscription as the store keeps it: the resource's JSON lives in the ordinary resource table; here is what delivery needs.
struct SubscriptionState {
  std::string id;
  std::string status;          ///< requested, active, error, off
  std::int64_t events = 0;     ///< events since it was created (N10, N11 of the backport guide)
  std::int64_t delivered = 0;  ///< every event up to here is done: delivered, or dead
  std::string error;
  std::int64_t under_way = 0;  ///< the last event of the notification that was begun; not above `delivered`: none is
  DeliveryHold hold = DeliveryHold::None;
};

struct Page {
  std::vector<Resource> resources;
  std::int64_t total = 0;
  std::string after;  ///< for the next page; "" = this was the last one
};

/// Who is asking: an organisation that sees what it is party to, or an operator that sees all.
struct Reader {
  std::string organisation;
  bool sees_all = false;
};

/// What a store can vouch for at this moment.
struct StoreCondition {
  bool is_writing = false;  ///< a write has just come through to the disk, synced
  std::string says;         ///< why not, as a sentence; "" while it is writing
  std::optional<WallTime> failing_since;
  std::optional<WallTime> last_commit;         ///< the newest one that was synced since the start
  std::int64_t database_bytes = 0;             ///< of the file
  std::int64_t log_bytes = 0;                  ///< of the write-ahead log beside it
  std::optional<std::int64_t> free_bytes;      ///< of the disk, as far as this process may use it; none = not known
  std::optional<WallTime> oldest_undelivered;  ///< when the oldest event came that its subscription (not `off`) has not got
  std::int64_t pending = 0;                    ///< journal entries that wait to be worked off; counted up to
                                               ///< limits::store_counted_entries_max
  std::int64_t quarantined = 0;                ///< likewise
};

/// The port every store implements; one contract test runs against all of them (tests/store/contract.h).
/// Coroutines resume on the executor they were awaited on. Any thread.
class Store {
 public:
  virtual ~Store() = default;

  /// One transaction, durable (synced) before it returns. Conflict: case or resource version is not current, nothing was
  /// written. Invalid: a resource was first written by another case, or by none. Busy: try again later, nothing was written.
  /// Broken: the disk; nothing was acknowledged.
  virtual Task<Result<Committed>> commit(Change change) = 0;

  /// Journals without changing anything else; durable before it returns. For respond-async.
  virtual Task<Result<JournalEntry>> journal(RawMessage message) = 0;

  virtual Task<Result<JournalEntry>> journal_entry(std::int64_t number) = 0;
  /// Entries with that outcome and a number above `after`, in order. One whose bytes are damaged hides no other.
  virtual Task<Result<std::vector<JournalEntry>>> journal_entries(Outcome outcome, std::int64_t after, std::size_t count) = 0;
  /// Walks the chain from the first entry; Broken names the first entry that does not fit.
  virtual Task<Result<std::int64_t>> verify_journal() = 0;

  /// A case with all its links; version 0 when there is none. One of more than `links_max` comes without them, and at no cost.
  virtual Task<Result<Case>> load_case(std::string key, std::size_t links_max = std::size_t(-1)) = 0;
  /// Cases that time alone will change, behind `after`, in order of time and key, at most `count`.
  virtual Task<Result<std::vector<CaseDue>>> cases_due(CaseDue after, std::size_t count) = 0;
  /// Cases that were worked out at a time behind `after` (`at` is CaseTimes::seen), in order of time and key, at most `count`:
  /// with a time that is still to come, those that a false clock touched. Looks at every case; for an operator's act.
  virtual Task<Result<std::vector<CaseDue>>> cases_seen(CaseDue after, std::size_t count) = 0;
  /// When the store was written to last before it was opened, also by vouching; the epoch when it never was.
  virtual Task<Result<WallTime>> written_before() = 0;

  /// Newest version, or the given one. NotFound: none, or not the reader's business - the same answer. Gone: deleted.
  virtual Task<Result<Resource>> read(Reader reader, std::string type, std::string id, std::int64_t version = 0) = 0;
  /// The newest versions of many, in their order, each with an answer of its own as `read` gives it.
  /// Without bodies it is told what there is and which version, and Resource::body stays empty.
  virtual Task<Result<std::vector<Result<Resource>>>> read_all(Reader reader, std::vector<ResourceName> names, Bodies bodies) = 0;
  virtual Task<Result<Page>> search(Reader reader, search::Query query) = 0;

  // --- subscriptions ---
  virtual Task<Result<std::vector<SubscriptionState>>> subscriptions() = 0;
  virtual Task<Result<SubscriptionState>> subscription(std::string id) = 0;
  /// Creates the row or changes its status. Counters are never set back.
  virtual Task<Result<void>> set_subscription_status(std::string id, std::string status, std::string error,
                                                     DeliveryHold hold = DeliveryHold::None) = 0;
  /// For one whose resource is deleted: its row goes, and its events, the last ones first and in one commit no more than
  /// limits::forgotten_events_per_commit_max. True: nothing is left of it, or never was. False: call again.
  virtual Task<Result<bool>> forget_subscription(std::string id) = 0;
  /// Events with from <= number <= to, in order, at most `count`.
  virtual Task<Result<std::vector<Event>>> events(std::string subscription, std::int64_t from, std::int64_t to,
                                                  std::size_t count) = 0;
  /// The next notification ends with event `to`, whenever it is sent; durable before it returns, and everything that advance()
  /// took before it is too. NotFound.
  virtual Task<Result<void>> begin_notification(std::string subscription, std::int64_t to) = 0;
  /// Every event up to `number` is done, and these rows say so in the access log; number and rows stand or fall together. Never
  /// goes back. May reach the disk later than it returns: after a crash some events are delivered, and logged, once more.
  /// Busy: too many rows wait for the disk; nothing was taken.
  virtual Task<Result<void>> advance(std::string subscription, std::int64_t number, std::vector<AuditRow> rows = {}) = 0;
  /// Gives one event up (dead letter) and advances past it.
  virtual Task<Result<void>> dead_letter(std::string subscription, std::int64_t number, std::string reason) = 0;

  /// Audit rows that belong to no change (reads, refusals). Durable with the next group.
  virtual Task<Result<void>> audit(std::vector<AuditRow> rows) = 0;
  virtual Task<Result<std::vector<AuditRow>>> audit_rows(std::int64_t after, std::size_t count) = 0;
  /// Like verify_journal, for the audit rows' own chain.
  virtual Task<Result<std::int64_t>> verify_audit() = 0;

  /// Writes a row, synced, and tells whether it came through, and how the store stands. A commit of the last
  /// limits::store_vouched_age_max vouches too, so that asking often writes little. Answers within about
  /// limits::store_vouch_time_max even when the disk hangs; the counts are then those of the last time.
  virtual Task<Result<StoreCondition>> condition() = 0;

  /// Looks at everything that is stored: chains, bodies, versions, events, links, and whether each row is one that this program
  /// wrote. Takes long; nobody waits for it but the caller. A report with findings is no failure.
  virtual Task<Result<VerifyReport>> verify() = 0;

  /// Finishes what was begun, then closes. Nothing may be called afterwards.
  virtual Task<void> close() = 0;
};

}  // namespace vardbron::store
