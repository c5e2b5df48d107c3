#pragma once

#include "gateway/exchange/message_path.h"
#include "gateway/mapping/library.h"
#include "gateway/search/indexer.h"
#include "tests/exchange/notices.h"
#include "tests/sim/sim_store.h"
#include "tests/sim/sim_world.h"

#include <gtest/gtest.h>

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

  Result<Receipt> accept(const std::string& body);
  Result<Receipt> accept(const ANotice& notice) { return accept(notice.json()); }
  store::Case stored_case(const std::string& name);
  /// Newest body of every resource of the case, in the order of type and id, without what differs by time of commit.
  std::vector<std::string> bodies(const std::string& name);

  static access::Caller caller();

  sim::SimWorld world;
  sim::SimStore store;
  Channels channels;
  care::Policy policy = care::law();
  std::vector<store::Committed> told;
  std::shared_ptr<const subscription::Matcher> matcher = std::make_shared<const subscription::Matcher>();
  std::optional<MessagePath> path;
};

}  // namespace vardbron::exchange
