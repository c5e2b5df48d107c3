#include "gateway/subscription/deliverer.h"

#include "gateway/base/async_event.h"
#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/reached.h"
#include "gateway/base/run_on.h"
#include "gateway/base/scope.h"
#include "gateway/base/within.h"
#include "gateway/formats/json/parse.h"
#include "gateway/http/client.h"
#include "gateway/subscription/delivery_loop.h"
#include "gateway/subscription/figures.h"
#include "gateway/subscription/reaches.h"
#include "gateway/subscription/receiver_calls.h"

#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace vardbron::subscription {

namespace {

// Keeps the loop while it runs.
Task<> run_loop(std::shared_ptr<DeliveryLoop> loop) { co_await loop->run(); }

// Its resource is missing or invalid; the others continue. Everything else is a failure of the store.
bool is_of_this_one(Cause cause) {
  return cause == Cause::NotFound || cause == Cause::Gone || cause == Cause::Invalid || cause == Cause::Unsupported;
}

// It was deleted, or the gateway ended before it was made.
bool is_gone(Cause cause) { return cause == Cause::Gone || cause == Cause::NotFound; }

constexpr std::int64_t no_version = -1;

// Its Subscription is not there, and it had one: no DELETE removed it.
bool has_lost_its_resource(const store::SubscriptionState& state, Cause cause) {
  return cause == Cause::NotFound && (state.status != to_string(Status::Requested) || state.events > 0);
}

void log_lost(std::string_view id) {
  log::error("the Subscription of a subscription is missing in the store, nothing is sent to it: see vardbron verify",
             {{"subscription", id}});
}

struct Loaded {
  std::shared_ptr<const Subscription> subscription;
  store::SubscriptionState state;
  bool is_agreed = true;  // it would be accepted under the present rules and endpoints
};

// The mark that a handshake is due may have been overwritten by a concurrent write of the loop: a new version of the Subscription
// needs a handshake in any case, unless it is the next one after `alike_version` and the loop works by that one.
DeliveryMachine::Asks asked_by(const Loaded& loaded, const Subscription& before, std::int64_t alike_version) {
  const store::SubscriptionState& state = loaded.state;
  const bool is_due = state.status == to_string(Status::Requested) || state.hold == store::DeliveryHold::HandshakeDue;
  if (is_due) return DeliveryMachine::Asks::Handshake;
  if (!loaded.is_agreed) return DeliveryMachine::Asks::Nothing;
  const std::int64_t version = loaded.subscription->version;
  const bool is_alike = before.version == alike_version && version == alike_version + 1;
  const bool is_another = version != before.version && !is_alike;
  return is_another ? DeliveryMachine::Asks::UnmarkedHandshake : DeliveryMachine::Asks::Nothing;
}

}  // namespace

struct Deliverer::State : std::enable_shared_from_this<State> {
  State(DeliveryParts given, asio::any_io_executor on)
      : parts(std::move(given)),
        executor(std::move(on)),
        figures(parts.metrics != nullptr ? *parts.metrics : unasked),
        client(parts.dialer, parts.clock),
        writer(parts.base_url),
        places(std::make_shared<Places>(parts.subscriptions_per_organisation, parts.subscriptions_max)),
        turns({limits::backlogs_prepared_at_once_max, limits::prepared_bytes_max}, parts.preparations, executor),
        repeats({limits::backlogs_prepared_at_once_max, limits::repeated_bytes_max}, parts.preparations, executor),
        calls({limits::calls_per_address_max, limits::calls_per_endpoint_max}, executor),
        scope(executor) {}

  Task<Result<void>> start();
  Task<Result<void>> look_at_one(std::string id, std::int64_t alike_version);
  Task<Result<Loaded>> load(store::SubscriptionState state);
  Task<Result<Loaded>> stop_unreadable(std::string id);
  void take_in(Loaded loaded, std::int64_t alike_version = no_version);
  void forget_soon(std::string id);
  Task<> forget_deleted(std::vector<std::string> ids);
  Task<Result<void>> forget(std::string id);
  void count_anew(const std::string& id);
  void pass_on_news();

  DeliveryParts parts;
  asio::any_io_executor executor;
  Metrics unasked;  // used if none are given
  DeliveryFigures figures;
  http::Client client;
  BundleWriter writer;
  /// The loops of an audience's subscriptions, in their order; null = there is none.
  struct Listening {
    std::shared_ptr<const store::Audience> audience;
    std::vector<DeliveryLoop*> loops;
  };
  const Listening& listening_to(const std::shared_ptr<const store::Audience>& audience);

  std::shared_ptr<Places> places;
  std::shared_ptr<Reaches> reaches = std::make_shared<Reaches>();
  Turns turns, repeats;
  ReceiverCalls calls;
  Scope scope;
  std::unordered_map<std::string, std::shared_ptr<DeliveryLoop>> loops;
  std::unordered_map<const store::Audience*, Listening> listening;
  CurrentMatcher current;
  bool stopping = false;

  std::mutex news_lock;
  std::vector<store::CommittedEvent> news;  // from other threads, not yet passed to the loops
};

Task<Result<void>> Deliverer::State::start() {
  Result<std::vector<store::SubscriptionState>> states = co_await parts.store.subscriptions();
  if (!states) co_return std::move(states).failure();
  std::vector<std::string> without_loop;
  std::vector<Loaded> all;  // none begins before all are read: those that have much to send would hold the others up
  for (store::SubscriptionState& state : *states) {
    std::string id = state.id;
    if (state.status == to_string(Status::Off)) {
      without_loop.push_back(std::move(id));
      continue;
    }
    Result<Loaded> loaded = co_await load(state);
    if (loaded) {
      all.push_back(std::move(*loaded));
      continue;
    }
    if (has_lost_its_resource(state, loaded.failure().cause)) {
      log_lost(id);
      continue;
    }
    if (!is_of_this_one(loaded.failure().cause)) co_return std::move(loaded).failure();
    without_loop.push_back(id);
    if (is_gone(loaded.failure().cause)) continue;
    log::error("a subscription cannot be read, nothing is sent to it",
               {{"subscription", std::string_view(id)}, {"because", std::string_view(loaded.failure().says)}});
  }
  for (Loaded& loaded : all) {
    if (!loops.contains(loaded.subscription->id)) take_in(std::move(loaded));  // else it was changed meanwhile
  }
  scope.spawn(forget_deleted(std::move(without_loop)));
  Matcher::Subscriptions counted;
  for (const auto& [id, loop] : loops) {
    if (is_counted(loop->status())) counted.push_back(loop->subscription());
  }
  current.replace(std::make_shared<const Matcher>(counted, reaches));
  co_return done();
}

// The Subscription as it was stored. If it would not be accepted under the present rules its events are still counted, but it is
// stopped.
Task<Result<Loaded>> Deliverer::State::load(store::SubscriptionState state) {
  store::Reader everybody{"", true};
  std::string type = "Subscription", id = state.id;
  Result<store::Resource> resource = co_await parts.store.read(std::move(everybody), std::move(type), std::move(id));
  if (!resource && resource.failure().cause == Cause::Broken) co_return co_await stop_unreadable(state.id);
  if (!resource) co_return std::move(resource).failure();
  Result<tree::Document> document = json::parse(resource->body, parts.definitions.names());
  if (!document) co_return std::move(document).failure();
  std::string organisation(subscriber_of(tree::root(*document)));
  Result<Subscription> read = parse_subscription(tree::root(*document), organisation, parts.endpoints);
  const bool is_agreed = read.ok();
  if (!is_agreed) {
    state.status = to_string(Status::Error);
    const bool by_place = read.failure().cause == Cause::Forbidden;
    state.error = "Stopped: " + (by_place ? "the endpoint is not agreed any more." : read.failure().says);
    state.hold = store::DeliveryHold::Stopped;
    std::string error = state.error, code = state.status, stopped = state.id;
    log::warning("a subscription is in error",
                 {{"subscription", std::string_view(state.id)}, {"because", std::string_view(error)}});
    Result<void> written =
        co_await parts.store.set_subscription_status(std::move(stopped), std::move(code), std::move(error), state.hold);
    if (!written) co_return std::move(written).failure();
    read = parse_subscription(tree::root(*document), organisation, Endpoints::unchecked());
    if (!read) co_return std::move(read).failure();
  }
  read->id = resource->id;
  read->version = resource->version;
  Loaded loaded{std::make_shared<const Subscription>(std::move(*read)), std::move(state), is_agreed};
  co_return loaded;
}

// Its content is unknown. The store accepts the write of its status, so it works, and the others continue.
Task<Result<Loaded>> Deliverer::State::stop_unreadable(std::string id) {
  std::string code(to_string(Status::Error)), error = "Stopped: the gateway cannot read the Subscription back.";
  constexpr store::DeliveryHold stopped = store::DeliveryHold::Stopped;
  log::error("a Subscription cannot be read back, nothing is sent to it", {{"subscription", std::string_view(id)}});
  Result<void> written = co_await parts.store.set_subscription_status(std::move(id), std::move(code), std::move(error), stopped);
  if (!written) co_return std::move(written).failure();
  co_return Failure{Cause::Gone, "The gateway cannot read the Subscription back.", ""};
}

void Deliverer::State::take_in(Loaded loaded, std::int64_t alike_version) {
  const std::string& id = loaded.subscription->id;
  auto found = loops.find(id);
  if (found != loops.end() && !found->second->ended()) {
    const DeliveryMachine::Asks asks = asked_by(loaded, *found->second->subscription(), alike_version);
    found->second->changed(loaded.subscription, asks);
    return;
  }
  std::weak_ptr<State> state = weak_from_this();
  auto counted_changed = [state, id] {
    if (auto alive = state.lock()) alive->count_anew(id);
  };
  DeliveryLoop::Parts loop_parts{
      {parts.store, client, parts.clock, parts.random, parts.definitions, writer, parts.conversions, figures},
      std::move(counted_changed),
      places,
      turns,
      repeats,
      reaches,
      calls};
  auto loop = std::make_shared<DeliveryLoop>(std::move(loop_parts), loaded.subscription, loaded.state, executor);
  listening.clear();
  loops.insert_or_assign(id, loop);
  scope.spawn(run_loop(std::move(loop)));
}

Task<Result<void>> Deliverer::State::look_at_one(std::string id, std::int64_t alike_version) {
  Result<store::SubscriptionState> state = co_await parts.store.subscription(std::move(id));
  if (!state) co_return std::move(state).failure();
  if (state->status == to_string(Status::Off)) {
    auto found = loops.find(state->id);  // its resource may be deleted already
    if (found == loops.end()) {
      forget_soon(std::move(state->id));
      co_return done();
    }
    found->second->switch_off();
    count_anew(state->id);
    co_return done();
  }
  std::string asked = state->id;
  Result<Loaded> loaded = co_await load(std::move(*state));
  if (!loaded) {
    forget_soon(asked);
    co_return std::move(loaded).failure();
  }
  if (!stopping) take_in(std::move(*loaded), alike_version);
  count_anew(asked);
  co_return done();
}

void Deliverer::State::forget_soon(std::string id) {
  if (stopping) return;
  std::vector<std::string> one;
  one.push_back(std::move(id));
  scope.spawn(forget_deleted(std::move(one)));
}

// Forgets the events of deleted subscriptions. Their resources stay, as deleted, and so does the access log. What fails now is
// done after the next start.
Task<> Deliverer::State::forget_deleted(std::vector<std::string> ids) {
  for (std::string& id : ids) {
    if (stopping) co_return;
    Result<void> forgotten = co_await forget(std::move(id));
    if (!forgotten)
      log::warning("a deleted subscription is not forgotten yet", {{"because", std::string_view(forgotten.failure().says)}});
  }
}

Task<Result<void>> Deliverer::State::forget(std::string id) {
  store::Reader everybody{"", true};
  std::string type = "Subscription", name = id;
  Result<store::Resource> resource = co_await parts.store.read(std::move(everybody), std::move(type), std::move(name));
  if (resource || !is_gone(resource.failure().cause)) co_return done();
  std::string asked = id;
  Result<store::SubscriptionState> state = co_await parts.store.subscription(std::move(asked));
  if (state && has_lost_its_resource(*state, resource.failure().cause)) {
    log_lost(id);
    co_return done();
  }
  for (bool is_left = true; is_left && !stopping;) {
    std::string one = id;
    Result<bool> forgotten = co_await parts.store.forget_subscription(std::move(one));
    if (!forgotten) co_return std::move(forgotten).failure();
    is_left = !*forgotten;
  }
  co_return done();
}

void Deliverer::State::count_anew(const std::string& id) {
  const auto found = loops.find(id);
  if (found == loops.end()) return;
  const DeliveryLoop& loop = *found->second;
  const std::shared_ptr<const Subscription> subscription = loop.subscription();
  const bool counts = is_counted(loop.status());
  const std::shared_ptr<const Matcher> before = current.now();
  if (counts || before->has(subscription->organisation, id)) {  // else nothing changes, and the ids of thousands are not copied
    listening.clear();
    current.replace(std::make_shared<const Matcher>(
        before->with(subscription->organisation, id, counts ? subscription : std::shared_ptr<const Subscription>())));
  }
  if (!loop.ended()) return;
  listening.clear();
  forget_soon(id);
  loops.erase(found);
}

// Kept until a loop comes or goes, or another audience is made: a commit costs no look-up for each subscription.
const Deliverer::State::Listening& Deliverer::State::listening_to(const std::shared_ptr<const store::Audience>& audience) {
  Listening& known = listening[audience.get()];
  if (known.audience) return known;
  known.audience = audience;
  for (const std::string& id : audience->subscriptions) {
    const auto found = loops.find(id);
    known.loops.push_back(found == loops.end() ? nullptr : found->second.get());
  }
  return known;
}

void Deliverer::State::pass_on_news() {
  std::vector<store::CommittedEvent> taken;
  {
    std::lock_guard hold(news_lock);
    taken.swap(news);
  }
  // Of several events with the same numbering the last one says it all.
  std::unordered_map<const void*, const store::CommittedEvent*> last;
  for (const store::CommittedEvent& event : taken) {
    const store::CommittedEvent*& known = last[event.before.get()];
    if (known == nullptr || known->number < event.number) known = &event;
  }
  for (const auto& [before, event] : last) {
    const Listening& theirs = listening_to(event->to);
    for (std::size_t at = 0; at < theirs.loops.size(); ++at) {
      if (theirs.loops[at] != nullptr) {
        theirs.loops[at]->committed(event->number_of(at));
      } else {
        forget_soon(event->to->subscriptions[at]);  // the committing thread did not know yet that it is deleted
      }
    }
  }
}

Deliverer::Deliverer(DeliveryParts parts, asio::any_io_executor executor)
    : state_(std::make_shared<State>(std::move(parts), std::move(executor))) {}

Deliverer::~Deliverer() = default;

Task<Result<void>> Deliverer::start() { return state_->start(); }

Task<Result<void>> Deliverer::changed(std::string id) { return changed_slightly(std::move(id), no_version); }

Task<Result<void>> Deliverer::changed_slightly(std::string id, std::int64_t since_version) {
  std::shared_ptr<State> state = state_;
  Task<Result<void>> looking = state->look_at_one(std::move(id), since_version);
  // Loops run on one thread; callers from another one are resumed on their own.
  Result<void> looked = co_await run_on(state->executor, std::move(looking));
  co_return looked;
}

Task<Result<std::unique_ptr<Place>>> Deliverer::place_for(std::string organisation) {
  co_return state_->places->reserve(organisation);
}

void Deliverer::notify(const store::Committed& committed) {
  if (committed.events.empty()) return;
  bool first = false;
  {
    std::lock_guard hold(state_->news_lock);
    first = state_->news.empty();
    state_->news.insert(state_->news.end(), committed.events.begin(), committed.events.end());
  }
  if (!first) return;  // a posted call takes these along
  call_on(state_->executor, [state = std::weak_ptr<State>(state_)] {
    if (auto alive = state.lock()) alive->pass_on_news();
  });
}

std::shared_ptr<const Matcher> Deliverer::matcher() const { return state_->current.now(); }

Task<void> Deliverer::stop(Deadline until) {
  std::shared_ptr<State> state = state_;
  state->stopping = true;
  state->turns.close();
  state->repeats.close();
  state->calls.close();
  for (const auto& [id, loop] : state->loops) loop->stop();
  Task<> joined = state->scope.join();
  co_await run_until(state->parts.clock, std::move(joined), until);
  state->client.close_idle();
}

}  // namespace vardbron::subscription
