#pragma once

#include "gateway/access/caller.h"
#include "gateway/access/receivers.h"
#include "gateway/access/sender_permissions.h"
#include "gateway/base/clock.h"
#include "gateway/base/limits.h"
#include "gateway/base/metrics.h"
#include "gateway/base/run_on.h"
#include "gateway/base/task.h"
#include "gateway/care/policy.h"
#include "gateway/exchange/case_change.h"
#include "gateway/exchange/case_queue.h"
#include "gateway/exchange/channel.h"
#include "gateway/exchange/in_flight_message.h"
#include "gateway/exchange/receipt.h"
#include "gateway/store/store.h"
#include "gateway/subscription/matcher.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace vardbron::exchange {

/// A party's PUT of a Task.
struct TaskWrite {
  access::Caller caller;
  std::string id;                     ///< Task.id of the URL
  tree::Document body;                ///< the Task, made with FoldRules::names
  std::int64_t expected_version = 0;  ///< If-Match; 0 = none
};

/// What the path stands on; everything outlives it.
struct PathParts {
  store::Store& store;
  Clock& clock;
  Channels& channels;
  FoldRules rules;
  std::function<std::shared_ptr<const subscription::Matcher>()> matcher;
  std::function<void(const store::Committed&)> told;  ///< wakes deliveries; cheap, any thread
  std::function<void(WallTime)> due{};                ///< a case changes by time alone then; cheap, any thread; may be empty
  access::SenderPermissions units{};                  ///< for whom each organisation may speak
  Metrics* metrics = nullptr;                         ///< counts what goes to quarantine; may be null
  access::Receivers receivers{};                      ///< who can be told anything
  CaseQueue* queue = nullptr;                         ///< of all paths of the process; null: the path has one for itself
  asio::any_io_executor long_cases{};                 ///< where long cases are worked on; empty: where the path is
  std::size_t short_case_links_max = limits::short_case_links_max;  ///< a case of more is long
};

/// The spine: bytes in, one commit, a receipt. Read message_path.cpp from top to bottom. One per thread.
/// What changes one case waits for its turn; a long case is read, folded and packed on a thread of its own, so that the others
/// do not wait for it.
///
/// 1. Answered OK means committed and synced to disk.
/// 2. The same message twice gives one change and two equal receipts. Same id with other bytes is accepted and flagged.
/// 3. A message that cannot be read or mapped is kept with its outcome, and can be replayed.
/// 4. Resource versions, subscription events and audit rows stand or fall together.
/// 5. One case's events reach one subscriber in order (gateway/subscription).
/// 6. Which order a case's notices arrive in does not change the result once all have arrived (gateway/care).
class MessagePath {
 public:
  explicit MessagePath(PathParts parts);

  /// Failure: nothing was kept, the sender has to try again (Busy: the store, or too many wait for the case; Broken), or there is
  /// no such channel (NotFound). A message that is kept but not understood, or that speaks for a unit its sender may not speak
  /// for, is a Receipt with outcome Quarantined. So is one for which its case has no room.
  Task<Result<Receipt>> accept(Envelope envelope);

  /// Durable in the journal, not yet read; `work_off` does the rest.
  Task<Result<Receipt>> accept_later(Envelope envelope);

  /// Reads and maps a journal entry that is pending; `work_off` stores it.
  Read read(store::JournalEntry entry);
  /// Failure: nothing came of it for now, the entry stays as it is.
  Task<Result<Receipt>> work_off(Read read);
  /// To quarantine, since it cannot be worked off.
  Task<Result<Receipt>> give_up(store::JournalEntry entry, Failure failure);

  /// Reads an entry in quarantine again, after its map was mended. NotFound: no such entry in quarantine.
  Task<Result<Receipt>> replay(std::int64_t journal_number);

  /// A party accepts, rejects or finishes a Task, or remarks on it: an event of the case. Gives the Task as it stands afterwards.
  /// What leaves the Task as it is adds nothing. Failures are those of care::check_owner and care::read_task; Conflict: the
  /// version, or the status, does not allow it. TooLarge: the case has no room for it; it is kept in quarantine, and the failure
  /// says so.
  Task<Result<store::Resource>> write_task(TaskWrite write);

  /// What is late by now is written and told. True when there was something to do. Busy: something else changes the case now.
  Task<Result<bool>> let_time_pass(std::string case_key);

 private:
  struct Arrival;     // what the case already knows of it
  struct PartyWrite;  // a party's write on its way

  Result<Understood> understand(InFlightMessage& in_flight);  // what is wrong with it goes into its faults
  Task<Result<store::Case>> load(std::string case_key);
  Task<Result<Receipt>> place_now(const Understood& message, const InFlightMessage& in_flight);
  Task<Result<Receipt>> place_in_long(const Understood& message, const InFlightMessage& in_flight);
  Task<Result<Receipt>> place_in(const store::Case& known, const Understood& message, const InFlightMessage& in_flight);
  Task<Result<Arrival>> look_for_earlier(const store::Case& known, const Understood& message, const InFlightMessage& in_flight);
  Task<Result<Receipt>> add_to_case(const store::Case& known, const Understood& message, std::string identity,
                                    const InFlightMessage& in_flight);
  Task<Result<Receipt>> place(const Understood& message, const InFlightMessage& in_flight);
  Task<Result<Receipt>> quarantine(InFlightMessage in_flight, Failure failure);
  Task<Result<std::int64_t>> find_in_quarantine(const InFlightMessage& in_flight, const std::string& mark);
  void tell_quarantined(std::int64_t number, std::string_view channel, Cause cause, bool is_again);
  Task<Result<Receipt>> repeat_receipt(const InFlightMessage& in_flight, Receipt earlier);
  Task<Result<store::Committed>> commit(store::Change change);
  Task<Result<store::Resource>> carry_out(PartyWrite& write, WallTime now);
  Task<Result<care::Write>> understand(const PartyWrite& write, const store::Resource& current, WallTime now);
  Task<Result<store::Resource>> leave_as_it_is(const PartyWrite& write, store::Resource current);
  Task<Result<store::Resource>> try_write(const PartyWrite& write, const store::Resource& current, WallTime now);
  Task<Result<store::Resource>> write_into_long(const PartyWrite& write, const store::Resource& current, WallTime now);
  Task<Result<store::Resource>> write_into(const store::Case& known, const PartyWrite& write, const store::Resource& current,
                                           WallTime now);
  Task<Result<bool>> pass_time_in_long(std::string case_key);
  Task<Result<bool>> pass_time_in(const store::Case& known);
  Task<Result<store::Resource>> keep_write(PartyWrite write, Failure failure);
  Task<Result<Receipt>> replay_write(InFlightMessage in_flight);
  void doubt_receivers(care::Notice& notice, tree::Document& bundle) const;
  void tell_unknown_receivers(const care::Notice& notice, std::int64_t number, std::string_view channel);
  static void put_in_journal(store::Change& change, const InFlightMessage& in_flight, std::string identity);

  /// Runs what is done to a long case where long cases are worked on.
  template <class T>
  Task<T> where_long_cases_are(Task<T> work) {
    if (!parts_.long_cases) co_return co_await std::move(work);
    co_return co_await run_on(parts_.long_cases, std::move(work));
  }

  PathParts parts_;
  CaseQueue own_queue_;
  CaseQueue& queue_;
  std::map<std::string, std::int64_t> in_quarantine_;  // digest of a message: its journal entry
};

}  // namespace vardbron::exchange
