#include "gateway/subscription/delivery_loop.h"

#include "gateway/base/check.h"
#include "gateway/base/log.h"
#include "gateway/base/reached.h"
#include "gateway/base/run_on.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"
#include "gateway/subscription/visibility.h"

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace vardbron::subscription {

namespace {

constexpr Deadline never{Instant::max()};
constexpr unsigned no_answer = 0;
constexpr unsigned cannot_be_written = 422;  // our own refusal is treated like the receiver's

DeliveryMachine::Settings settings_of(const Subscription& subscription) {
  DeliveryMachine::Settings settings;
  settings.batch_max = static_cast<std::int64_t>(subscription.events_per_notification_max);
  return settings;
}

DeliveryMachine::Standing standing_of(const store::SubscriptionState& state) {
  bool in_error = state.status == to_string(Status::Error);
  bool halted = !in_error ? state.status != to_string(Status::Active) : state.hold != store::DeliveryHold::None;
  return {state.delivered, state.events, in_error, halted, state.under_way};
}

// Retry-After in seconds; a date is not read (RFC 9110 10.2.3 allows both, and a clock we do not know stands behind it).
std::chrono::nanoseconds retry_after(const http::Response& response) {
  std::optional<std::int64_t> seconds = parse_int(trim(http::find(response.fields, "Retry-After")));
  if (!seconds || *seconds < 0) return std::chrono::nanoseconds{0};
  auto longest = std::chrono::duration_cast<std::chrono::seconds>(limits::retry_pause_max);
  return std::chrono::seconds(std::min<std::int64_t>(*seconds, longest.count()));
}

unsigned status_of(const Result<http::Response>& answer) {
  if (answer) return answer->status;
  return answer.failure().cause == Cause::Invalid ? cannot_be_written : no_answer;
}

// No descriptor, no memory: no receiver is to blame.
bool is_our_trouble(const Result<http::Response>& answer) { return !answer && answer.failure().cause == Cause::Busy; }

Task<Result<std::string>> as_xml(std::string bundle, const fhir::Definitions& definitions) {
  co_return to_xml(bundle, definitions);
}

bool is_quiet(DeliveryMachine::Action action) {
  using enum DeliveryMachine::Action;
  return action == Wait || action == Send || action == Pause || action == Halt;
}

}  // namespace

DeliveryLoop::DeliveryLoop(DeliveryLoopParts parts, std::shared_ptr<const Subscription> subscription,
                           const store::SubscriptionState& state, const asio::any_io_executor& executor)
    : parts_(std::move(parts)),
      subscription_(std::move(subscription)),
      status_(parse_status(state.status).value_or(Status::Off)),
      error_(state.error),
      machine_(settings_of(*subscription_), standing_of(state)),
      share_(parts_.figures),
      wakeup_(executor),
      last_contact_(parts_.clock.now()),
      handshake_due_(status_ == Status::Requested || state.hold == store::DeliveryHold::HandshakeDue) {
  share_queue();
}

void DeliveryLoop::committed(std::int64_t number) {
  machine_.committed(number);
  share_queue();
  wakeup_.ring();
}

void DeliveryLoop::changed(std::shared_ptr<const Subscription> subscription, bool handshake) {
  subscription_ = std::move(subscription);
  machine_.use(settings_of(*subscription_));
  if (status_ == Status::Off) status_ = Status::Requested;
  handshake_due_ = handshake_due_ || handshake;
  wakeup_.ring();
}

void DeliveryLoop::switch_off() {
  status_ = Status::Off;
  wakeup_.ring();
}

void DeliveryLoop::stop() {
  stopping_ = true;
  wakeup_.ring();
}

// It cannot be taken back, so it waits until the end has come for certain.
bool DeliveryLoop::is_over() const { return subscription_->end && parts_.clock.certain_wall() >= *subscription_->end; }

// When to look again although nobody rings: the next heartbeat, or the subscription's end. The time of day may be set while we
// sleep, so a near end is looked for in steps.
Deadline DeliveryLoop::next_moment(bool with_heartbeat) const {
  Deadline moment = never;
  if (with_heartbeat && subscription_->heartbeat.count() > 0) moment.at = last_contact_ + subscription_->heartbeat;
  if (subscription_->end) {
    const std::chrono::nanoseconds left = *subscription_->end - parts_.clock.certain_wall();
    moment.at =
        std::min(moment.at, parts_.clock.now() + std::min<std::chrono::nanoseconds>(left, limits::due_cases_look_pause_max));
  }
  return moment;
}

StatusFacts DeliveryLoop::facts(NotificationType type, std::int64_t events) const {
  Status shown = type == NotificationType::Handshake ? Status::Requested : status_;
  return {subscription_.get(), shown, type, events, shown == Status::Error ? error_ : std::string()};
}

Task<> DeliveryLoop::run() {
  // Everything that waits here answers a cancellation by itself; an exception would only hide what was under way.
  co_await asio::this_coro::throw_if_cancelled(false);
  while (goes_on()) {
    auto asked = co_await asio::this_coro::cancellation_state;
    if (asked.cancelled() != asio::cancellation_type::none) break;
    if (is_over()) {
      co_await set_status(Status::Off, "");
      continue;
    }
    share_queue();
    DeliveryMachine::Step step = machine_.next();
    if (handshake_due_ && is_quiet(step.action)) {
      co_await shake_hands();
    } else {
      co_await perform(step);
    }
  }
  // What was answered while we were asked to stop is written down, or it would be sent again after the next start.
  DeliveryMachine::Step last = machine_.next();
  if (last.action == DeliveryMachine::Action::Advance) co_await perform(last);
  ended_ = true;
  share_queue();
  if (!stopping_) parts_.status_changed();
}

Task<> DeliveryLoop::perform(DeliveryMachine::Step step) {
  switch (step.action) {
    case DeliveryMachine::Action::Wait: co_await wait_for_news(true); break;
    case DeliveryMachine::Action::Halt: co_await wait_for_news(false); break;
    case DeliveryMachine::Action::Send: co_await send_events(step); break;
    case DeliveryMachine::Action::Pause: co_await pause(step.pause); break;
    case DeliveryMachine::Action::Advance: {
      std::vector<store::AuditRow> rows = shown_;
      Result<void> written = co_await parts_.store.advance(subscription_->id, step.to, std::move(rows));
      if (!written) {
        co_await rest_after_trouble();
        break;
      }
      shown_.clear();
      machine_.advanced();
      break;
    }
    case DeliveryMachine::Action::DeadLetter: {
      std::string why(step.why);
      Result<void> written = co_await parts_.store.dead_letter(subscription_->id, step.from, std::move(why));
      if (!written) {
        co_await rest_after_trouble();
        break;
      }
      parts_.figures.given_up();
      log::error("event given up", {{"subscription", std::string_view(subscription_->id)}, {"number", step.from}});
      machine_.dead_lettered();
      break;
    }
    case DeliveryMachine::Action::MarkError: {
      bool marked = co_await set_status(Status::Error, std::string(step.why), step.hold);
      if (!marked) break;
      machine_.marked();
      log::warning("a subscription is in error", {{"subscription", std::string_view(subscription_->id)}, {"because", step.why}});
      break;
    }
  }
}

Task<> DeliveryLoop::send_events(DeliveryMachine::Step step) {
  std::shared_ptr<const Subscription> subscription = subscription_;  // it may be exchanged while we wait
  auto count = static_cast<std::size_t>(step.to - step.from + 1);
  Result<std::vector<store::Event>> events = co_await parts_.store.events(subscription->id, step.from, step.to, count);
  const bool some_are_lost = events && events->size() != count;
  if (some_are_lost) co_return cannot_be_made("An event is not in the store.");
  if (!events) {
    if (reading_.met(parts_.clock.now())) {
      log::warning("events cannot be read", {{"subscription", std::string_view(subscription->id)},
                                             {"from", step.from},
                                             {"because", std::string_view(events.failure().says)},
                                             {"times", reading_.times()}});
    }
    co_await rest_after_trouble();
    co_return;
  }
  if (reading_.over()) log::info("events can be read again", {{"subscription", std::string_view(subscription->id)}});
  Result<std::vector<ShownEvent>> shown = co_await look(*subscription, *events);
  if (!shown) co_return co_await rest_after_trouble();
  // That is no trouble of the store but of the event that names it: those behind it must go on.
  if (first_unreadable(*shown) != nullptr) co_return cannot_be_made("A resource that an event names cannot be read back.");
  StatusFacts told = facts(NotificationType::EventNotification, step.to);
  if (!machine_.is_fixed()) {
    shown->resize(parts_.writer.events_that_fit(told, *shown));
    events->resize(shown->size());
    step.to = step.from + static_cast<std::int64_t>(shown->size()) - 1;
    machine_.shorten(step.to);
    told.events = step.to;
  }
  if (machine_.must_be_written()) {
    Result<void> begun = co_await parts_.store.begin_notification(subscription->id, step.to);
    if (!begun) {
      co_await rest_after_trouble();
      co_return;
    }
    machine_.written();
  }
  std::string id = notification_id(subscription->id, step.from, step.to);
  Notification bundle = parts_.writer.notification(told, *shown, id, parts_.clock.wall());
  Result<std::string> body = co_await in_syntax(subscription->syntax, std::move(bundle.json));
  if (handshake_due_ || !goes_on()) co_return;  // the endpoint may be another one by now
  machine_.fix();
  if (bundle.left_out > 0) {
    log::warning("resources do not fit into a notification, they are named in it",
                 {{"subscription", std::string_view(subscription->id)},
                  {"from", step.from},
                  {"resources", static_cast<std::int64_t>(bundle.left_out)}});
  }
  Result<http::Response> answer =
      co_await post(NotificationType::EventNotification, subscription, std::move(body), std::move(id));
  if (is_our_trouble(answer)) {
    co_await rest_after_trouble();
    co_return;
  }
  // What was shown is written down with the number that makes it delivered: after a crash in between it is shown and written
  // again.
  if (take_answer(step, answer)) shown_ = audit_of(subscription->organisation, *events, *shown);
}

// True when the notification is delivered.
bool DeliveryLoop::take_answer(const DeliveryMachine::Step& step, const Result<http::Response>& answer) {
  const unsigned status = status_of(answer);
  const bool is_delivered = judge(status) == Verdict::Delivered;
  if (!is_delivered) {
    log::warning("notification not delivered", {{"subscription", std::string_view(subscription_->id)},
                                                {"from", step.from},
                                                {"status", static_cast<std::int64_t>(status)},
                                                {"attempt", static_cast<std::int64_t>(machine_.attempts() + 1)}});
  }
  std::chrono::nanoseconds at_least{0};
  if (answer) at_least = retry_after(*answer);
  machine_.answered(status, at_least, parts_.random);
  return is_delivered;
}

// What fits, while the notification may still end earlier; all of it afterwards, the rest by name only.
Task<Result<std::vector<ShownEvent>>> DeliveryLoop::look(const Subscription& subscription,
                                                         const std::vector<store::Event>& events) {
  store::Reader reader{subscription.organisation, false};
  Result<std::vector<ShownEvent>> shown = co_await redact_first(parts_.store, reader, events, subscription.content);
  if (!shown || shown->size() == events.size() || !machine_.is_fixed()) co_return shown;
  REACHED("subscription: a notification grew while it was repeated");
  std::vector<store::Event> rest(events.begin() + static_cast<std::ptrdiff_t>(shown->size()), events.end());
  Result<std::vector<ShownEvent>> named = co_await redact(parts_.store, std::move(reader), std::move(rest), Content::IdOnly);
  if (!named) co_return named;
  for (ShownEvent& each : *named) shown->push_back(std::move(each));
  co_return shown;
}

Task<> DeliveryLoop::pause(std::chrono::nanoseconds length) {
  Deadline until = parts_.clock.in(length);
  while (goes_on() && !handshake_due_ && !parts_.clock.passed(until)) {
    if (is_over()) co_return;
    auto asked = co_await asio::this_coro::cancellation_state;
    if (asked.cancelled() != asio::cancellation_type::none) co_return;
    Deadline moment = std::min(until, next_moment(false));
    co_await wakeup_.wait(parts_.clock, moment);
  }
  if (parts_.clock.passed(until)) machine_.rested();
}

Task<> DeliveryLoop::wait_for_news(bool with_heartbeat) {
  Deadline moment = next_moment(with_heartbeat);
  if (moment == never) {
    co_await wakeup_.wait();
    co_return;
  }
  co_await wakeup_.wait(parts_.clock, moment);
  bool silent = with_heartbeat && subscription_->heartbeat.count() > 0 &&
                parts_.clock.now() >= last_contact_ + subscription_->heartbeat &&
                machine_.next().action == DeliveryMachine::Action::Wait;
  if (silent && goes_on() && !is_over() && !handshake_due_) co_await beat();
}

// One attempt, as the guide has it: 2xx makes it active, everything else puts it in error. Why is not told to whoever asked:
// it would let a subscriber look around in our network.
Task<> DeliveryLoop::shake_hands() {
  handshake_due_ = false;
  std::shared_ptr<const Subscription> subscription = subscription_;
  std::string id = to_string(uuid_v7(parts_.clock.wall(), parts_.random));
  StatusFacts told = facts(NotificationType::Handshake, machine_.committed());
  std::string bundle = parts_.writer.notification(told, {}, id, parts_.clock.wall()).json;
  Result<std::string> body = co_await in_syntax(subscription->syntax, std::move(bundle));
  if (handshake_due_ || !goes_on()) co_return;
  Result<http::Response> answer = co_await post(NotificationType::Handshake, subscription, std::move(body), std::move(id));
  if (handshake_due_ || !goes_on()) co_return;  // it was changed again meanwhile
  if (is_our_trouble(answer)) {
    handshake_due_ = true;
    co_await rest_after_trouble();
    co_return;
  }
  bool well = answer && judge(answer->status) == Verdict::Delivered;
  if (!well) REACHED("subscription: a handshake fails");
  Status status = well ? Status::Active : Status::Error;
  std::string error = well ? "" : "Stopped: the handshake failed.";
  const store::DeliveryHold hold = well ? store::DeliveryHold::None : store::DeliveryHold::Stopped;
  bool written = co_await set_status(status, std::move(error), hold);
  if (!written) {
    handshake_due_ = true;
    co_return;
  }
  if (well) {
    machine_.resume();
  } else {
    machine_.halt();
  }
  const std::string because = answer ? "status " + std::to_string(answer->status) : answer.failure().says;
  log::line(well ? log::Level::Info : log::Level::Warning, well ? "a handshake went well" : "a handshake failed",
            {{"subscription", std::string_view(subscription->id)},
             {"host", std::string_view(subscription->to.address.host)},
             {"port", std::int64_t{subscription->to.address.port}},
             {"because", because}});
  parts_.status_changed();
}

Task<> DeliveryLoop::beat() {
  std::shared_ptr<const Subscription> subscription = subscription_;
  std::string id = to_string(uuid_v7(parts_.clock.wall(), parts_.random));
  StatusFacts told = facts(NotificationType::Heartbeat, machine_.committed());
  std::string bundle = parts_.writer.notification(told, {}, id, parts_.clock.wall()).json;
  last_contact_ = parts_.clock.now();  // also when it fails: the next one comes a period later
  Result<std::string> body = co_await in_syntax(subscription->syntax, std::move(bundle));
  if (handshake_due_ || !goes_on()) co_return;
  Result<http::Response> answer = co_await post(NotificationType::Heartbeat, subscription, std::move(body), std::move(id));
  if (is_our_trouble(answer) || judge(status_of(answer)) == Verdict::Delivered) co_return;
  log::warning("heartbeat not delivered",
               {{"subscription", std::string_view(subscription_->id)}, {"status", std::int64_t{status_of(answer)}}});
}

// Our own trouble, not the receiver's: no attempt is counted.
Task<> DeliveryLoop::rest_after_trouble() {
  REACHED("subscription: our own trouble counts no attempt");
  Deadline until = parts_.clock.in(limits::retry_pause_first);
  while (goes_on() && !parts_.clock.passed(until)) {
    auto asked = co_await asio::this_coro::cancellation_state;
    if (asked.cancelled() != asio::cancellation_type::none) co_return;
    co_await wakeup_.wait(parts_.clock, until);
  }
}

void DeliveryLoop::cannot_be_made(std::string_view because) {
  log::error("a notification cannot be made", {{"subscription", std::string_view(subscription_->id)}, {"because", because}});
  machine_.cannot_be_made(parts_.random);
}

// Whatever was thrown at a notification is its own; elsewhere it is tried again like trouble of the store.
Task<> DeliveryLoop::recover() {
  REACHED("subscription: a lane throws");
  if (machine_.next().action == DeliveryMachine::Action::Send) co_return cannot_be_made("The gateway failed at it.");
  co_await rest_after_trouble();
}

Task<bool> DeliveryLoop::set_status(Status status, std::string error, store::DeliveryHold hold) {
  std::string code(to_string(status));
  Result<void> written = co_await parts_.store.set_subscription_status(subscription_->id, std::move(code), error, hold);
  if (!written) {
    co_await rest_after_trouble();
    co_return false;
  }
  status_ = status;
  error_ = std::move(error);
  co_return true;
}

// Turning a large notification into XML takes longer than many others need to be sent, so it is done elsewhere.
Task<Result<std::string>> DeliveryLoop::in_syntax(Syntax syntax, std::string bundle) {
  if (syntax != Syntax::Xml) co_return bundle;
  Task<Result<std::string>> work = as_xml(std::move(bundle), parts_.definitions);
  if (!parts_.conversions) co_return co_await std::move(work);
  try {
    co_return co_await run_on(parts_.conversions, std::move(work));
  } catch (const boost::system::system_error&) {}
  co_return Failure{Cause::Cancelled, "The gateway stops.", ""};
}

// Each call is one figure, and one that the gateway could not make is a line of the log from here.
Task<Result<http::Response>> DeliveryLoop::post(NotificationType type, std::shared_ptr<const Subscription> subscription,
                                                Result<std::string> body, std::string id) {
  Result<http::Response> answer = co_await send(std::move(subscription), std::move(body), std::move(id));
  const bool is_ours = is_our_trouble(answer);
  parts_.figures.attempted(type, is_ours ? Attempted::NotCalled : attempted_with(status_of(answer)));
  if (is_ours && calling_.met(parts_.clock.now()))
    log::error("nobody can be called", {{"because", std::string_view(answer.failure().says)}, {"times", calling_.times()}});
  if (!is_ours && calling_.over())
    log::info("receivers can be called again", {{"subscription", std::string_view(subscription_->id)}});
  co_return answer;
}

Task<Result<http::Response>> DeliveryLoop::send(std::shared_ptr<const Subscription> subscription, Result<std::string> body,
                                                std::string id) {
  if (!body) co_return Failure{Cause::Invalid, body.failure().says, ""};
  http::Call call;
  call.to = subscription->to.address;
  call.host_field = subscription->to.host_field();
  call.request.method = "POST";
  call.request.target = subscription->to.target;
  call.request.fields.push_back({"Content-Type", subscription->content_type});
  call.request.fields.push_back({"Idempotency-Key", std::move(id)});
  call.request.fields.push_back({"X-Request-Id", to_string(uuid_v7(parts_.clock.wall(), parts_.random))});
  for (const http::Field& field : subscription->headers) call.request.fields.push_back(field);
  call.request.body = std::move(*body);
  Deadline until = parts_.clock.in(subscription->attempt_time_max);
  last_contact_ = parts_.clock.now();
  Result<http::Answer> answer = co_await parts_.client.send(std::move(call), until);
  if (!answer) co_return std::move(answer).failure();
  co_return http::Response(*std::move(answer));  // the status counts, whatever became of the rest
}

}  // namespace vardbron::subscription
