#include "gateway/exchange/person_chains.h"

#include "gateway/base/digest.h"
#include "gateway/base/limits.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace vardbron::exchange {

namespace {

constexpr std::string_view stay_link = "stay";

/// What an ärende says that names the number no more.
care::StayView without_person(const care::StayView& view) {
  care::StayView left;
  left.case_key = view.case_key;
  left.said = view.said;
  left.encounter = view.encounter;
  left.hospitals = view.hospitals;
  return left;
}

bool is_protected(const care::StayView& view) { return view.person.protection != care::Protection::None; }

/// What holds of earlier links than are read: that one of them protects the person.
Result<care::StayView> forgotten_before(const store::ChainLink& first, const care::Identity& number, const CaseRules& rules) {
  const Result<tree::Document> document = json::parse(first.body, rules.names);
  if (!document) return document.failure();
  care::StayView forgotten;
  forgotten.person.identifiers = {number};
  forgotten.person.protection = care::read_strongest(*document);
  return forgotten;
}

Task<Result<NumberChain>> read_number(store::Store& store, const CaseRules& rules, care::Identity number) {
  NumberChain chain;
  chain.key = care::person_key(rules.person_secret, number);
  chain.number = std::move(number);
  Result<store::Case> stored = co_await store.load_newest(chain.key, limits::person_links_read_max);
  if (!stored) co_return std::move(stored).failure();
  chain.version = stored->version;
  for (store::CaseResource& each : stored->resources) {
    chain.patient_version = each.version;
    chain.patient_digest = std::move(each.digest);
  }
  const bool is_whole = stored->links.size() == static_cast<std::size_t>(stored->version);
  if (!is_whole && !stored->links.empty()) {
    Result<care::StayView> forgotten = forgotten_before(stored->links.front(), chain.number, rules);
    if (!forgotten) co_return std::move(forgotten).failure();
    if (is_protected(*forgotten)) chain.views.push_back(*std::move(forgotten));
  }
  std::map<std::string, const store::ChainLink*> newest;
  for (const store::ChainLink& link : stored->links) newest[link.identity] = &link;
  for (const auto& [case_key, link] : newest) {
    Result<tree::Document> document = json::parse(link->body, rules.names);
    if (!document) co_return std::move(document).failure();
    Result<care::StayView> view = care::read_stay_view(*document);
    if (!view) co_return std::move(view).failure();
    chain.views.push_back(*std::move(view));
  }
  co_return chain;
}

/// The views of a chain once the case says something else.
std::vector<care::StayView> with(const NumberChain& chain, const care::StayView& own) {
  std::vector<care::StayView> views;
  for (const care::StayView& each : chain.views)
    if (each.case_key != own.case_key) views.push_back(each);
  const bool was_named = views.size() < chain.views.size();
  if (names(own, chain.number)) views.push_back(own);
  if (!names(own, chain.number) && was_named) views.push_back(without_person(own));
  return views;
}

/// Whether the one view joins numbers that the other one does not: then their ärenden read other ärenden than before.
bool joins_otherwise(const care::StayView& before, const care::StayView& after) {
  const std::vector<care::Identity>&was = before.person.identifiers, &is = after.person.identifiers;
  return (was.size() > 1 || is.size() > 1) && !std::is_permutation(was.begin(), was.end(), is.begin(), is.end());
}

/// What a person's ärenden say together, before a change and after it.
struct Together {
  std::vector<care::StayView> before, after;
};

store::CasePart part_of(const NumberChain& chain, const Together& together, const care::StayView& before,
                        const care::StayView& after, const CaseRules& rules) {
  store::CasePart part;
  part.case_key = chain.key;
  part.case_version = chain.version;
  const bool was_named = names(before, chain.number), is_named = names(after, chain.number);
  if (is_named ? !was_named || before != after : was_named) {
    care::Protection strongest = care::Protection::None;
    for (const std::vector<care::StayView>* views : {&together.before, &together.after, &chain.views})
      for (const care::StayView& each : *views) strongest = std::max(strongest, each.person.protection);
    const tree::Document body = care::write_stay_view(is_named ? after : without_person(after), rules.names, strongest);
    part.links.push_back({after.case_key, std::string(stay_link), json::write(body), after.said, 0});
  }
  if (chain.version == 0 && part.links.empty()) return part;  // nobody has named the number, or does
  const auto patient_of = [&](const std::vector<care::StayView>& all, const std::vector<care::StayView>& views, bool is_whole) {
    return care::patient(chain.number, rules.person_secret, all, views, rules.names, is_whole);
  };
  care::Projected made = patient_of(together.after, with(chain, after), true);
  std::string body = json::write(made.document);
  const bool is_stored = chain.patient_version > 0 && chain.patient_digest == to_hex(sha256(body)) &&
                         made.parties == patient_of(together.before, chain.views, false).parties;
  if (is_stored) return part;
  // Former versions may show where somebody lives who is protected by now.
  part.hides_former_versions = std::any_of(together.after.begin(), together.after.end(), is_protected);
  store::ResourceWrite& write = part.resources.emplace_back();
  write.type = made.type;
  write.id = made.id;
  write.body = std::move(body);
  write.expected_version = chain.patient_version;
  write.keys = rules.indexer.keys(tree::root(made.document));
  write.parties = std::move(made.parties);
  return part;
}

}  // namespace

PersonChains PersonChains::of(std::vector<care::Identity> seed, const std::string& case_key) const {
  PersonChains person;
  for (std::size_t next = 0; next < seed.size(); ++next) {
    const auto chain =
        std::find_if(numbers.begin(), numbers.end(), [&](const NumberChain& each) { return each.number == seed[next]; });
    if (chain == numbers.end()) continue;
    person.numbers.push_back(*chain);
    for (const care::StayView& view : chain->views) {
      if (view.case_key == case_key || !names(view, chain->number)) continue;
      for (const care::Identity& each : view.person.identifiers)
        if (std::find(seed.begin(), seed.end(), each) == seed.end()) seed.push_back(each);
    }
  }
  return person;
}

std::vector<care::StayView> PersonChains::others(const std::string& case_key) const {
  std::map<std::string, const care::StayView*> found;
  for (const NumberChain& chain : numbers)
    for (const care::StayView& view : chain.views)
      if (view.case_key != case_key && names(view, chain.number)) found.try_emplace(view.case_key, &view);
  std::vector<care::StayView> all;
  for (const auto& [key, view] : found) all.push_back(*view);
  return all;
}

care::StayView PersonChains::own(const std::string& case_key) const {
  for (const NumberChain& chain : numbers)
    for (const care::StayView& view : chain.views)
      if (view.case_key == case_key && names(view, chain.number)) return view;
  return {};
}

Task<Result<PersonChains>> read_person(store::Store& store, const CaseRules& rules, std::vector<care::Identity> numbers) {
  PersonChains person;
  for (std::size_t next = 0; next < numbers.size() && next < limits::numbers_per_person_max; ++next) {
    Result<NumberChain> chain = co_await read_number(store, rules, numbers[next]);
    if (!chain) co_return std::move(chain).failure();
    for (const care::StayView& view : chain->views) {
      if (!names(view, chain->number)) continue;
      for (const care::Identity& each : view.person.identifiers)
        if (std::find(numbers.begin(), numbers.end(), each) == numbers.end()) numbers.push_back(each);
    }
    person.numbers.push_back(*std::move(chain));
  }
  co_return person;
}

// A number that the case names no more is another person's, or nobody's.
void add_person(const PersonChains& read, const care::StayView& before, const care::StayView& after, const CaseRules& rules,
                store::Change& change) {
  std::vector<std::vector<care::Identity>> persons{after.person.identifiers};
  for (const care::Identity& each : before.person.identifiers) persons.push_back({each});
  std::set<std::string> written;
  for (const std::vector<care::Identity>& seed : persons) {
    const PersonChains person = read.of(seed, after.case_key);
    Together together{person.others(after.case_key), {}};
    together.after = together.before;
    const auto is_of = [&](const care::StayView& view) {
      return std::any_of(person.numbers.begin(), person.numbers.end(),
                         [&](const NumberChain& chain) { return names(view, chain.number); });
    };
    if (is_of(before)) together.before.push_back(before);
    if (is_of(after)) together.after.push_back(after);
    for (const NumberChain& chain : person.numbers) {
      if (!written.insert(chain.key).second) continue;
      store::CasePart part = part_of(chain, together, before, after, rules);
      if (!part.links.empty() || !part.resources.empty()) change.parts.push_back(std::move(part));
    }
    for (const care::StayView& each : person.others(after.case_key))
      if (joins_otherwise(before, after) || care::concerns(before, after, each)) change.due_cases.push_back(each.case_key);
  }
}

}  // namespace vardbron::exchange
