// Tested by tests/exchange/person_merge_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/base/limits.h"
#include "gateway/base/reached.h"
#include "gateway/care/chain/chain.h"
#include "gateway/exchange/message_path.h"
#include "gateway/exchange/person_chains.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace vardbron::exchange {

namespace {

std::vector<care::Identity> numbers_of(const care::Notice& notice) {
  std::vector<care::Identity> numbers = notice.person.identifiers;
  numbers.insert(numbers.end(), notice.replaced_numbers.begin(), notice.replaced_numbers.end());
  return numbers;
}

// In the order of their keys, as a case takes them.
Task<Result<std::vector<CaseQueue::Turn>>> take_turns(const CaseParts& parts, const care::Notice& notice) {
  std::set<std::string> keys;
  for (const care::Identity& each : numbers_of(notice)) keys.insert(care::person_key(parts.rules.person_secret, each));
  std::vector<CaseQueue::Turn> turns;
  for (const std::string& key : keys) {
    if (!parts.persons) break;
    Result<CaseQueue::Turn> turn = co_await parts.persons->take(key);
    if (!turn) co_return std::move(turn).failure();
    turns.push_back(*std::move(turn));
  }
  co_return turns;
}

/// The link of that name, of a number that the notice names; null: it has not come.
const store::ChainLink* find_link(const PersonChains& read, const care::Notice& notice, const std::string& identity) {
  for (const NumberChain& chain : read.numbers) {
    if (!care::contains(numbers_of(notice), chain.number)) continue;
    for (const store::ChainLink& link : chain.merges)
      if (link.identity == identity) return &link;
  }
  return nullptr;
}

Failure too_many_notices() {
  return {Cause::TooLarge,
          "Your organisation has sent " + std::to_string(limits::merges_per_number_max) +
              " merges, or cancellations of them, of one of the numbers, as many as are kept of one number.",
          "Bundle.entry[1].resource"};
}

Failure too_many_numbers() {
  return {Cause::TooLarge,
          "The merge would give one person more than " + std::to_string(limits::numbers_per_person_max) +
              " numbers. Cancel a merge of the person that is wrong, and have this one replayed.",
          "Bundle.entry[1].resource.link"};
}

/// Has the organisation room for one more in the chain of each number?
bool has_room(const PersonChains& read, const care::Notice& notice) {
  const auto is_its = [&](const care::Notice& each) { return care::speaks_for(notice.sender, each.sender); };
  return std::all_of(read.numbers.begin(), read.numbers.end(), [&](const NumberChain& chain) {
    const bool is_named = care::contains(numbers_of(notice), chain.number);
    const auto held = std::count_if(chain.notices.begin(), chain.notices.end(), is_its);
    return !is_named || static_cast<std::size_t>(held) < limits::merges_per_number_max;
  });
}

}  // namespace

Task<Result<Receipt>> MessagePath::work_off_of_person(Read read) {
  Result<Receipt> placed = co_await place_of_person(*read.message, read.in_flight);
  const bool is_final = !placed && !may_pass(placed.failure().cause);
  if (is_final) co_return co_await quarantine(std::move(read.in_flight), std::move(placed).failure());
  co_return placed;
}

// The turns are those of the numbers that it names; what came in between of other numbers is a conflict, and all is read again.
Task<Result<Receipt>> MessagePath::place_of_person(const Understood& message, const InFlightMessage& in_flight) {
  Result<std::vector<CaseQueue::Turn>> turns = co_await take_turns(parts_.cases, message.notice);
  if (!turns) co_return std::move(turns).failure();
  for (int each = 0; each < limits::commit_conflict_retries_max; ++each) {
    Result<Receipt> placed = co_await place_once(message, in_flight);
    if (placed || placed.failure().cause != Cause::Conflict) co_return placed;
    REACHED("exchange: another change of the person came first");
  }
  co_return Failure{Cause::Busy, "Too many notices of this person arrive at once. Send this one again.", ""};
}

Task<Result<Receipt>> MessagePath::place_once(const Understood& message, const InFlightMessage& in_flight) {
  const care::Notice& notice = message.notice;
  const CaseParts& parts = parts_.cases;
  std::vector<care::Identity> numbers = numbers_of(notice);
  Result<PersonChains> read = co_await read_person(parts.store, parts.rules, std::move(numbers));
  if (!read) co_return std::move(read).failure();
  std::string identity = identity_of(notice);
  const std::string with_bytes = identity_with_bytes(identity, in_flight.envelope.body);
  const store::ChainLink* first = find_link(*read, notice, identity);
  if (const store::ChainLink* same = find_link(*read, notice, with_bytes)) first = same;
  if (first) {
    Result<store::JournalEntry> entry = co_await parts.store.journal_entry(first->journal_number);
    if (!entry) co_return std::move(entry).failure();
    Receipt earlier{store::Outcome::Duplicate, entry->number, entry->id, entry->receipt, std::nullopt};
    if (entry->message.body == in_flight.envelope.body) co_return co_await repeat_receipt(in_flight, std::move(earlier));
    identity = with_bytes;
  }
  if (!has_room(*read, notice)) co_return too_many_notices();
  const store::ChainLink link{identity, std::string(to_string(notice.event)), message.canonical, notice.happened.at, 0};
  store::Change change;
  MergeEffect effect = add_merge(*read, notice, link, parts.rules, change);
  Result<void> hidden = co_await hide_former_versions(parts.store, std::move(effect.split), change);
  if (!hidden) co_return std::move(hidden).failure();
  if (effect.counts && effect.numbers > limits::numbers_per_person_max) co_return too_many_numbers();
  std::string says = effect.changes ? "stored, changes who is who" : "stored, changes nothing";
  if (!message.maps.empty()) says += ", maps " + message.maps;
  const std::string key = care::person_key(parts.rules.person_secret, notice.person.identifiers.front());
  change.audit.push_back(access::intake(in_flight.envelope.caller, key, says));
  put_in_journal(change, in_flight, identity);
  const std::string receipt = change.receipt = stored_text(StoredOfPerson{notice, effect, first != nullptr});
  const bool makes_due = !change.due_cases.empty();
  Result<store::Committed> committed = co_await parts.store.commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  parts.notify(*committed);
  if (parts.due && makes_due) parts.due(committed->at);
  co_return Receipt{store::Outcome::Stored, committed->journal_number, committed->journal_id, receipt, std::nullopt, false};
}

}  // namespace vardbron::exchange
