#include "gateway/exchange/plan_of_notice.h"

#include "gateway/care/chain/write.h"
#include "gateway/care/plan/plan_key.h"
#include "gateway/formats/json/parse.h"
#include "gateway/sweden/hsa_id.h"

#include <algorithm>
#include <set>
#include <utility>

namespace vardbron::exchange {

namespace {

// More plans of one identity than that are as ambiguous as two.
constexpr std::size_t plans_looked_at = 10;

/// The keys of the plans of that identity in which the sender takes part.
Task<Result<std::set<std::string>>> plans_of_sender(store::Store& store, const care::Notice& notice) {
  search::Operand operand;
  operand.system = notice.plan->system;
  operand.value = notice.plan->value;
  search::Criterion identifier;
  identifier.parameter = "identifier";
  identifier.operands.push_back(std::move(operand));
  search::Query query;
  query.resource_type = "CarePlan";
  query.criteria.push_back(std::move(identifier));
  query.count = plans_looked_at;
  store::Reader sender{notice.sender.id, false};
  Result<store::Page> page = co_await store.search(std::move(sender), std::move(query));
  if (!page) co_return std::move(page).failure();
  std::set<std::string> keys;
  for (const store::Resource& plan : page->resources) keys.insert(plan.case_key);
  co_return keys;
}

/// A notice of a plan alone, or one that names the plan that it cancels, or what is shared of it with some units.
bool is_of_plan_only(const care::Notice& notice) {
  if (notice.case_identity.value.empty() || care::is_of_plan(notice.says())) return true;
  if (notice.event == care::Event::Nullified) return notice.plan.has_value();
  return notice.consent && !notice.consent->units.empty();
}

}  // namespace

Task<Result<std::optional<PlanOfNotice>>> plan_of(store::Store& store, const care::Notice& notice, const std::string& arende,
                                                  const std::string& caller) {
  const std::optional<care::plan::PlanKey> named = care::plan::plan_key(notice);
  const bool may_cancel = notice.event == care::Event::Nullified && !notice.case_identity.value.empty();
  if (!named && may_cancel) co_return std::optional(PlanOfNotice{care::plan::chain_key({{}, "sip|" + arende}), false});
  if (!named) co_return std::optional<PlanOfNotice>();
  const bool has_identity = notice.plan && !notice.plan->value.empty();
  PlanOfNotice found{"", is_of_plan_only(notice)};
  if (!has_identity) {
    found.key = care::plan::chain_key({named->kind, "sip|" + arende});
    co_return std::optional<PlanOfNotice>(std::move(found));
  }
  Result<std::set<std::string>> keys = co_await plans_of_sender(store, notice);
  if (!keys) co_return std::move(keys).failure();
  std::string own = care::plan::chain_key({named->kind, caller + "|" + named->key});
  if (keys->size() > 1 && !keys->contains(own))
    co_return Failure{Cause::Invalid,
                      "\"" + sweden::shown(notice.sender.id) +
                          "\" takes part in several plans with this identity, of different " +
                          "organisations, so it is not clear which one is meant. Tell who began the plan directly.",
                      "Bundle.entry.resource.ofType(CarePlan).identifier"};
  found.key = keys->empty() || keys->contains(own) ? std::move(own) : *keys->begin();
  co_return std::optional<PlanOfNotice>(std::move(found));
}

std::vector<store::ChainLink> links_of_plan(const store::Case& arende, const tree::Names& names) {
  std::vector<store::ChainLink> links;
  for (const store::ChainLink& link : arende.links) {
    const Result<tree::Document> document = json::parse(link.body, names);
    if (!document || care::is_write(*document)) continue;
    const Result<care::Notice> notice = care::read_notice(*document);
    if (notice && (care::plan::plan_key(*notice) || notice->event == care::Event::Nullified) && belongs_to_plan(*notice, links))
      links.push_back(link);
  }
  return links;
}

bool belongs_to_plan(const care::Notice& notice, const std::vector<store::ChainLink>& plan) {
  if (notice.event != care::Event::Nullified) return true;
  const std::string cancelled = notice.replaces->system + "|" + notice.replaces->value;
  return std::any_of(plan.begin(), plan.end(), [&](const store::ChainLink& each) { return each.identity == cancelled; });
}

}  // namespace vardbron::exchange
