#include "gateway/exchange/message_path.h"

#include "gateway/access/audit.h"
#include "gateway/base/digest.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/care/chain/long_texts.h"
#include "gateway/care/plan/plan_key.h"
#include "gateway/care/plan/plan_kind.h"
#include "gateway/exchange/act_notice.h"
#include "gateway/exchange/case_of_notice.h"
#include "gateway/exchange/plan_of_notice.h"
#include "gateway/exchange/plan_refold.h"
#include "gateway/formats/json/write.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

namespace vardbron::exchange {

namespace {

Failure no_such_channel(const std::string& name) { return {Cause::NotFound, "There is no channel \"" + name + "\".", ""}; }

std::string_view quarantine_note(const Failure& failure) {
  switch (failure.cause) {
    case Cause::Forbidden: return "quarantined: not the sender's unit";
    case Cause::TooLarge: return "quarantined: over a limit";
    case Cause::Broken: return "quarantined: it cannot be worked off";
    default: return "quarantined";
  }
}

const store::ChainLink* find_link(const store::Case& known, std::string_view identity) {
  auto found = std::find_if(known.links.begin(), known.links.end(), [&](const auto& link) { return link.identity == identity; });
  return found == known.links.end() ? nullptr : &*found;
}

// A message at which a library throws must not be tried for ever.
Result<tree::Document> map_message(Channel& channel, const Envelope& envelope, WallTime now, const Taking& taking) {
  try {
    return channel.to_notice(envelope.content_type, envelope.body, envelope.caller.organisation, now, taking);
  } catch (const std::exception&) {
    REACHED("exchange: mapping throws");
    return Failure{Cause::Broken, "The gateway failed at mapping this message.", ""};
  }
}

Failure unreadable() { return {Cause::Broken, "The bytes that were kept of the message cannot be read back.", ""}; }

InFlightMessage in_flight_message(store::JournalEntry entry) {
  access::Caller sender;
  sender.organisation = std::move(entry.message.sender);
  Envelope envelope{std::move(sender), std::move(entry.message.channel), std::move(entry.message.content_type),
                    std::move(entry.message.body)};
  return {std::move(envelope), entry.number, entry.message.received, {}, std::move(entry.id)};
}

std::string mark_of(const Envelope& envelope) {
  return to_hex(sha256(envelope.channel + "|" + envelope.caller.organisation + "|" + envelope.body));
}

bool draws_up_plan(const care::Notice& notice) {
  return notice.says() == care::Event::PlanAgreed || notice.says() == care::Event::PlanRevised;
}

/// The update of a case with a notice. What it refers to outlives it.
class NoticeStep final : public CaseStep {
 public:
  NoticeStep(const PathParts& parts, const Understood& message, const InFlightMessage& in_flight)
      : parts_(parts), message_(message), in_flight_(in_flight) {}

  Task<Result<std::optional<Begun>>> begin(const store::Case& known) override {
    Result<void> looked = co_await look_for_earlier(known);
    if (!looked) co_return std::move(looked).failure();
    if (earlier_) co_return std::optional<Begun>();
    const std::string plan = message_.plan.empty() ? plan_that_follows(known.key) : message_.plan;
    plan_.reset();
    if (!plan.empty()) {
      plan_ = std::make_unique<PlanRefold>(parts_.cases, plan, !message_.plan.empty());
      Result<void> read = co_await plan_->read(known.key, message_.notice);
      if (!read) co_return std::move(read).failure();
    }
    co_return std::optional<Begun>(Begun{message_.notice, parts_.clock.wall()});
  }

  bool complete(const ProjectedCase& projected, CaseChange& made) override {
    store::Change& change = made.change;
    const care::Notice& notice = message_.notice;
    const bool same_id_other_bytes = identity_ != identity_of(notice);
    const Stored stored{notice,        projected.after,  change.resources.size(), same_id_other_bytes,
                        made.notified, parts_.receivers, message_.is_apart,       message_.warning};
    is_held_ = is_held(stored);
    receipt_ = stored_text(stored);
    change.links.push_back({identity_, std::string(to_string(notice.event)), message_.canonical, notice.happened.at, 0});
    std::string says = same_id_other_bytes ? "same id, other bytes" : is_held_ ? "stored, told to nobody" : "stored";
    if (!message_.maps.empty()) says += ", maps " + message_.maps;
    change.audit.push_back(access::intake(in_flight_.envelope.caller, change.case_key, says));
    change.receipt = receipt_;
    put_in_journal(change, in_flight_, identity_);
    if (plan_) plan_->add_to(made, change.links.back(), projected.after.stay, projected.seen);
    return true;
  }

  Failure overtaken() const override {
    return {Cause::Busy, "Too many notices of this case arrive at once. Send this one again.", ""};
  }

  /// The receipt of the same message when it came before; the case is left as it is then.
  Receipt earlier() const { return *earlier_; }
  /// Of the last attempt.
  Receipt stored(const store::Committed& committed) const {
    return {store::Outcome::Stored, committed.journal_number, committed.journal_id, receipt_, std::nullopt, is_held_};
  }

 private:
  /// The plan of the ärende, of which the notice is no link and which it may concern; "": none.
  std::string plan_that_follows(const std::string& arende) const {
    const bool follows = concerns_plan(message_.notice) && !message_.is_apart && !care::plan::is_chain_key(arende);
    return follows ? care::plan::chain_key({{}, "sip|" + arende}) : std::string();
  }

  // The same identity with the same bytes is the same message; with other bytes it is kept in addition to the first one and
  // flagged.
  Task<Result<void>> look_for_earlier(const store::Case& known) {
    const std::string& body = in_flight_.envelope.body;
    identity_ = identity_of(message_.notice);
    const std::string with_bytes = identity_with_bytes(identity_, body);
    const store::ChainLink* first = find_link(known, identity_);
    if (!first) co_return done();
    if (const store::ChainLink* same = find_link(known, with_bytes)) first = same;
    Result<store::JournalEntry> entry = co_await parts_.cases.store.journal_entry(first->journal_number);
    if (!entry) co_return std::move(entry).failure();
    const bool is_same = entry->message.body == body || is_same_act(message_.notice, entry->message, parts_.cases.rules.names);
    if (is_same) {
      earlier_ = Receipt{store::Outcome::Duplicate, entry->number, entry->id, entry->receipt, std::nullopt};
    } else {
      identity_ = with_bytes;
    }
    co_return done();
  }

  const PathParts& parts_;
  const Understood& message_;
  const InFlightMessage& in_flight_;
  std::string identity_;            // its name in the chain
  std::optional<Receipt> earlier_;  // set if the message was stored before
  std::string receipt_;
  bool is_held_ = false;
  std::unique_ptr<PlanRefold> plan_;  // that changes with the ärende; null: none does
};

// The figure exists from the start, since the first increase of a new series is not seen as one.
constexpr Cause causes_of_quarantine[] = {Cause::Invalid,  Cause::Forbidden,   Cause::NotFound,
                                          Cause::TooLarge, Cause::Unsupported, Cause::Broken};

Counter& quarantine_figure(Metrics& metrics, Cause cause, bool is_again) {
  const std::string_view name = is_again ? "vardbron_quarantined_again_total" : "vardbron_quarantined_total";
  const std::string_view says = is_again ? "Messages that came again while the same bytes are kept in quarantine, by why."
                                         : "Messages that were kept in quarantine and not carried out, by why.";
  return metrics.counter(name, says, {{"cause", std::string(to_string(cause))}});
}

}  // namespace

MessagePath::MessagePath(PathParts parts) : parts_(std::move(parts)), queue_(parts_.queue ? *parts_.queue : own_queue_) {
  if (parts_.metrics == nullptr) return;
  for (const Cause cause : causes_of_quarantine) quarantine_figure(*parts_.metrics, cause, false);
}

Task<Result<Receipt>> MessagePath::accept(Envelope envelope) {
  if (!parts_.channels.find(envelope.channel)) co_return no_such_channel(envelope.channel);
  InFlightMessage in_flight{std::move(envelope), 0, parts_.clock.wall()};
  Result<Understood> message = understand(in_flight);
  Read read{std::move(in_flight), std::move(message)};
  co_return co_await work_off(std::move(read));
}

Task<Result<Receipt>> MessagePath::accept_later(Envelope envelope) {
  if (!parts_.channels.find(envelope.channel)) co_return no_such_channel(envelope.channel);
  store::RawMessage message = raw_message(std::move(envelope), "", parts_.clock.wall());
  Result<store::JournalEntry> entry = co_await parts_.cases.store.journal(std::move(message));
  if (!entry) co_return std::move(entry).failure();
  co_return Receipt{store::Outcome::Pending, entry->number, std::move(entry->id), accepted_text(), std::nullopt};
}

Read MessagePath::read(store::JournalEntry entry) {
  const bool damaged = entry.damaged;
  InFlightMessage in_flight = in_flight_message(std::move(entry));
  if (damaged) return Read{std::move(in_flight), unreadable()};
  Result<Understood> message = understand(in_flight);
  return Read{std::move(in_flight), std::move(message)};
}

Task<Result<Receipt>> MessagePath::give_up(store::JournalEntry entry, Failure failure) {
  InFlightMessage in_flight = in_flight_message(std::move(entry));
  co_return co_await quarantine(std::move(in_flight), std::move(failure));
}

Task<Result<Receipt>> MessagePath::replay(std::int64_t journal_number) {
  Result<store::JournalEntry> entry = co_await parts_.cases.store.journal_entry(journal_number);
  if (!entry) co_return std::move(entry).failure();
  if (entry->outcome != store::Outcome::Quarantined) {
    co_return Failure{Cause::NotFound, "Entry " + std::to_string(journal_number) + " is not in quarantine.", ""};
  }
  if (entry->message.channel == task_channel && !entry->damaged) {
    InFlightMessage in_flight = in_flight_message(std::move(*entry));
    co_return co_await replay_write(std::move(in_flight));
  }
  Read again = read(std::move(*entry));
  co_return co_await work_off(std::move(again));
}

// A message that is refused for a reason of its own is kept with that reason.
Task<Result<Receipt>> MessagePath::work_off(Read read) {
  if (!read.message) co_return co_await quarantine(std::move(read.in_flight), std::move(read.message).failure());
  if (read.message->notice.is_about_person_alone()) co_return co_await work_off_of_person(std::move(read));
  Result<CaseOfNotice> found = co_await case_of(parts_.cases.store, read.message->notice);
  if (!found && may_pass(found.failure().cause)) co_return std::move(found).failure();
  if (!found) co_return co_await quarantine(std::move(read.in_flight), std::move(found).failure());
  const std::string& caller = read.in_flight.envelope.caller.organisation;
  const CaseParts& cases = parts_.cases;
  Result<std::optional<PlanOfNotice>> plan = co_await plan_of(cases.store, cases.rules, read.message->notice, *found, caller);
  if (!plan && may_pass(plan.failure().cause)) co_return std::move(plan).failure();
  if (!plan) co_return co_await quarantine(std::move(read.in_flight), std::move(plan).failure());
  const bool is_of_plan_only = *plan && (*plan)->is_only;
  read.message->notice.case_key = is_of_plan_only ? (*plan)->key : std::move(found->key);
  read.message->is_apart = found->is_apart && !is_of_plan_only;
  if (*plan && !is_of_plan_only && !found->is_apart) read.message->plan = (*plan)->key;
  if (*plan) read.message->warning = std::move((*plan)->warning);
  Result<Receipt> placed = co_await place(*read.message, read.in_flight);
  const bool is_final = !placed && !may_pass(placed.failure().cause);
  if (is_final) co_return co_await quarantine(std::move(read.in_flight), std::move(placed).failure());
  co_return placed;
}

Task<Result<Receipt>> MessagePath::place(const Understood& message, const InFlightMessage& in_flight) {
  const std::string key = message.notice.case_key;
  Result<CaseQueue::Turn> turn = co_await queue_.take(key);
  if (!turn) co_return std::move(turn).failure();
  NoticeStep step(parts_, message, in_flight);
  Result<std::optional<store::Committed>> updated = co_await update_case(parts_.cases, key, step);
  if (!updated) co_return std::move(updated).failure();
  if (!*updated) co_return co_await repeat_receipt(in_flight, step.earlier());
  report_unknown_receivers(message.notice, (*updated)->journal_number, in_flight.envelope.channel);
  co_return step.stored(**updated);
}

Result<Understood> MessagePath::understand(InFlightMessage& in_flight) {
  const Envelope& envelope = in_flight.envelope;
  Channel* channel = parts_.channels.find(envelope.channel);
  if (!channel) return no_such_channel(envelope.channel);
  std::optional<care::Notice> notice;
  const auto read = [&notice](const tree::Document& bundle) {
    std::vector<Failure> faults;
    Result<care::Notice> read = care::read_notice(bundle, &faults);
    std::ranges::move(care::long_texts(bundle), std::back_inserter(faults));
    if (read && draws_up_plan(*read))
      if (Result<void> complete =
              care::plan::check_points(read->plan.value_or(care::PlanContent{}), care::plan::parties_of(*read));
          !complete)
        faults.push_back(std::move(complete).failure());
    if (read) notice = std::move(*read);
    return faults;
  };
  Result<tree::Document> bundle = map_message(*channel, envelope, in_flight.now, {read, &in_flight.faults});
  if (!bundle) return std::move(bundle).failure();
  if (!parts_.units.may_speak(envelope.caller.organisation, notice->sender.id))
    return access::SenderPermissions::refusal(notice->sender.id);
  doubt_receivers(*notice, *bundle);
  notice->received = care::mark_received(*bundle, in_flight.now);
  // A case belongs to the organisation that opens it. A notice of another organisation reaches it only when its sender is party
  // to it (case_of_notice.h).
  if (!notice->is_about_person_alone()) notice->case_key = envelope.caller.organisation + "|" + notice->case_key;
  return Understood{std::move(*notice), json::write(*bundle), std::string(parts_.channels.digest())};
}

// Kept in the notice itself, so that the case knows later who was not notified.
void MessagePath::doubt_receivers(care::Notice& notice, tree::Document& bundle) const {
  std::vector<std::string> named;
  for (const care::Party& receiver : notice.receivers) named.push_back(receiver.id);
  for (const care::Party& receiver : notice.receivers) {
    std::string why = parts_.receivers.why_not(receiver.id, named);
    if (!why.empty()) notice.doubts.push_back(care::mark_unknown_receiver(bundle, std::move(why)));
  }
}

void MessagePath::report_unknown_receivers(const care::Notice& notice, std::int64_t number, std::string_view channel) {
  const auto is_unknown = [this](const care::Party& receiver) {
    return parts_.receivers.standing(receiver.id) != access::Receivers::Standing::Reached;
  };
  const std::int64_t count = std::count_if(notice.receivers.begin(), notice.receivers.end(), is_unknown);
  if (count == 0) return;
  log::warning("receivers are not told, the gateway does not know them",
               {{"journal", number}, {"channel", channel}, {"receivers", count}});
  if (parts_.metrics == nullptr) return;
  parts_.metrics
      ->counter("vardbron_unknown_receivers_total", "Receivers of stored notices that are not told, since nobody here is they.",
                {{"channel", std::string(channel)}})
      .add(static_cast<double>(count));
}

// The bytes are durable before the sender gets the refusal. A sender that repeats such a message gets the same answer, and does
// not fill the journal with it.
Task<Result<Receipt>> MessagePath::quarantine(InFlightMessage in_flight, Failure failure) {
  const std::string mark = in_flight.journal_number == 0 ? mark_of(in_flight.envelope) : std::string();
  Result<KeptMessage> earlier = co_await find_in_quarantine(in_flight, mark);
  if (!earlier) co_return std::move(earlier).failure();
  store::Change change;
  const bool is_again = earlier->number != 0;
  if (is_again) {
    change.audit.push_back(access::intake(in_flight.envelope.caller, "", "the same message again, kept in quarantine"));
  } else {
    change.outcome = store::Outcome::Quarantined;
    change.audit.push_back(access::intake(in_flight.envelope.caller, "", quarantine_note(failure)));
    change.receipt = quarantined_text(failure, in_flight.faults, in_flight.journal_id);
    put_in_journal(change, in_flight, "");
  }
  Result<store::Committed> committed = co_await parts_.cases.store.commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  KeptMessage kept = is_again ? *std::move(earlier) : KeptMessage{committed->journal_number, std::move(committed->journal_id)};
  report_quarantined(kept.number, in_flight.envelope.channel, failure.cause, is_again);
  if (in_quarantine_.size() >= limits::quarantined_remembered_max) in_quarantine_.clear();
  if (!mark.empty()) in_quarantine_[mark] = kept.number;
  std::string text = quarantined_text(failure, in_flight.faults, kept.id);
  co_return Receipt{store::Outcome::Quarantined, kept.number, std::move(kept.id), std::move(text), std::move(failure)};
}

// The entry that keeps exactly this message; number 0 when none is known.
Task<Result<MessagePath::KeptMessage>> MessagePath::find_in_quarantine(const InFlightMessage& in_flight,
                                                                       const std::string& mark) {
  const auto known = in_quarantine_.find(mark);
  if (mark.empty() || known == in_quarantine_.end()) co_return KeptMessage{};
  Result<store::JournalEntry> entry = co_await parts_.cases.store.journal_entry(known->second);
  if (!entry) co_return std::move(entry).failure();
  const bool is_kept = entry->outcome == store::Outcome::Quarantined && entry->message.body == in_flight.envelope.body;
  co_return is_kept ? KeptMessage{entry->number, std::move(entry->id)} : KeptMessage{};
}

void MessagePath::report_quarantined(std::int64_t number, std::string_view channel, Cause cause, bool is_again) {
  log::warning(is_again ? "a message that is kept in quarantine came again" : "a message is kept in quarantine",
               {{"journal", number}, {"channel", channel}, {"cause", to_string(cause)}});
  if (parts_.metrics != nullptr) quarantine_figure(*parts_.metrics, cause, is_again).add();
}

// One change, two equal receipts. A copy that was journalled before it was read is marked as a copy.
Task<Result<Receipt>> MessagePath::repeat_receipt(const InFlightMessage& in_flight, Receipt earlier) {
  store::Change change;
  change.audit.push_back(access::intake(in_flight.envelope.caller, "", "the same message again"));
  if (in_flight.journal_number != 0 && in_flight.journal_number != earlier.journal_number) {
    change.journal_number = in_flight.journal_number;
    change.outcome = store::Outcome::Duplicate;
    change.receipt = earlier.text;
  }
  Result<store::Committed> committed = co_await parts_.cases.store.commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  co_return earlier;
}

}  // namespace vardbron::exchange
