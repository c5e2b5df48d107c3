#include "gateway/exchange/case_of_notice.h"

#include "gateway/sweden/hsa_id.h"

#include <set>
#include <string_view>
#include <utility>

namespace vardbron::exchange {

namespace {

// More ärenden of one number than that are as ambiguous as two.
constexpr std::size_t cases_looked_at = 10;

// The namespace that maps make of the organisation that sends, for systems whose numbers have none. A party has another than the
// hospital, whose number it repeats.
constexpr std::string_view made_namespace = "urn:vardbron:arende:";

search::Query query_of(std::string_view type, const care::Identity& identity, bool any_system) {
  search::Operand operand;
  operand.any_system = any_system;
  operand.system = identity.system;
  operand.value = identity.value;
  search::Criterion identifier;
  identifier.parameter = "identifier";
  identifier.operands.push_back(std::move(operand));
  search::Query query;
  query.resource_type = type;
  query.criteria.push_back(std::move(identifier));
  query.count = cases_looked_at;
  return query;
}

// A case's key is the organisation, the system and the number.
bool has_namespace(std::string_view case_key, std::string_view start) {
  const std::size_t bar = case_key.find('|');
  return bar != std::string_view::npos && case_key.substr(bar + 1).starts_with(start);
}

}  // namespace

bool may_join_case(const care::Notice& notice) {
  if (notice.sender.role == care::Role::SlutenVard) return false;
  // A party may put another unit of its own in its place.
  return !care::is_hospitals_own(notice.says()) || notice.says() == care::Event::PartyChanged;
}

Task<Result<CaseOfNotice>> case_of(store::Store& store, const care::Notice& notice) {
  CaseOfNotice own{notice.case_key, false};
  if (!may_join_case(notice) || notice.case_identity.value.empty()) co_return own;
  const store::Reader sender{notice.sender.id, false};
  std::set<std::string> keys;
  const bool has_made_namespace = notice.case_identity.system.starts_with(made_namespace);
  for (const bool any_system : {false, true}) {
    if (any_system && (!keys.empty() || !has_made_namespace)) break;
    search::Query query = query_of("Encounter", notice.case_identity, any_system);
    store::Reader reader = sender;
    Result<store::Page> page = co_await store.search(std::move(reader), std::move(query));
    if (!page) co_return std::move(page).failure();
    for (const store::Resource& encounter : page->resources)
      if (!any_system || has_namespace(encounter.case_key, made_namespace)) keys.insert(encounter.case_key);
  }
  // Who has left the case still has what it sent, and may correct and cancel that.
  if (keys.empty() && notice.replaces) {
    search::Query query = query_of("Communication", *notice.replaces, false);
    store::Reader reader = sender;
    Result<store::Page> page = co_await store.search(std::move(reader), std::move(query));
    if (!page) co_return std::move(page).failure();
    for (const store::Resource& sent : page->resources) keys.insert(sent.case_key);
  }
  if (keys.contains(own.key)) co_return own;
  if (keys.empty()) co_return CaseOfNotice{std::move(own.key), true};
  if (keys.size() == 1) co_return CaseOfNotice{*keys.begin(), false};
  co_return Failure{Cause::Invalid,
                    "\"" + sweden::shown(notice.sender.id) + "\" is party to several ärenden with this number, of different " +
                        "organisations, so it is not clear which one is meant. Tell the hospital of the ärende directly.",
                    "Bundle.entry.resource.ofType(Encounter).identifier"};
}

}  // namespace vardbron::exchange
