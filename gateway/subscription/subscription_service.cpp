#include "gateway/subscription/subscription_service.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/uuid.h"
#include "gateway/formats/json/parse.h"
#include "gateway/search/match.h"
#include "gateway/subscription/subscription_resource.h"
#include "gateway/subscription/visibility.h"
#include "gateway/tree/compare.h"

#include <algorithm>
#include <utility>

namespace vardbron::subscription {

namespace {

constexpr const char* subscription_type = "Subscription";

bool holds(const std::vector<std::string>& list, std::string_view value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

// The status that a writer may request: start (again), or end. The others are set by the server (FHIR R4 Subscription).
Status wished(const Subscription& subscription) { return subscription.status == Status::Off ? Status::Off : Status::Requested; }

std::vector<search::Key> keys_of(const Subscription& subscription) {
  search::Key url;
  url.parameter = "url";
  url.kind = search::KeyKind::Uri;
  url.value = subscription.endpoint;
  search::Key criteria;
  criteria.parameter = "criteria";
  criteria.kind = search::KeyKind::String;
  criteria.system = criteria.value = subscription.criteria;
  return {url, criteria};
}

std::vector<search::Key> keys_to_search(const Subscription& subscription, Status status) {
  std::vector<search::Key> keys = keys_of(subscription);
  for (search::Key& key : keys)
    if (key.kind == search::KeyKind::String) key.value = search::normalized(key.value);
  for (auto [parameter, value] : {std::pair<std::string_view, std::string_view>("_id", subscription.id),
                                  std::pair<std::string_view, std::string_view>("status", to_string(status))}) {
    search::Key key;
    key.parameter = parameter;
    key.value = value;
    keys.push_back(std::move(key));
  }
  return keys;
}

bool fits(const search::Query& query, const std::vector<search::Key>& keys) {
  return std::all_of(query.criteria.begin(), query.criteria.end(),
                     [&](const search::Criterion& each) { return search::matches(each, keys); });
}

store::AuditRow audit_row(std::string action, const std::string& organisation, const std::string& id) {
  store::AuditRow row;
  row.action = std::move(action);
  row.caller = organisation;
  row.subject = std::string(subscription_type) + "/" + id;
  return row;
}

store::Change change_of(const Subscription& subscription, std::string body, std::int64_t expected_version) {
  store::ResourceWrite write;
  write.type = subscription_type;
  write.id = subscription.id;
  write.body = std::move(body);
  write.expected_version = expected_version;
  write.keys = keys_of(subscription);
  write.parties = {subscription.organisation};
  store::Change change;
  change.resources.push_back(std::move(write));
  change.audit.push_back(audit_row(expected_version == 0 ? "create" : "update", subscription.organisation, subscription.id));
  return change;
}

store::Change deletion_of(const Subscription& subscription, std::int64_t expected_version) {
  store::ResourceWrite write;
  write.type = subscription_type;
  write.id = subscription.id;
  write.deleted = true;
  write.expected_version = expected_version;
  write.parties = {subscription.organisation};
  store::Change change;
  change.resources.push_back(std::move(write));
  change.audit.push_back(audit_row("delete", subscription.organisation, subscription.id));
  return change;
}

Failure has_changed() { return {Cause::Conflict, "The Subscription has changed since it was read.", ""}; }

/// Marks an organisation as one whose conditional create is in progress, while this lives.
class Making {
 public:
  Making(std::set<std::string>& all, const std::string& organisation) : all_(all), place_(all.insert(organisation)) {}
  Making(const Making&) = delete;
  ~Making() {
    if (place_.second) all_.erase(place_.first);
  }
  bool is_alone() const { return place_.second; }

 private:
  std::set<std::string>& all_;
  std::pair<std::set<std::string>::iterator, bool> place_;
};

}  // namespace

struct SubscriptionService::Known {
  store::Resource resource;
  tree::Document document;
  Subscription subscription;
  store::SubscriptionState state;
};

SubscriptionService::SubscriptionService(Parts parts) : parts_(std::move(parts)), writer_(parts_.base_url) {}

std::string SubscriptionService::new_id() { return to_string(uuid_v7(parts_.clock.wall(), parts_.random)); }

Task<Result<store::Resource>> SubscriptionService::create(std::string organisation, std::string resource_json) {
  Result<tree::Document> document = json::parse(std::move(resource_json), parts_.definitions.names());
  if (!document) co_return std::move(document).failure();
  tree::Item resource = tree::root(*document);
  Result<Subscription> read = parse_subscription(resource, organisation, parts_.endpoints);
  if (!read) co_return std::move(read).failure();
  Result<std::unique_ptr<Place>> place = co_await parts_.deliverer.place_for(organisation);
  if (!place) co_return std::move(place).failure();
  read->id = new_id();
  Status status = wished(*read);
  Identity identity{read->id, organisation};
  std::string body = subscription_resource(resource, identity, status, {});

  // The status is written before the resource: a resource without one would wait for its handshake for ever.
  std::string id = read->id, code(to_string(status));
  Result<void> begun = co_await parts_.store.set_subscription_status(std::move(id), std::move(code), "");
  if (!begun) co_return std::move(begun).failure();
  store::Change change = change_of(*read, std::move(body), 0);
  Result<store::Committed> committed = co_await parts_.store.commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  store::Reader reader{std::move(organisation), false};
  Result<store::Resource> made = co_await shown(std::move(reader), read->id);
  if (!made) co_return made;
  Result<void> started = co_await parts_.deliverer.changed(read->id);
  if (!started) co_return std::move(started).failure();
  co_return made;
}

Task<Result<SubscriptionService::Made>> SubscriptionService::create_if_none(std::string organisation, std::string resource_json,
                                                                            search::Query condition) {
  const Making making(making_, organisation);
  if (!making.is_alone())
    co_return Failure{Cause::Busy, "Another Subscription of this organisation is being made on a condition. Send it again.", ""};
  store::Reader reader{organisation, false};
  Result<std::vector<store::Resource>> found = co_await search(std::move(reader), std::move(condition));
  if (!found) co_return std::move(found).failure();
  if (found->size() > 1)
    co_return Failure{Cause::Conflict, std::to_string(found->size()) + " Subscriptions fit If-None-Exist. Nothing was made.", ""};
  if (found->size() == 1) co_return Made{std::move(found->front()), false};
  Result<store::Resource> made = co_await create(std::move(organisation), std::move(resource_json));
  if (!made) co_return std::move(made).failure();
  co_return Made{std::move(*made), true};
}

Task<Result<store::Resource>> SubscriptionService::update(store::Reader reader, std::string id, std::string resource_json,
                                                          std::int64_t expected_version) {
  Result<Known> known = co_await load(reader, id);
  if (!known) co_return std::move(known).failure();
  Result<tree::Document> document = json::parse(std::move(resource_json), parts_.definitions.names());
  if (!document) co_return std::move(document).failure();
  tree::Item resource = tree::root(*document);
  if (resource.text_of("id") != id) co_return Failure{Cause::Invalid, "The id is that of the URL.", "Subscription.id"};
  if (expected_version != 0 && expected_version != known->resource.version) {
    co_return has_changed();
  }
  Result<Subscription> wish = parse_subscription(resource, known->subscription.organisation, parts_.endpoints);
  if (!wish) co_return std::move(wish).failure();
  Status status = wished(*wish);
  const Effect effect = effect_of(*known, resource, status);
  if (effect == Effect::None) co_return co_await shown(std::move(reader), std::move(id));
  std::unique_ptr<Place> place;
  if (status != Status::Off && known->state.status == to_string(Status::Off)) {
    Result<std::unique_ptr<Place>> found = co_await parts_.deliverer.place_for(known->subscription.organisation);
    if (!found) co_return std::move(found).failure();
    place = *std::move(found);
  }
  Identity identity{id, known->subscription.organisation};
  std::string body = subscription_resource(resource, identity, status, tree::root(known->document));
  known->subscription = std::move(*wish);
  known->subscription.id = id;
  if (effect == Effect::OnText) {
    Result<void> rewritten = co_await rewrite(std::move(*known), std::move(body));
    if (!rewritten) co_return std::move(rewritten).failure();
    co_return co_await shown(std::move(reader), std::move(id));
  }
  Result<void> written = co_await write(std::move(*known), std::move(body), status);
  Result<void> changed = co_await parts_.deliverer.changed(id);
  if (!written) co_return std::move(written).failure();
  if (!changed) co_return std::move(changed).failure();
  Result<store::Resource> now = co_await shown(std::move(reader), std::move(id));
  co_return now;
}

// A PUT may be sent again: what equals what is stored, and requests a status that is reached or in progress, does nothing.
SubscriptionService::Effect SubscriptionService::effect_of(const Known& known, tree::Item wish, Status status) const {
  const Status now = shown_status(known.state);
  const bool is_so = status == Status::Off ? now == Status::Off : now == Status::Active || now == Status::Requested;
  if (!is_so) return Effect::OnDeliveries;
  const tree::Item before = tree::root(known.document);
  const Identity identity{known.subscription.id, known.subscription.organisation};
  Result<tree::Document> stored = json::parse(subscription_resource(before, identity, status, {}), parts_.definitions.names());
  Result<tree::Document> wished = json::parse(subscription_resource(wish, identity, status, before), parts_.definitions.names());
  if (!stored || !wished) return Effect::OnDeliveries;
  const std::vector<tree::Difference> differences = tree::differences(*stored, *wished);
  if (differences.empty()) return Effect::None;
  const bool only_reason = std::all_of(differences.begin(), differences.end(),
                                       [](const tree::Difference& each) { return each.path == "Subscription.reason"; });
  return only_reason ? Effect::OnText : Effect::OnDeliveries;
}

Task<Result<void>> SubscriptionService::rewrite(Known known, std::string body) {
  const std::int64_t before = known.resource.version;
  std::string id = known.subscription.id;
  store::Change change = change_of(known.subscription, std::move(body), before);
  Result<store::Committed> committed = co_await parts_.store.commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  if (known.state.status == to_string(Status::Off)) co_return done();
  co_return co_await parts_.deliverer.changed_slightly(std::move(id), before);
}

Task<Result<void>> SubscriptionService::end(store::Reader reader, std::string id, std::int64_t expected_version) {
  Result<Known> known = co_await load(std::move(reader), id);
  if (!known && known.failure().cause == Cause::Gone) co_return done();  // a DELETE may be sent again: FHIR R4 http.html#delete
  if (!known) co_return std::move(known).failure();
  if (expected_version != 0 && expected_version != known->resource.version) co_return has_changed();
  store::Change change = deletion_of(known->subscription, known->resource.version);
  Result<store::Committed> committed = co_await parts_.store.commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  Result<void> ended = co_await parts_.store.set_subscription_status(id, "off", "");
  if (!ended) co_return ended;
  Result<void> changed = co_await parts_.deliverer.changed(std::move(id));
  co_return changed;
}

// A new endpoint must not be called before it has answered a handshake, whatever crashes in between: so the handshake is marked
// as due before the resource is written. Counting continues under `error`; a subscription that is off or was never active begins
// again.
Task<Result<void>> SubscriptionService::write(Known known, std::string body, Status status) {
  const std::string id = known.subscription.id;
  bool counted = known.state.status == to_string(Status::Active) || known.state.status == to_string(Status::Error);
  std::string code(to_string(counted ? Status::Error : Status::Requested));
  const store::DeliveryHold hold = counted ? store::DeliveryHold::HandshakeDue : store::DeliveryHold::None;
  if (status != Status::Off) {
    Result<void> marked = co_await parts_.store.set_subscription_status(id, std::move(code), "", hold);
    if (!marked) co_return marked;
  }
  store::Change change = change_of(known.subscription, std::move(body), known.resource.version);
  Result<store::Committed> committed = co_await parts_.store.commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  if (status == Status::Off) {
    Result<void> ended = co_await parts_.store.set_subscription_status(id, "off", "");
    co_return ended;
  }
  co_return done();
}

Task<Result<store::Resource>> SubscriptionService::read(store::Reader reader, std::string id) {
  return shown(std::move(reader), std::move(id));
}

Task<Result<store::Resource>> SubscriptionService::read_version(store::Reader reader, std::string id, std::int64_t version) {
  Result<store::Resource> newest = co_await shown(reader, id);
  const bool is_deleted = !newest && newest.failure().cause == Cause::Gone;  // earlier versions stay readable
  if (!is_deleted && (!newest || newest->version == version)) co_return newest;
  std::string type = subscription_type;
  Result<store::Resource> resource = co_await parts_.store.read(std::move(reader), std::move(type), std::move(id), version);
  if (!resource) co_return std::move(resource).failure();
  Result<tree::Document> document = json::parse(resource->body, parts_.definitions.names());
  if (!document) co_return std::move(document).failure();
  store::SubscriptionState then;
  then.status = tree::root(*document).text_of("status");
  resource->body = shown_form(tree::root(*document), then);
  co_return resource;
}

Task<Result<store::Resource>> SubscriptionService::shown(store::Reader reader, std::string id) {
  Result<Known> known = co_await load(std::move(reader), std::move(id));
  if (!known) co_return std::move(known).failure();
  known->resource.body = shown_form(tree::root(known->document), known->state);
  co_return std::move(known->resource);
}

Task<Result<std::vector<store::Resource>>> SubscriptionService::search(store::Reader reader, search::Query query) {
  Result<std::vector<Known>> all = co_await load_all(std::move(reader));
  if (!all) co_return std::move(all).failure();
  std::vector<store::Resource> found;
  for (Known& known : *all) {
    if (!fits(query, keys_to_search(known.subscription, shown_status(known.state)))) continue;
    known.resource.body = shown_form(tree::root(known.document), known.state);
    found.push_back(std::move(known.resource));
  }
  if (!query.sort.empty() && query.sort.front().is_descending) std::reverse(found.begin(), found.end());
  co_return found;
}

Result<std::string> SubscriptionService::bundle_of(const std::vector<Known>& all) {
  std::vector<StatusFacts> facts;
  for (const Known& known : all) {
    facts.push_back({&known.subscription, shown_status(known.state), NotificationType::QueryStatus, known.state.events,
                     shown_error(known.state)});
  }
  return writer_.statuses(facts, new_id(), parts_.clock.wall());
}

Task<Result<std::string>> SubscriptionService::status(store::Reader reader, StatusQuery query) {
  Result<std::vector<Known>> all = co_await load_all(std::move(reader));
  if (!all) co_return std::move(all).failure();
  std::vector<Known> wanted;
  for (Known& known : *all) {
    bool fits = holds(query.ids, known.subscription.id) && holds(query.statuses, to_string(shown_status(known.state)));
    if (fits) wanted.push_back(std::move(known));
  }
  co_return bundle_of(wanted);
}

Task<Result<std::string>> SubscriptionService::status_of(store::Reader reader, std::string id) {
  Result<Known> known = co_await load(std::move(reader), std::move(id));
  if (!known) co_return std::move(known).failure();
  std::vector<Known> one;
  one.push_back(std::move(*known));
  co_return bundle_of(one);
}

Task<Result<std::string>> SubscriptionService::events(store::Reader reader, std::string id, EventsQuery query) {
  if (query.since < 0 || query.until < 0) co_return Failure{Cause::Invalid, "Event numbers are positive.", ""};
  if (query.until != 0 && query.since > query.until) {
    co_return Failure{Cause::Invalid, "eventsSinceNumber lies behind eventsUntilNumber.", ""};
  }
  std::string asking = reader.organisation;
  Result<Known> known = co_await load(std::move(reader), id);
  if (!known) co_return std::move(known).failure();
  const Subscription& subscription = known->subscription;
  std::int64_t from = std::max<std::int64_t>(query.since, 1);
  std::int64_t to = known->state.events;
  if (query.until != 0) to = std::min(to, query.until);
  std::vector<store::Event> found;
  if (from <= to) {
    Result<std::vector<store::Event>> read = co_await parts_.store.events(id, from, to, limits::events_per_query_max);
    if (!read) co_return std::move(read).failure();
    found = std::move(*read);
  }
  store::Reader subscriber{subscription.organisation, false};
  Result<std::vector<ShownEvent>> shown = co_await redact_first(parts_.store, std::move(subscriber), found, subscription.content);
  if (!shown) co_return std::move(shown).failure();
  if (const Shown* unreadable = first_unreadable(*shown))
    log::error("a resource that an event names cannot be read back", {{"reference", std::string_view(unreadable->reference)}});
  StatusFacts facts{&subscription, shown_status(known->state), NotificationType::QueryEvent, known->state.events,
                    shown_error(known->state)};
  shown->resize(writer_.events_that_fit(facts, *shown));
  found.resize(shown->size());
  std::vector<store::AuditRow> rows = audit_of(asking, found, *shown);
  if (!rows.empty()) {
    Result<void> kept = co_await parts_.store.audit(std::move(rows));
    if (!kept) co_return std::move(kept).failure();
  }
  co_return writer_.notification(facts, *shown, new_id(), parts_.clock.wall()).json;
}

Task<Result<SubscriptionService::Known>> SubscriptionService::load(store::Reader reader, std::string id) {
  std::string type = subscription_type;
  Result<store::Resource> resource = co_await parts_.store.read(std::move(reader), std::move(type), std::move(id));
  if (!resource) co_return std::move(resource).failure();
  Result<tree::Document> document = json::parse(resource->body, parts_.definitions.names());
  if (!document) co_return std::move(document).failure();
  tree::Item root = tree::root(*document);
  std::string organisation(subscriber_of(root));
  Result<Subscription> subscription = parse_subscription(root, organisation, Endpoints::unchecked());
  if (!subscription) co_return std::move(subscription).failure();
  subscription->id = resource->id;
  Result<store::SubscriptionState> state = co_await parts_.store.subscription(resource->id);
  if (!state) co_return std::move(state).failure();
  Known known{std::move(*resource), std::move(*document), std::move(*subscription), std::move(*state)};
  co_return std::move(known);
}

Task<Result<std::vector<SubscriptionService::Known>>> SubscriptionService::load_all(store::Reader reader) {
  search::Query query;
  query.resource_type = subscription_type;
  query.count = limits::search_results_per_page_max;
  std::vector<Known> all;
  do {
    Result<store::Page> page = co_await parts_.store.search(reader, query);
    if (!page) co_return std::move(page).failure();
    for (const store::Resource& resource : page->resources) {
      Result<Known> known = co_await load(reader, resource.id);
      if (known) {
        all.push_back(std::move(*known));
      } else if (known.failure().cause != Cause::NotFound && known.failure().cause != Cause::Gone) {
        co_return std::move(known).failure();
      }
    }
    query.after = page->after;
  } while (!query.after.empty());
  co_return std::move(all);
}

}  // namespace vardbron::subscription
