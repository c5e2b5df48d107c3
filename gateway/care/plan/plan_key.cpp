#include "gateway/care/plan/plan_key.h"

#include "gateway/care/chain/case_id.h"
#include "gateway/care/plan/plan_kind.h"

#include <algorithm>

namespace vardbron::care::plan {
namespace {

constexpr std::string_view chain_start = "plan|";

bool is_about_sip(const Notice& notice) {
  if (notice.says() == Event::SipInvitation) return true;
  if (notice.says() != Event::Consent || !notice.consent) return false;
  const std::vector<std::string>& scopes = notice.consent->scopes;
  return std::find(scopes.begin(), scopes.end(), "sip") != scopes.end();
}

}  // namespace

std::optional<PlanKey> plan_key(const Notice& notice) {
  const bool names_plan = notice.plan && !notice.plan->value.empty();
  if (names_plan) return PlanKey{notice.plan->kind, notice.plan->system + "|" + notice.plan->value};
  if (notice.case_identity.value.empty() || (!is_of_plan(notice.says()) && !is_about_sip(notice))) return std::nullopt;
  const PlanKind kind = notice.plan ? notice.plan->kind : PlanKind::Sip;
  if (kind != PlanKind::Sip && kind != PlanKind::Spu && kind != PlanKind::SplptLrv) return std::nullopt;
  // One ärende has one plan: which kind it is may change (LUS 4:1 st 2), and the key does not.
  return PlanKey{kind, "sip|" + notice.case_key};
}

std::string owner_of(const PlanKey& key, const Identity& identity) {
  const std::string of_owner = "|" + identity.system + "|" + identity.value;
  return key.key.ends_with(of_owner) ? key.key.substr(0, key.key.size() - of_owner.size()) : std::string();
}

bool is_chain_key(std::string_view case_key) { return case_key.starts_with(chain_start); }

std::optional<PlanKey> key_in_chain(const Notice& notice) {
  if (!is_chain_key(notice.case_key)) return plan_key(notice);
  return PlanKey{notice.plan ? notice.plan->kind : PlanKind::Sip, notice.case_key.substr(chain_start.size())};
}

std::string chain_key(const PlanKey& key) { return std::string(chain_start) + key.key; }

Uuid plan_id(const PlanKey& key) { return case_id(chain_key(key)); }

}  // namespace vardbron::care::plan
