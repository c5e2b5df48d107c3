#include "gateway/subscription/notification_sender.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/reached.h"
#include "gateway/base/run_on.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"
#include "gateway/subscription/visibility.h"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace vardbron::subscription {

namespace {

constexpr unsigned cannot_be_written = 422;  // our own refusal is treated like the receiver's

// Retry-After in seconds; a date is not read (RFC 9110 10.2.3 allows both, and a date is by a clock that we do not know).
std::chrono::nanoseconds retry_after(const http::Response& response) {
  std::optional<std::int64_t> seconds = parse_int(trim(http::find(response.fields, "Retry-After")));
  if (!seconds || *seconds < 0) return std::chrono::nanoseconds{0};
  auto longest = std::chrono::duration_cast<std::chrono::seconds>(limits::retry_pause_max);
  return std::chrono::seconds(std::min<std::int64_t>(*seconds, longest.count()));
}

NotificationSender::Posted posted(const Result<http::Response>& answer) {
  NotificationSender::Posted posted;
  if (answer) {
    posted.answer = {answer->status, retry_after(*answer)};
    posted.because = "status " + std::to_string(answer->status);
    return posted;
  }
  const Failure& failure = answer.failure();
  posted.answer.status = failure.cause == Cause::Invalid ? cannot_be_written : no_answer;
  posted.is_our_trouble = failure.cause == Cause::Busy;
  posted.because = failure.says;
  return posted;
}

Task<Result<std::string>> as_xml(std::string bundle, const fhir::Definitions& definitions) {
  co_return to_xml(bundle, definitions);
}

NotificationSender::Made cannot_be_made(std::string_view subscription, std::string_view because) {
  log::error("a notification cannot be made", {{"subscription", subscription}, {"because", because}});
  NotificationSender::Made made;
  made.outcome = NotificationSender::Outcome::CannotBeMade;
  return made;
}

}  // namespace

Task<NotificationSender::Made> NotificationSender::make(std::shared_ptr<const Subscription> subscription, StatusFacts facts,
                                                        Events asked) {
  const std::string_view id = subscription->id;
  Result<std::vector<store::Event>> events = co_await read(subscription->id, asked);
  if (!events) co_return Made{};
  const std::int64_t count = asked.to - asked.from + 1;
  if (static_cast<std::int64_t>(events->size()) != count) co_return cannot_be_made(id, "An event is not in the store.");
  Result<std::vector<ShownEvent>> shown = co_await show(*subscription, *events, asked.may_end_earlier);
  if (!shown) co_return Made{};
  // That is no failure of the store but of the event that refers to it: later events must be delivered.
  if (first_unreadable(*shown) != nullptr) co_return cannot_be_made(id, "A resource that an event names cannot be read back.");
  const WallTime now = parts_.clock.wall();
  Made made;
  made.outcome = Outcome::Ready;
  PreparedNotification& notification = made.notification;
  notification.from = asked.from;
  const auto ends_with = [&](std::size_t count_of_them) {
    notification.to = facts.events = asked.from + static_cast<std::int64_t>(count_of_them) - 1;
    notification.id = notification_id(id, notification.from, notification.to);
  };
  ends_with(shown->size());
  std::optional<Notification> bundle = parts_.writer.notification_that_fits(facts, *shown, notification.id, now);
  if (!bundle) {
    if (asked.may_end_earlier) shown->resize(parts_.writer.events_that_fit(facts, *shown));
    events->resize(shown->size());
    ends_with(shown->size());
    bundle = parts_.writer.notification(facts, *shown, notification.id, now);
  }
  events->resize(shown->size());
  notification.rows = audit_of(subscription->organisation, *events, *shown);
  notification.left_out = bundle->left_out;
  notification.body = co_await in_syntax(subscription->syntax, std::move(bundle->json));
  notification.subscription = std::move(subscription);
  co_return made;
}

Task<Result<std::vector<store::Event>>> NotificationSender::read(std::string id, Events asked) {
  const auto count = static_cast<std::size_t>(asked.to - asked.from + 1);
  Result<std::vector<store::Event>> events = co_await parts_.store.events(id, asked.from, asked.to, count);
  if (!events && reading_.met(parts_.clock.now())) {
    log::warning("events cannot be read", {{"subscription", std::string_view(id)},
                                           {"from", asked.from},
                                           {"because", std::string_view(events.failure().says)},
                                           {"times", reading_.times()}});
  }
  if (events && reading_.over()) log::info("events can be read again", {{"subscription", std::string_view(id)}});
  co_return events;
}

// The events that fit, while the notification may still end earlier; later all of them, with the rest by reference only.
Task<Result<std::vector<ShownEvent>>> NotificationSender::show(const Subscription& subscription,
                                                               const std::vector<store::Event>& events, bool may_end_earlier) {
  store::Reader reader{subscription.organisation, false};
  Result<std::vector<ShownEvent>> shown = co_await redact_first(parts_.store, reader, events, subscription.content);
  if (!shown || shown->size() == events.size() || may_end_earlier) co_return shown;
  REACHED("subscription: a notification grew while it was repeated");
  std::vector<store::Event> rest(events.begin() + static_cast<std::ptrdiff_t>(shown->size()), events.end());
  Result<std::vector<ShownEvent>> named = co_await redact(parts_.store, std::move(reader), std::move(rest), Content::IdOnly);
  if (!named) co_return named;
  for (ShownEvent& each : *named) shown->push_back(std::move(each));
  co_return shown;
}

Task<PreparedNotification> NotificationSender::make_empty(std::shared_ptr<const Subscription> subscription, StatusFacts facts) {
  PreparedNotification notification;
  notification.type = facts.type;
  notification.id = to_string(uuid_v7(parts_.clock.wall(), parts_.random));
  std::string bundle = parts_.writer.notification(facts, {}, notification.id, parts_.clock.wall()).json;
  notification.body = co_await in_syntax(subscription->syntax, std::move(bundle));
  notification.subscription = std::move(subscription);
  co_return notification;
}

// Converting a large notification to XML takes longer than sending many others, so another executor does it.
Task<Result<std::string>> NotificationSender::in_syntax(Syntax syntax, std::string bundle) {
  if (syntax != Syntax::Xml) co_return bundle;
  Task<Result<std::string>> work = as_xml(std::move(bundle), parts_.definitions);
  if (!parts_.conversions) co_return co_await std::move(work);
  try {
    co_return co_await run_on(parts_.conversions, std::move(work));
  } catch (const boost::system::system_error&) {}
  co_return Failure{Cause::Cancelled, "The gateway stops.", ""};
}

// Each call is counted, and one that the gateway could not make is logged here.
Task<NotificationSender::Posted> NotificationSender::post(PreparedNotification& notification) {
  const std::string_view id = notification.subscription->id;
  if (notification.left_out > 0) {
    log::warning(
        "resources do not fit into a notification, they are named in it",
        {{"subscription", id}, {"from", notification.from}, {"resources", static_cast<std::int64_t>(notification.left_out)}});
  }
  Result<http::Response> answer = co_await send(notification);
  Posted done = posted(answer);
  parts_.figures.attempted(notification.type, done.is_our_trouble ? Attempted::NotCalled : attempted_with(done.answer.status));
  if (done.is_our_trouble && calling_.met(parts_.clock.now()))
    log::error("nobody can be called", {{"because", std::string_view(done.because)}, {"times", calling_.times()}});
  if (!done.is_our_trouble && calling_.over()) log::info("receivers can be called again", {{"subscription", id}});
  co_return done;
}

Task<Result<http::Response>> NotificationSender::send(PreparedNotification& notification) {
  const Subscription& subscription = *notification.subscription;
  if (!notification.body) co_return Failure{Cause::Invalid, notification.body.failure().says, ""};
  http::Call call;
  call.to = subscription.to.address;
  call.host_field = subscription.to.host_field();
  call.request.method = "POST";
  call.request.target = subscription.to.target;
  call.request.fields.push_back({"Content-Type", subscription.content_type});
  call.request.fields.push_back({"Idempotency-Key", notification.id});
  call.request.fields.push_back({"X-Request-Id", to_string(uuid_v7(parts_.clock.wall(), parts_.random))});
  for (const http::Field& field : subscription.headers) call.request.fields.push_back(field);
  call.request.body = *std::move(notification.body);
  Deadline until = parts_.clock.in(subscription.attempt_time_max);
  Result<http::Answer> answer = co_await parts_.client.send(std::move(call), until);
  if (!answer) co_return std::move(answer).failure();
  co_return http::Response(*std::move(answer));  // the status counts, whatever happened to the rest
}

}  // namespace vardbron::subscription
