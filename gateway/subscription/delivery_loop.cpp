#include "gateway/subscription/delivery_loop.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/run_on.h"
#include "gateway/subscription/matcher.h"

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace vardbron::subscription {

namespace {

DeliveryMachine::Settings settings_of(const Subscription& subscription) {
  DeliveryMachine::Settings settings;
  settings.batch_max = static_cast<std::int64_t>(subscription.events_per_notification_max);
  settings.heartbeat = subscription.heartbeat;
  settings.end = subscription.end;
  return settings;
}

DeliveryMachine::State state_of(const store::SubscriptionState& stored) {
  DeliveryMachine::State state;
  state.delivered = stored.delivered;
  state.committed = stored.events;
  state.under_way = stored.under_way;
  state.status = parse_status(stored.status).value_or(Status::Off);
  state.hold = stored.hold;
  state.error = stored.error;
  return state;
}

std::size_t bytes_of(const PreparedNotification& prepared) {
  std::size_t bytes = prepared.body ? prepared.body->size() : 0;
  for (const store::AuditRow& row : prepared.rows)
    bytes += sizeof row + row.caller.size() + row.subject.size() + row.case_key.size() + row.says.size();
  return bytes;
}

}  // namespace

DeliveryLoop::DeliveryLoop(Parts parts, std::shared_ptr<const Subscription> subscription, const store::SubscriptionState& state,
                           const asio::any_io_executor& executor)
    : parts_(std::move(parts)),
      subscription_(std::move(subscription)),
      machine_(settings_of(*subscription_), state_of(state), now()),
      sender_(parts_.sending),
      share_(parts_.sending.figures),
      reach_(parts_.reaches),
      wakeup_(executor) {
  reach_.belong_to(audience_name(*subscription_));
  share_queue();
}

void DeliveryLoop::committed(std::int64_t number) {
  const bool waits = machine_.committed(number);
  share_queue();
  if (waits) wakeup_.ring();
}

void DeliveryLoop::changed(std::shared_ptr<const Subscription> subscription, DeliveryMachine::Asks asks) {
  subscription_ = std::move(subscription);
  reach_.belong_to(audience_name(*subscription_));
  machine_.changed(settings_of(*subscription_), asks);
  share_queue();
  wake();
}

void DeliveryLoop::switch_off() {
  machine_.switched_off();
  share_queue();
  wake();
}

void DeliveryLoop::stop() {
  machine_.stop_asked();
  wake();
}

void DeliveryLoop::wake() {
  wakeup_.ring();
  parts_.turns.leave(this);
  parts_.repeats.leave(this);
  parts_.calls.leave(this);
}

void DeliveryLoop::share_queue() {
  share_.set(machine_.status(), machine_.committed() - machine_.delivered());
  reach_.set(is_counted(machine_.status()) ? std::optional(machine_.reach()) : std::nullopt);
  const bool is_off = machine_.status() == Status::Off;
  if (is_off) {
    place_.reset();
  } else if (!place_) {
    place_ = parts_.places->take(subscription_->organisation);
  }
}

Task<> DeliveryLoop::run() {
  // All waits here handle a cancellation themselves; an exception would only lose the state of the running step.
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!machine_.has_ended()) {
    const Step step = machine_.next(now(), parts_.sending.clock.certain_wall());
    share_queue();
    co_await carry_out_safely(step);
    auto asked = co_await asio::this_coro::cancellation_state;
    if (asked.cancelled() != asio::cancellation_type::none) machine_.stop_asked();
  }
  if (!machine_.is_stopping()) parts_.counted_changed();
}

Task<> DeliveryLoop::carry_out_safely(Step step) {
  try {
    co_await carry_out(step);
    co_return;
  } catch (const std::exception&) {}
  turn_.reset();
  call_.reset();
  log::error("a step of a delivery failed", {{"subscription", std::string_view(subscription_->id)}});
  machine_.threw(now(), parts_.sending.random);
}

Task<> DeliveryLoop::carry_out(Step step) {
  store::Store& store = parts_.sending.store;
  switch (step.action) {
    case DeliveryMachine::Action::Wait:
      call_.reset();
      co_await wait(step.until);
      break;
    case DeliveryMachine::Action::Prepare: co_await prepare(step); break;
    case DeliveryMachine::Action::Begin: {
      Result<void> written = co_await store.begin_notification(subscription_->id, step.to);
      take(written);
      break;
    }
    case DeliveryMachine::Action::Post: co_await post(step); break;
    case DeliveryMachine::Action::Advance: {
      // Audit rows are stored together with the number up to which events are delivered: after a crash in between these are sent
      // and audited again.
      std::vector<store::AuditRow> rows = prepared_.rows;
      Result<void> written = co_await store.advance(subscription_->id, step.to, std::move(rows));
      take(written);
      break;
    }
    case DeliveryMachine::Action::DeadLetter: co_await dead_letter(step); break;
    case DeliveryMachine::Action::SetStatus: co_await set_status(step); break;
    case DeliveryMachine::Action::End: break;
  }
}

// True if the store accepted it.
bool DeliveryLoop::take(const Result<void>& written) {
  if (written) {
    machine_.written();
  } else {
    machine_.trouble(now());
  }
  return written.ok();
}

Task<> DeliveryLoop::wait(Deadline until) {
  if (until.at == Instant::max()) co_return co_await wakeup_.wait();
  co_await wakeup_.wait(parts_.sending.clock, until);
}

// A handshake is sent once, so its own call counts.
Task<bool> DeliveryLoop::take_call(Step step) {
  call_.reset();
  ReceiverCalls::Wanted wanted{subscription_->to, machine_.is_repeating(), step.type == NotificationType::Handshake};
  ReceiverCalls::Taken taken = co_await parts_.calls.take(std::move(wanted), this);
  call_ = std::move(taken.call);
  if (taken.is_unanswered) {
    machine_.not_answered_to_others(now(), parts_.sending.random);
  } else if (!call_) {
    machine_.put_off();
  }
  co_return call_ != nullptr;
}

// A few events are prepared at once: those of a subscription that is up to date wait for no backlog of others, and one that takes
// them one by one does not wait for a hundred of each other.
Task<bool> DeliveryLoop::take_turn(Step step) {
  const bool is_small = step.to - step.from < static_cast<std::int64_t>(limits::prompt_events_max);
  if (is_small && !machine_.is_repeating()) co_return true;
  Turns& turns = machine_.is_repeating() ? parts_.repeats : parts_.turns;
  turn_ = co_await turns.take(this);
  co_return turn_ != nullptr;
}

Task<NotificationSender::Made> DeliveryLoop::make(StatusFacts facts, Step step) {
  const NotificationSender::Events events{step.from, step.to, step.may_end_earlier};
  Task<NotificationSender::Made> making = sender_.make(subscription_, std::move(facts), events);
  if (!turn_ || !turn_->place()) co_return co_await std::move(making);
  try {
    co_return co_await run_on(turn_->place(), std::move(making));
  } catch (const boost::system::system_error&) {}
  co_return NotificationSender::Made{};  // the gateway stops
}

Task<> DeliveryLoop::prepare(Step step) {
  prepared_ = {};
  turn_.reset();
  const bool may_call = co_await take_call(step);
  if (!may_call) co_return;
  if (step.type == NotificationType::EventNotification) {
    const bool may_go_on = co_await take_turn(step);
    if (!may_go_on) co_return machine_.put_off();
  }
  const bool is_first = step.type == NotificationType::Handshake;
  const Status status = is_first ? Status::Requested : machine_.status();
  const std::string error = status == Status::Error ? machine_.error() : std::string();
  StatusFacts facts{subscription_.get(), status, step.type, step.to, error};
  if (step.type != NotificationType::EventNotification) {
    prepared_ = co_await sender_.make_empty(subscription_, std::move(facts));
    co_return machine_.prepared();
  }
  NotificationSender::Made made = co_await make(std::move(facts), step);
  if (made.outcome != NotificationSender::Outcome::Ready) turn_.reset();
  switch (made.outcome) {
    case NotificationSender::Outcome::Ready:
      prepared_ = std::move(made.notification);
      if (turn_) turn_->prepared(bytes_of(prepared_));
      machine_.prepared(prepared_.to);
      break;
    case NotificationSender::Outcome::CannotBeMade: machine_.cannot_be_made(now(), parts_.sending.random); break;
    case NotificationSender::Outcome::StoreTrouble: machine_.trouble(now()); break;
  }
}

Task<> DeliveryLoop::post(Step step) {
  const NotificationSender::Posted posted = co_await sender_.post(prepared_);
  turn_.reset();
  if (call_ && !posted.is_our_trouble) call_->ended(posted.answer.status != no_answer);
  call_.reset();
  if (posted.is_our_trouble) {
    prepared_ = {};
    co_return machine_.trouble(now());
  }
  const bool counts = machine_.answered(posted.answer, now(), parts_.sending.random);
  if (counts && step.type == NotificationType::Handshake) log_handshake(posted);
  if (step.type != NotificationType::Handshake) log_not_delivered(step, posted.answer.status);
  // It is prepared again before the next attempt; until then a receiver that is down costs no memory.
  if (judge(posted.answer.status) != Verdict::Delivered) prepared_ = {};
}

void DeliveryLoop::log_handshake(const NotificationSender::Posted& posted) const {
  const bool is_well = judge(posted.answer.status) == Verdict::Delivered;
  const net::Address& address = prepared_.subscription->to.address;
  log::line(is_well ? log::Level::Info : log::Level::Warning, is_well ? "a handshake went well" : "a handshake failed",
            {{"subscription", std::string_view(subscription_->id)},
             {"host", std::string_view(address.host)},
             {"port", std::int64_t{address.port}},
             {"because", std::string_view(posted.because)}});
}

void DeliveryLoop::log_not_delivered(const Step& step, unsigned status) const {
  if (judge(status) == Verdict::Delivered) return;
  const std::string_view id = subscription_->id;
  if (step.type == NotificationType::Heartbeat)
    return log::warning("heartbeat not delivered", {{"subscription", id}, {"status", std::int64_t{status}}});
  log::warning(
      "notification not delivered",
      {{"subscription", id}, {"from", step.from}, {"status", std::int64_t{status}}, {"attempt", std::int64_t{step.attempt}}});
}

Task<> DeliveryLoop::dead_letter(Step step) {
  std::string why(step.why);
  Result<void> written = co_await parts_.sending.store.dead_letter(subscription_->id, step.from, std::move(why));
  if (!take(written)) co_return;
  parts_.sending.figures.given_up();
  log::error("event given up", {{"subscription", std::string_view(subscription_->id)}, {"number", step.from}});
}

Task<> DeliveryLoop::set_status(Step step) {
  const bool was_counted = is_counted(machine_.status());
  std::string code(to_string(step.status)), error(step.why);
  Result<void> written =
      co_await parts_.sending.store.set_subscription_status(subscription_->id, std::move(code), std::move(error), step.hold);
  if (!take(written)) co_return;
  if (step.status == Status::Error && step.type == NotificationType::EventNotification)
    log::warning("a subscription is in error", {{"subscription", std::string_view(subscription_->id)}, {"because", step.why}});
  if (is_counted(machine_.status()) != was_counted) parts_.counted_changed();
}

}  // namespace vardbron::subscription
