#pragma once

#include "gateway/base/uuid.h"
#include "gateway/care/chain/notice.h"

#include <optional>
#include <string>

namespace vardbron::care::plan {

/// Which plan a notice is about, by its text alone.
struct PlanKey {
  PlanKind kind = PlanKind::Sip;
  /// "system|value" of the plan's identity, in a chain after "organisation|" of who began the plan: an identity belongs to that
  /// one, and who else uses it has another plan. Without an identity "sip|" and the ärende's key.
  std::string key;
  auto operator<=>(const PlanKey&) const = default;
};

/// None: the notice is about no plan. A call to a SIP, and a consent to one, that names neither a plan nor an ärende is none.
std::optional<PlanKey> plan_key(const Notice& notice);
/// The same of a link of a plan's chain: its case_key is that of the chain.
std::optional<PlanKey> key_in_chain(const Notice& notice);
/// Who began a plan with that identity, by its key; empty: the key does not say.
std::string owner_of(const PlanKey& key, const Identity& identity);
/// Is that the key of a plan's chain?
bool is_chain_key(std::string_view case_key);
/// The key of its chain in the store.
std::string chain_key(const PlanKey& key);
/// Root of all ids of the plan.
Uuid plan_id(const PlanKey& key);

}  // namespace vardbron::care::plan
