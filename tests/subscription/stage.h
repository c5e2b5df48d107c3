#pragma once

#include "gateway/subscription/deliverer.h"
#include "gateway/subscription/endpoints.h"
#include "gateway/subscription/subscription_service.h"
#include "tests/sim/sim_store.h"
#include "tests/sim/sim_world.h"
#include "tests/subscription/receiver.h"
#include "tests/subscription/wishes.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace vardbron::subscription {

inline const std::string nacka = "SE2120000167-K001";
inline const std::string huddinge = "SE2120000068-K001";

using Numbers = std::vector<std::int64_t>;

/// 1, 2, .. last.
Numbers up_to(std::int64_t last);
/// Any event of a case, by id, to that host.
Wish to(const std::string& host);
/// The wish with one more of the guide's channel extensions.
Wish with(Wish wish, const std::string& extension, const std::string& type, const std::string& value);

/// A gateway's delivery side in a simulated world: store, deliverer, subscription service and receivers at
/// https://{a,b,c}.example.
class Stage {
 public:
  explicit Stage(std::uint64_t seed = 1, sim::NetFaults net = {}, sim::StoreFaults disk = {});
  ~Stage();

  Receiver& receiver(const std::string& host);
  /// Creates the Subscription and lets the handshake happen; gives its id.
  std::string subscribe(const std::string& organisation, const Wish& wish);
  Result<store::Resource> create(const std::string& organisation, const Wish& wish);
  /// An event in a case of these parties: commits the Encounter and the matcher's result, and notifies the deliverer.
  void happen(const std::vector<std::string>& parties, const std::string& event = "admission", const std::string& focus = "e1");
  store::SubscriptionState state(const std::string& id);
  /// The Encounter gets other parties.
  void change_parties(const std::string& focus, const std::vector<std::string>& parties);
  void run_for(Instant span) { world.run_for(span); }

  /// The process ends without goodbye and starts again: what the store had not synced is lost.
  void crash_and_restart();
  void stop_deliverer();
  void start_deliverer();
  /// How many subscriptions all may have together, from the next start on.
  std::size_t subscriptions_max = limits::subscriptions_max;
  /// Where XML is made, from the next start on.
  asio::any_io_executor conversions{};
  /// Of what every Encounter says.
  std::size_t encounter_bytes = 0;

  SubscriptionService& subscription_service() { return *subscription_service_; }
  Deliverer& deliverer() { return *deliverer_; }

  sim::SimWorld world;
  sim::SimStore store;
  Endpoints endpoints;
  Metrics metrics;

 private:
  void commit(store::Change change);

  std::map<std::string, std::unique_ptr<Receiver>> receivers_;
  std::map<std::string, std::int64_t> versions_;
  std::unique_ptr<Deliverer> deliverer_;
  std::unique_ptr<SubscriptionService> subscription_service_;
};

}  // namespace vardbron::subscription
