#include "gateway/exchange/message_path.h"

#include <algorithm>
#include <utility>

#include "gateway/access/audit.h"
#include "gateway/base/check.h"
#include "gateway/base/digest.h"
#include "gateway/base/limits.h"
#include "gateway/care/notice.h"
#include "gateway/exchange/notice_text.h"

namespace vardbron::exchange {

namespace {

// The bytes, once they are understood.
struct Understood {
  care::Notice notice;
  std::string canonical;  // the notice Bundle, JSON: what the chain keeps
};

Result<Understood> understand(const Envelope& envelope, Channel& channel, WallTime now) {
  Result<tree::Document> bundle = channel.to_notice(envelope.content_type, envelope.body, envelope.caller.organisation, now);
  if (!bundle) return std::move(bundle).failure();
  Result<care::Notice> notice = care::read_notice(*bundle);
  if (!notice) return std::move(notice).failure();
  return Understood{std::move(*notice), to_text(*bundle)};
}

store::RawMessage raw_message(Envelope envelope, std::string identity, WallTime now) {
  return {std::move(envelope.channel), std::move(envelope.caller.organisation), std::move(envelope.content_type),
          std::move(envelope.body),    std::move(identity),                     now};
}

// A case belongs to the organisation that sends it: nobody else's notices reach it, whatever they call their cases.
std::string case_key(const Envelope& envelope, const care::Notice& notice) {
  return envelope.caller.organisation + "|" + notice.case_key;
}

std::string identity_of(const care::Notice& notice) { return notice.identity.system + "|" + notice.identity.value; }

std::string identity_with_bytes(const std::string& identity, std::string_view body) {
  return identity + "#" + to_hex(sha256(body)).substr(0, 16);
}

const store::ChainLink* find_link(const store::Case& known, std::string_view identity) {
  auto found = std::find_if(known.links.begin(), known.links.end(), [&](const auto& link) { return link.identity == identity; });
  return found == known.links.end() ? nullptr : &*found;
}

Receipt earlier_receipt(const store::JournalEntry& entry) {
  return {store::Outcome::Duplicate, entry.number, entry.receipt, std::nullopt};
}

}  // namespace

/// One message on its way. Made when a door has taken the bytes, gone when the sender has its receipt.
struct MessagePath::Passage {
  Envelope envelope;
  std::int64_t journal_number = 0;  // > 0: the bytes are journalled already
  WallTime now{};
};

MessagePath::MessagePath(PathParts parts) : parts_(std::move(parts)) {}

Task<Result<Receipt>> MessagePath::accept(Envelope envelope) {
  Passage passage{std::move(envelope), 0, parts_.clock.wall()};
  co_return co_await pass(std::move(passage));
}

Task<Result<Receipt>> MessagePath::accept_later(Envelope envelope) {
  if (!parts_.channels.find(envelope.channel)) co_return no_such_channel(envelope.channel);
  store::RawMessage message = raw_message(std::move(envelope), "", parts_.clock.wall());
  Result<store::JournalEntry> entry = co_await parts_.store.journal(std::move(message));
  if (!entry) co_return std::move(entry).failure();
  co_return Receipt{store::Outcome::Pending, entry->number, accepted_text(), std::nullopt};
}

Task<Result<Receipt>> MessagePath::work_off(store::JournalEntry entry) {
  access::Caller sender;
  sender.organisation = entry.message.sender;
  sender.may_send = true;
  Envelope envelope{std::move(sender), entry.message.channel, entry.message.content_type, std::move(entry.message.body)};
  Passage passage{std::move(envelope), entry.number, entry.message.received};
  co_return co_await pass(std::move(passage));
}

// From bytes to receipt. A conflict means that another notice of the same case was committed in between: look again.
Task<Result<Receipt>> MessagePath::pass(Passage passage) {
  Channel* channel = parts_.channels.find(passage.envelope.channel);
  if (!channel) co_return no_such_channel(passage.envelope.channel);
  Result<Understood> understood = understand(passage.envelope, *channel, passage.now);
  if (!understood) co_return co_await quarantine(std::move(passage), std::move(understood).failure());
  Understood message = std::move(understood).value();
  const std::string key = case_key(passage.envelope, message.notice);
  for (int attempt = 0; attempt < limits::commit_conflict_retries_max; ++attempt) {
    Result<store::Case> known = co_await parts_.store.load_case(key);
    if (!known) co_return std::move(known).failure();
    Result<Arrival> arrival = co_await look_for_earlier(*known, message, passage);
    if (!arrival) co_return std::move(arrival).failure();
    if (arrival->earlier) co_return co_await repeat_receipt(std::move(passage), std::move(*arrival->earlier));
    Result<Receipt> stored = co_await add_to_case(*known, message, arrival->identity, passage);
    if (stored || stored.failure().cause != Cause::Conflict) co_return stored;
    REACHED("exchange: another notice of the case came first");
  }
  co_return Failure{Cause::Busy, "Too many notices of this case arrive at once. Send this one again.", ""};
}

// The same identity with the same bytes is the same message; with other bytes it is kept beside the first one and flagged.
Task<Result<Arrival>> MessagePath::look_for_earlier(const store::Case& known, const Understood& message, const Passage& passage) {
  const std::string identity = identity_of(message.notice);
  const std::string with_bytes = identity_with_bytes(identity, passage.envelope.body);
  const store::ChainLink* first = find_link(known, identity);
  if (!first) co_return Arrival{identity, std::nullopt};
  if (const store::ChainLink* same = find_link(known, with_bytes)) first = same;
  Result<store::JournalEntry> entry = co_await parts_.store.journal_entry(first->journal_number);
  if (!entry) co_return std::move(entry).failure();
  if (entry->message.body == passage.envelope.body) co_return Arrival{identity, earlier_receipt(*entry)};
  co_return Arrival{with_bytes, std::nullopt};
}

Task<Result<Receipt>> MessagePath::add_to_case(const store::Case& known, const Understood& message, std::string identity,
                                               const Passage& passage) {
  Result<Folded> folded = fold(known, message.notice, parts_.rules, passage.now);
  if (!folded) co_return std::move(folded).failure();
  std::shared_ptr<const subscription::Matcher> matcher = parts_.matcher();
  Result<store::Change> change = change_of(known, *folded, parts_.rules, *matcher);
  if (!change) co_return std::move(change).failure();
  const bool same_id_other_bytes = identity != identity_of(message.notice);
  change->receipt = stored_text(message.notice, folded->after, change->resources.size(), same_id_other_bytes);
  change->links.push_back({identity, std::string(to_string(message.notice.event)), message.canonical, message.notice.happened.at, 0});
  change->audit.push_back(access::intake(passage.envelope.caller, known.key, same_id_other_bytes ? "same id, other bytes" : "stored"));
  put_in_journal(*change, passage, std::move(identity));
  std::string receipt = change->receipt;
  Result<store::Committed> committed = co_await parts_.store.commit(std::move(*change));
  if (!committed) co_return std::move(committed).failure();
  parts_.told(*committed);
  co_return Receipt{store::Outcome::Stored, committed->journal_number, std::move(receipt), std::nullopt};
}

// Not understood is not lost: the bytes are durable before the sender reads what to change.
Task<Result<Receipt>> MessagePath::quarantine(Passage passage, Failure failure) {
  store::Change change;
  change.outcome = store::Outcome::Quarantined;
  change.receipt = quarantined_text(failure);
  change.audit.push_back(access::intake(passage.envelope.caller, "", "quarantined"));
  put_in_journal(change, passage, "");
  std::string receipt = change.receipt;
  Result<store::Committed> committed = co_await parts_.store.commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  co_return Receipt{store::Outcome::Quarantined, committed->journal_number, std::move(receipt), std::move(failure)};
}

Task<Result<Receipt>> MessagePath::repeat_receipt(Passage passage, Receipt earlier) {
  if (passage.journal_number == 0 || passage.journal_number == earlier.journal_number) {
    std::vector<store::AuditRow> rows;
    rows.push_back(access::intake(passage.envelope.caller, "", "the same message again"));
    Result<void> noted = co_await parts_.store.audit(std::move(rows));
    if (!noted) co_return std::move(noted).failure();
    co_return earlier;
  }
  store::Change change;
  change.journal_number = passage.journal_number;
  change.outcome = store::Outcome::Duplicate;
  change.receipt = earlier.text;
  Result<store::Committed> committed = co_await parts_.store.commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  co_return earlier;
}

}  // namespace vardbron::exchange
