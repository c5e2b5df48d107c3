#include "tests/subscription/stage.h"

#include "gateway/base/check.h"
#include "gateway/care/notifications.h"
#include "r4.h"

#include <boost/asio/io_context.hpp>

#include <numeric>

namespace vardbron::subscription {

namespace {

using namespace std::chrono_literals;

constexpr const char* base_url = "https://gateway.example/fhir";

Endpoints agreed() {
  std::vector<Endpoints::Allowed> all;
  for (const std::string& organisation : {nacka, huddinge}) {
    for (const char* host : {"a", "b", "c", "d", "e"}) all.push_back({organisation, std::string("https://") + host + ".example"});
  }
  Result<Endpoints> opened = Endpoints::open(all, false);
  CHECK(opened);
  return std::move(*opened);
}

store::ResourceWrite encounter(const std::string& id, std::int64_t expected, const std::vector<std::string>& parties,
                               std::size_t bytes) {
  store::ResourceWrite write;
  write.type = "Encounter";
  write.id = id;
  write.body = R"({"resourceType":"Encounter","id":")" + id + R"(","status":"in-progress")";
  if (bytes > 0) write.body += R"(,"priority":{"text":")" + std::string(bytes, 'x') + "\"}";
  write.body += "}";
  write.expected_version = expected;
  write.parties = parties;
  return write;
}

}  // namespace

Numbers up_to(std::int64_t last) {
  Numbers numbers(static_cast<std::size_t>(last));
  std::iota(numbers.begin(), numbers.end(), 1);
  return numbers;
}

Wish to(const std::string& host) {
  Wish wish;
  wish.endpoint = "https://" + host + "/hook";
  return wish;
}

Wish with(Wish wish, const std::string& extension, const std::string& type, const std::string& value) {
  wish.channel_extensions += (wish.channel_extensions.empty() ? "" : ",") + Wish::extension(extension, type, value);
  return wish;
}

Stage::Stage(std::uint64_t seed, sim::NetFaults net, sim::StoreFaults disk)
    : world(seed, net), store(world.clock, world.random, disk), endpoints(agreed()) {
  start_deliverer();
}

Stage::~Stage() {
  world.net.set_faults({});
  stop_deliverer();
  for (auto& [host, receiver] : receivers_) receiver->stop();
  world.run_for(1s);
  world.cancel_all();
  world.run_for(1s);
}

void Stage::start_deliverer() {
  DeliveryParts parts{store, world.net, world.clock, world.random, endpoints, r4(), base_url};
  parts.subscriptions_max = subscriptions_max;
  parts.metrics = &metrics;
  parts.conversions = conversions;
  parts.preparations = {world.io().get_executor()};
  deliverer_ = std::make_unique<Deliverer>(std::move(parts), world.io().get_executor());
  subscription_service_ = std::make_unique<SubscriptionService>(
      SubscriptionService::Parts{store, *deliverer_, endpoints, r4(), world.clock, world.random, base_url});
  Result<void> started = world.complete(deliverer_->start());
  CHECK(started);
}

void Stage::stop_deliverer() {
  Deadline at_once{world.clock.now()};
  Task<> stopping = deliverer_->stop(at_once);
  world.spawn(std::move(stopping));
  world.run_for(1s);
}

void Stage::crash_and_restart() {
  store.crash();
  stop_deliverer();
  subscription_service_.reset();
  deliverer_.reset();
  start_deliverer();
}

Receiver& Stage::receiver(const std::string& host) {
  std::unique_ptr<Receiver>& found = receivers_[host];
  if (!found) found = std::make_unique<Receiver>(world, host);
  return *found;
}

Result<store::Resource> Stage::create(const std::string& organisation, const Wish& wish) {
  return world.complete(subscription_service_->create(organisation, wish.json()));
}

std::string Stage::subscribe(const std::string& organisation, const Wish& wish) {
  Result<store::Resource> made = create(organisation, wish);
  CHECK(made);
  world.run_for(2s);
  return made->id;
}

void Stage::commit(store::Change change) {
  Result<store::Committed> committed = world.complete(store.commit(std::move(change)));
  CHECK(committed);
  deliverer_->notify(*committed);
}

void Stage::happen(const std::vector<std::string>& parties, const std::string& event, const std::string& focus) {
  store::Change change;
  change.resources.push_back(encounter(focus, versions_[focus]++, parties, encounter_bytes));
  for (const std::string& party : parties) {
    care::CaseEvent of_party;
    of_party.event = event;
    of_party.party = party;
    of_party.case_key = "case-" + focus;
    of_party.focus = "Encounter/" + focus;
    std::vector<store::EventWrite> events = deliverer_->matcher()->match(of_party);
    change.events.insert(change.events.end(), events.begin(), events.end());
  }
  commit(std::move(change));
}

void Stage::change_parties(const std::string& focus, const std::vector<std::string>& parties) {
  store::Change change;
  change.resources.push_back(encounter(focus, versions_[focus]++, parties, encounter_bytes));
  commit(std::move(change));
}

store::SubscriptionState Stage::state(const std::string& id) {
  Result<store::SubscriptionState> found = world.complete(store.subscription(id));
  CHECK(found);
  return *found;
}

}  // namespace vardbron::subscription
