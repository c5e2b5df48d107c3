#pragma once

#include "gateway/access/caller.h"
#include "gateway/access/receivers.h"
#include "gateway/access/sender_permissions.h"
#include "gateway/base/clock.h"
#include "gateway/base/metrics.h"
#include "gateway/base/task.h"
#include "gateway/exchange/case_queue.h"
#include "gateway/exchange/case_update.h"
#include "gateway/exchange/channel.h"
#include "gateway/exchange/in_flight_message.h"
#include "gateway/exchange/receipt.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::exchange {

/// A party's PUT of a Task.
struct TaskWrite {
  access::Caller caller;
  std::string id;                     ///< Task.id of the URL
  tree::Document body;                ///< the Task, made with CaseRules::names
  std::int64_t expected_version = 0;  ///< If-Match; 0 = none
};

/// A party's POST or PUT of a resource of act_types() (act.h).
struct ActWish {
  access::Caller caller;
  std::string type;
  std::string id;                     ///< of the URL; "" = POST
  tree::Document body;                ///< the resource, checked against FHIR, made with CaseRules::names
  std::int64_t expected_version = 0;  ///< If-Match; 0 = none
};

/// What became of an act.
struct Acted {
  enum class What : std::uint8_t {
    Created,     ///< `resource` is new
    Done,        ///< `resource` as it is now; none: the party may not see it any more
    Unchanged,   ///< the act changes nothing, or was carried out before
    Outdated,    ///< the resource has another version than the party expects
    Undone,      ///< kept, and the case's or the plan's rules leave it without effect: `receipt` says why
    Quarantined  ///< kept, and not carried out: `receipt` says why
  };
  What what = What::Done;
  std::optional<store::Resource> resource{};
  std::optional<Receipt> receipt{};  ///< none: nothing was kept of it
};

/// What the path works with; everything outlives it.
struct PathParts {
  CaseParts cases;
  Clock& clock;
  Channels& channels;
  access::SenderPermissions units{};  ///< for whom each organisation may send
  Metrics* metrics = nullptr;         ///< counts what goes to quarantine; may be null
  access::Receivers receivers{};      ///< who can be notified of anything
  CaseQueue* queue = nullptr;         ///< of all paths of the process; null: the path has its own
};

/// The path of a message: bytes in, one commit, a receipt. Read message_path.cpp from top to bottom. One per thread.
/// Each change of a case waits for its turn and is made by update_case (case_update.h); long cases have a thread of their own, so
/// that the others do not wait for them.
///
/// 1. Answered OK means committed and synced to disk.
/// 2. The same message twice gives one change and two equal receipts. Same id with other bytes is accepted and flagged.
/// 3. A message that cannot be read or mapped is kept with its outcome, and can be replayed.
/// 4. Resource versions, subscription events and audit rows are committed together or not at all.
/// 5. One case's events reach one subscriber in order (gateway/subscription).
/// 6. The order in which a case's notices arrive does not change the result once all have arrived (gateway/care).
class MessagePath {
 public:
  explicit MessagePath(PathParts parts);

  /// Failure: nothing was kept, the sender has to try again (Busy: the store, or too many wait for the case; Broken), or there is
  /// no such channel (NotFound). A message that is kept but cannot be parsed or mapped, or that is for a unit its sender may not
  /// send for, is a Receipt with outcome Quarantined. So is one for which its case has no room.
  Task<Result<Receipt>> accept(Envelope envelope);

  /// Durable in the journal, not yet read; `work_off` does the rest.
  Task<Result<Receipt>> accept_later(Envelope envelope);

  /// Reads and maps a journal entry that is pending; `work_off` stores it.
  Read read(store::JournalEntry entry);
  /// Failure: not stored for now, the entry stays as it is.
  Task<Result<Receipt>> work_off(Read read);
  /// Moves it to quarantine, since it cannot be processed.
  Task<Result<Receipt>> give_up(store::JournalEntry entry, Failure failure);

  /// Processes an entry in quarantine again, after its map was corrected. NotFound: no such entry in quarantine.
  Task<Result<Receipt>> replay(std::int64_t journal_number);

  /// A party accepts, rejects or finishes a Task, or adds a note to it: an event of the case. Returns the Task as it is
  /// afterwards; nothing: it has another version than `expected_version`. A write that leaves the Task as it is adds nothing.
  /// Failures are those of care::check_owner, care::read_task and care::check_write. TooLarge: the case has no room for it; it is
  /// kept in quarantine, and the failure says so.
  Task<Result<std::optional<store::Resource>>> write_task(TaskWrite write);

  /// A party appoints a contact, agrees a plan, answers a call ..: a notice is made of what it writes (act.h), and goes the way
  /// of each other notice, with its time and an identity that the same act has again. NotFound: no such resource that it may see.
  /// Unsupported: the first element that would not be kept. Forbidden: the resource is another unit's. Else as accept().
  Task<Result<Acted>> act(ActWish wish);

  /// Writes what is late by now, and notifies the parties concerned. True when there was something to do. Busy: something else is
  /// changing the case.
  Task<Result<bool>> let_time_pass(std::string case_key);

 private:
  class TaskStep;  // the update of a case with a party's write (task_write.cpp)
  struct KeptMessage {
    std::int64_t number = 0;  // of its journal entry; 0 = none
    std::string id;
  };

  Result<Understood> understand(InFlightMessage& in_flight);  // puts what is wrong with it into its faults
  Task<Result<Receipt>> place(const Understood& message, const InFlightMessage& in_flight);
  Task<Result<Receipt>> work_off_of_person(Read read);  // a notice about the person alone (person_update.cpp)
  Task<Result<Receipt>> place_of_person(const Understood& message, const InFlightMessage& in_flight);
  Task<Result<Receipt>> place_once(const Understood& message, const InFlightMessage& in_flight);  // Conflict: another change came
  Task<Result<Receipt>> quarantine(InFlightMessage in_flight, Failure failure);
  Task<Result<KeptMessage>> find_in_quarantine(const InFlightMessage& in_flight, const std::string& mark);
  void report_quarantined(std::int64_t number, std::string_view channel, Cause cause, bool is_again);
  Task<Result<Receipt>> repeat_receipt(const InFlightMessage& in_flight, Receipt earlier);
  Task<Result<std::optional<store::Resource>>> carry_out(TaskStep& step);
  Task<Failure> keep_write(const TaskStep& step, Failure failure);  // the answer to the party
  Task<Result<Receipt>> replay_write(InFlightMessage in_flight);
  void doubt_receivers(care::Notice& notice, tree::Document& bundle) const;
  void report_unknown_receivers(const care::Notice& notice, std::int64_t number, std::string_view channel);

  PathParts parts_;
  CaseQueue own_queue_;
  CaseQueue& queue_;
  std::map<std::string, std::int64_t> in_quarantine_;  // digest of a message: its journal entry
};

}  // namespace vardbron::exchange
