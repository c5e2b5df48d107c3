#pragma once

#include "gateway/exchange/message_path.h"
#include "gateway/mapping/library.h"
#include "gateway/search/indexer.h"
#include "tests/exchange/notices.h"
#include "tests/sim/sim_store.h"
#include "tests/sim/sim_world.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::exchange {

/// The definitions and an empty library: made once for all tests, since they never change.
const mapping::Library& empty_library();
const search::Indexer& indexer();

/// A message path on a simulated store, with one channel that takes canonical notices.
struct Spine {
  explicit Spine(std::uint64_t seed = 1, sim::StoreFaults faults = {});

  /// Opens the path again, as after a start with another configuration.
  void open_path(access::SenderPermissions units);
  CaseParts case_parts();
  PathParts parts(access::SenderPermissions units = {});
  Result<Receipt> accept(const std::string& body);
  Result<Receipt> accept(const ANotice& notice) { return accept(notice.json()); }
  store::Case stored_case(const std::string& name);
  /// Newest body of every resource of the case, in the order of type and id, without what differs by time of commit.
  std::vector<std::string> bodies(const std::string& name);

  /// Subscribes: what the subscriber is notified of by a topic is in events(id) from then on.
  void watch(const std::string& id, const std::string& organisation, const std::string& topic,
             const std::vector<std::string>& filters = {});
  /// All Patients of the store.
  std::vector<store::CaseResource> patients();
  std::vector<store::Event> events(const std::string& id);
  /// The Task of that code and owner; empty when there is none.
  store::Resource task(const std::string& case_name, const std::string& code, const std::string& owner);

  static access::Caller caller();

  sim::SimWorld world;
  sim::SimStore store;
  Channels channels;
  care::Policies policy = care::law();
  care::CaseLimits rules_limits;
  std::vector<store::Committed> notified;  ///< each commit of which deliveries were notified
  std::vector<std::shared_ptr<const subscription::Subscription>> subscriptions;
  std::function<void(WallTime)> due;
  std::function<void()> before_matching;  ///< may throw
  Metrics metrics;
  CaseQueue* queue = nullptr;
  asio::any_io_executor long_cases;  ///< empty: here
  std::size_t short_case_links_max = limits::short_case_links_max;
  CaseCache* cache = nullptr;  ///< for case_parts
  CaseQueue persons;           ///< likewise
  std::shared_ptr<const subscription::Matcher> matcher = std::make_shared<const subscription::Matcher>();
  access::Receivers receivers;  ///< for open_path; by default everybody is known
  std::optional<MessagePath> path;
};

}  // namespace vardbron::exchange
