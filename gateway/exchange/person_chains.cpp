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
Result<care::StayView> forgotten_before(const store::ChainLink& first, const care::Identity& number, const tree::Names& names) {
  const Result<tree::Document> document = json::parse(first.body, names);
  if (!document) return document.failure();
  care::StayView forgotten;
  forgotten.person.identifiers = {number};
  forgotten.person.protection = care::read_strongest(*document);
  return forgotten;
}

/// Links of the chain before those that were read.
std::int64_t links_before(const NumberChain& chain) {
  return chain.links ? chain.version - static_cast<std::int64_t>(chain.links->size()) : chain.version;
}

/// The newest of each ärende among the first `count` links of the chain.
Result<std::vector<care::StayView>> views_of(const NumberChain& chain, std::int64_t count, const tree::Names& names) {
  std::vector<care::StayView> views;
  if (!chain.links || chain.links->empty()) return views;
  const std::vector<store::ChainLink>& links = *chain.links;
  if (links_before(chain) > 0) {
    Result<care::StayView> forgotten = forgotten_before(links.front(), chain.number, names);
    if (!forgotten) return std::move(forgotten).failure();
    if (is_protected(*forgotten)) views.push_back(*std::move(forgotten));
  }
  std::map<std::string, const store::ChainLink*> newest;
  for (std::int64_t each = 0; each < count - links_before(chain); ++each)
    newest[links[static_cast<std::size_t>(each)].identity] = &links[static_cast<std::size_t>(each)];
  for (const auto& [case_key, link] : newest) {
    Result<tree::Document> document = json::parse(link->body, names);
    if (!document) return std::move(document).failure();
    Result<care::StayView> view = care::read_stay_view(*document);
    if (!view) return std::move(view).failure();
    views.push_back(*std::move(view));
  }
  return views;
}

/// The ärende's newest link in the chain, as its place among the links that were read; none: it has none there.
std::optional<std::size_t> newest_of(const NumberChain& chain, const std::string& case_key) {
  for (std::size_t left = chain.links ? chain.links->size() : 0; left > 0; --left)
    if ((*chain.links)[left - 1].identity == case_key) return left - 1;
  return std::nullopt;
}

/// How much of the chains the ärende has read, by their keys.
Result<std::map<std::string, std::int64_t>> read_by(const std::vector<NumberChain>& numbers, const std::string& case_key,
                                                    const tree::Names& names) {
  std::map<std::string, std::int64_t> read;
  const store::ChainLink* own = nullptr;
  for (const NumberChain& chain : numbers) {
    const auto names_it = [&](const care::StayView& view) {
      return view.case_key == case_key && care::names(view, chain.number);
    };
    const std::optional<std::size_t> newest = newest_of(chain, case_key);
    if (!newest || std::none_of(chain.views.begin(), chain.views.end(), names_it)) continue;
    read[chain.key] = links_before(chain) + static_cast<std::int64_t>(*newest);
    own = &(*chain.links)[*newest];
  }
  if (own == nullptr) return read;
  Result<tree::Document> document = json::parse(own->body, names);
  if (!document) return std::move(document).failure();
  for (care::ReadChain& each : care::read_joined(*document)) read.emplace(std::move(each.key), each.links);
  return read;
}

/// Gives the chain the views that it had when the ärende read it, if others have said something since.
Result<void> put_back(NumberChain& chain, const std::map<std::string, std::int64_t>& read, const std::string& case_key,
                      const tree::Names& names) {
  const auto known = read.find(chain.key);
  if (known == read.end() || !chain.links || known->second < links_before(chain)) return done();
  const auto since = chain.links->begin() + static_cast<std::ptrdiff_t>(known->second - links_before(chain));
  if (std::all_of(since, chain.links->end(), [&](const store::ChainLink& each) { return each.identity == case_key; }))
    return done();
  Result<std::vector<care::StayView>> views = views_of(chain, known->second, names);
  if (!views) return std::move(views).failure();
  chain.views = *std::move(views);
  return done();
}

/// Those that the ärenden of the chain join with its number.
void add_numbers(const NumberChain& chain, std::vector<care::Identity>& numbers) {
  for (const care::StayView& view : chain.views) {
    if (!names(view, chain.number)) continue;
    for (const care::Identity& each : view.person.identifiers)
      if (std::find(numbers.begin(), numbers.end(), each) == numbers.end()) numbers.push_back(each);
  }
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
  chain.links = std::make_shared<const std::vector<store::ChainLink>>(std::move(stored->links));
  Result<std::vector<care::StayView>> views = views_of(chain, chain.version, rules.names);
  if (!views) co_return std::move(views).failure();
  chain.views = *std::move(views);
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

/// Whether the one view joins numbers that the other one leaves apart.
bool joins_more(const care::StayView& view, const care::StayView& other) {
  const std::vector<care::Identity>& numbers = view.person.identifiers;
  return numbers.size() > 1 &&
         std::any_of(numbers.begin(), numbers.end(), [&](const care::Identity& each) { return !names(other, each); });
}

/// Numbers that ärenden join to persons.
class Joined {
 public:
  Joined(std::vector<care::StayView> others, const care::StayView& own) : views_(std::move(others)) { views_.push_back(own); }

  /// Whether the person with that number has all numbers here that it has there.
  bool has_all_of(const Joined& there, const care::Identity& number) const {
    const std::set<care::Identity> here = person_of(number), other = there.person_of(number);
    return std::includes(here.begin(), here.end(), other.begin(), other.end());
  }

 private:
  std::set<care::Identity> person_of(const care::Identity& number) const {
    std::set<care::Identity> all{number};
    for (std::size_t before = 0; before < all.size();) {
      before = all.size();
      for (const care::StayView& view : views_) {
        const std::vector<care::Identity>& named = view.person.identifiers;
        if (std::any_of(named.begin(), named.end(), [&](const auto& each) { return all.contains(each); }))
          all.insert(named.begin(), named.end());
      }
    }
    return all;
  }

  std::vector<care::StayView> views_;
};

/// What a person's ärenden say together, before a change and after it.
struct Together {
  std::vector<care::StayView> before, after;
};

/// The chains of the person that the ärende does not name.
std::vector<care::ReadChain> joined(const PersonChains& person, const care::StayView& view) {
  std::vector<care::ReadChain> read;
  for (const NumberChain& chain : person.numbers)
    if (!names(view, chain.number)) read.push_back({chain.key, chain.version});
  return read;
}

/// A change of what an ärende says, or has read.
struct StayChange {
  const care::StayView& before;
  const care::StayView& after;
  bool has_followed = false;
  std::vector<care::ReadChain> joined;
};

store::CasePart part_of(const NumberChain& chain, const Together& together, const StayChange& made, const CaseRules& rules) {
  const care::StayView& before = made.before;
  const care::StayView& after = made.after;
  store::CasePart part;
  part.case_key = chain.key;
  part.case_version = chain.version;
  const bool was_named = names(before, chain.number), is_named = names(after, chain.number);
  if (is_named ? !was_named || before != after || made.has_followed : was_named) {
    care::Protection strongest = care::Protection::None;
    for (const std::vector<care::StayView>* views : {&together.before, &together.after, &chain.views})
      for (const care::StayView& each : *views) strongest = std::max(strongest, each.person.protection);
    const tree::Document body =
        care::write_stay_view(is_named ? after : without_person(after), rules.names, strongest, made.joined);
    part.links.push_back({after.case_key, std::string(stay_link), json::write(body), after.said, 0});
  }
  if (chain.version == 0 && part.links.empty()) return part;  // nobody has named the number, or does
  const auto patient_of = [&](const std::vector<care::StayView>& all, const std::vector<care::StayView>& views, bool is_whole) {
    return care::patient(chain.number, rules.person_secret, all, views, rules.names, is_whole);
  };
  care::Projected patient = patient_of(together.after, with(chain, after), true);
  std::string body = json::write(patient.document);
  const bool is_stored = chain.patient_version > 0 && chain.patient_digest == to_hex(sha256(body)) &&
                         patient.parties == patient_of(together.before, chain.views, false).parties;
  if (is_stored) return part;
  // Former versions may show where somebody lives who is protected by now.
  part.hides_former_versions = std::any_of(together.after.begin(), together.after.end(), is_protected);
  store::ResourceWrite& write = part.resources.emplace_back();
  write.type = patient.type;
  write.id = patient.id;
  write.body = std::move(body);
  write.expected_version = chain.patient_version;
  write.keys = rules.indexer.keys(tree::root(patient.document));
  write.parties = std::move(patient.parties);
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
    add_numbers(*chain, numbers);
    person.numbers.push_back(*std::move(chain));
  }
  co_return person;
}

Task<Result<std::vector<care::StayView>>> read_others_then(store::Store& store, const CaseRules& rules, PersonChains now,
                                                           std::string case_key) {
  const std::vector<care::Identity> seed = now.own(case_key).person.identifiers;
  Result<std::map<std::string, std::int64_t>> read = read_by(now.numbers, case_key, rules.names);
  if (!read) co_return std::move(read).failure();
  PersonChains then;
  std::vector<care::Identity> numbers;
  for (NumberChain& chain : now.numbers) {
    numbers.push_back(chain.number);
    then.numbers.push_back(std::move(chain));
  }
  for (std::size_t next = 0; next < numbers.size() && next < limits::numbers_per_person_max; ++next) {
    if (next == then.numbers.size()) {
      Result<NumberChain> chain = co_await read_number(store, rules, numbers[next]);
      if (!chain) co_return std::move(chain).failure();
      then.numbers.push_back(*std::move(chain));
    }
    Result<void> set_back = put_back(then.numbers[next], *read, case_key, rules.names);
    if (!set_back) co_return std::move(set_back).failure();
    add_numbers(then.numbers[next], numbers);
  }
  co_return then.of(seed, case_key).others(case_key);
}

// A number that the case names no more is another person's, or nobody's.
std::vector<std::string> add_person(const PersonChains& read, const care::StayView& before, const care::StayView& after,
                                    bool has_followed, const CaseRules& rules, store::Change& change) {
  const Joined was(read.others(after.case_key), before), is(read.others(after.case_key), after);
  const bool may_split = joins_more(before, after);
  const auto is_split = [&](const std::vector<care::Identity>& numbers) {
    return may_split && std::any_of(numbers.begin(), numbers.end(), [&](const auto& each) { return !is.has_all_of(was, each); });
  };
  change.hides_former_versions |= is_split(before.person.identifiers);
  std::vector<std::vector<care::Identity>> persons{after.person.identifiers};
  for (const care::Identity& each : before.person.identifiers) persons.push_back({each});
  std::set<std::string> written, split;
  const StayChange made{before, after, has_followed, joined(read.of(after.person.identifiers, after.case_key), after)};
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
      store::CasePart part = part_of(chain, together, made, rules);
      part.hides_former_versions |= is_split({chain.number});
      change.parts.push_back(std::move(part));  // one that writes nothing guards what was read
    }
    for (const care::StayView& each : person.others(after.case_key)) {
      if (joins_otherwise(before, after) || care::concerns(before, after, each)) change.due_cases.push_back(each.case_key);
      if (is_split(each.person.identifiers)) split.insert(each.case_key);
    }
  }
  return {split.begin(), split.end()};
}

Task<Result<void>> hide_former_versions(store::Store& store, std::vector<std::string> case_keys, store::Change& change) {
  for (std::string& key : case_keys) {
    Result<store::Case> known = co_await store.load_newest(key, 0);
    if (!known) co_return std::move(known).failure();
    store::CasePart part;
    part.case_key = std::move(key);
    part.case_version = known->version;
    part.hides_former_versions = true;
    change.parts.push_back(std::move(part));
  }
  co_return done();
}

}  // namespace vardbron::exchange
