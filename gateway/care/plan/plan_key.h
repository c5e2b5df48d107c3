#pragma once

#include "gateway/base/uuid.h"
#include "gateway/care/chain/notice.h"

#include <optional>
#include <string>

namespace vardbron::care::plan {

/// Which plan a notice is about, by its text alone.
struct PlanKey {
  PlanKind kind = PlanKind::Sip;
  std::string key;  ///< "system|value" of the plan's identity; else "sip|" and the ärende's
  auto operator<=>(const PlanKey&) const = default;
};

/// None: the notice is about no plan. A call to a SIP, and a consent to one, that names neither a plan nor an ärende is none.
std::optional<PlanKey> plan_key(const Notice& notice);
/// The same of a link of a plan's chain: its case_key is that of the chain.
std::optional<PlanKey> key_in_chain(const Notice& notice);
/// Is that the key of a plan's chain?
bool is_chain_key(std::string_view case_key);
/// The key of its chain in the store.
std::string chain_key(const PlanKey& key);
/// Root of all ids of the plan.
Uuid plan_id(const PlanKey& key);

}  // namespace vardbron::care::plan
