#include "gateway/exchange/person_chains.h"

#include "gateway/base/digest.h"
#include "gateway/base/limits.h"
#include "gateway/care/chain/chain.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace vardbron::exchange {

namespace {

using Views = std::vector<const care::StayView*>;

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

/// Gives the chain the notices about the person alone that there were when the ärende read it. One that has read none says
/// nothing of that.
void put_merges_back(NumberChain& chain, const std::map<std::string, std::int64_t>& read) {
  if (read.empty()) return;  // nothing is known of what it has read
  const auto known = read.find(care::merges_key(chain.key));
  const std::size_t count = known == read.end() ? 0 : static_cast<std::size_t>(known->second);
  if (count < chain.notices.size())
    chain.notices.erase(chain.notices.begin() + static_cast<std::ptrdiff_t>(count), chain.notices.end());
}

/// Those that the ärenden and the merges of the chain join with its number, if they count.
void add_numbers(const NumberChain& chain, std::vector<care::Identity>& numbers) {
  const auto add = [&](const std::vector<care::Identity>& named) {
    for (const care::Identity& each : named)
      if (!care::contains(numbers, each)) numbers.push_back(each);
  };
  for (const care::StayView& view : chain.views)
    if (names(view, chain.number)) add(view.person.identifiers);
  for (const care::Notice& notice : chain.notices) {
    add(notice.person.identifiers);
    add(notice.replaced_numbers);
  }
}

/// The notices about the person alone that name the number. All of them: what a merge joins is not taken apart by its age.
Task<Result<void>> read_merges(store::Store& store, const CaseRules& rules, NumberChain& chain) {
  Result<store::Case> stored = co_await store.load_case(care::merges_key(chain.key));
  if (!stored) co_return std::move(stored).failure();
  chain.merges_version = stored->version;
  for (store::ChainLink& link : stored->links) {
    Result<tree::Document> document = json::parse(link.body, rules.names);
    if (!document) co_return std::move(document).failure();
    Result<care::Notice> notice = care::read_notice(*document);
    if (!notice) co_return std::move(notice).failure();
    chain.notices.push_back(*std::move(notice));
    link.body = std::string();
  }
  chain.merges = std::move(stored->links);
  co_return done();
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
  Result<void> merges = co_await read_merges(store, rules, chain);
  if (!merges) co_return std::move(merges).failure();
  co_return chain;
}

/// The number that is to be read next: of the person as far as is known, else one that a merge names which does not count yet.
std::optional<care::Identity> next_number(const PersonChains& read, const std::vector<care::Identity>& seed, std::size_t& known) {
  const auto is_read = [&](const care::Identity& number) {
    return std::any_of(read.numbers.begin(), read.numbers.end(), [&](const NumberChain& each) { return each.number == number; });
  };
  const std::vector<care::Notice> notices = read.notices();
  const std::vector<care::Merge> merges = care::merges_in(notices);
  const care::Persons persons(read.others(""), merges);
  if (known < limits::numbers_per_person_max)
    for (const care::Identity& each : persons.numbers_of(seed))
      if (!is_read(each)) return ++known, each;
  std::vector<care::Identity> named;
  for (const care::Notice& notice : notices) {
    named.insert(named.end(), notice.person.identifiers.begin(), notice.person.identifiers.end());
    named.insert(named.end(), notice.replaced_numbers.begin(), notice.replaced_numbers.end());
  }
  if (read.numbers.size() < limits::numbers_looked_at_max)
    for (const care::Identity& each : persons.numbers_of(named))
      if (!is_read(each)) return each;
  return std::nullopt;
}

}  // namespace

std::vector<care::Notice> PersonChains::notices() const {
  std::vector<care::Notice> all;
  for (const NumberChain& chain : numbers) all.insert(all.end(), chain.notices.begin(), chain.notices.end());
  return all;
}

std::vector<const care::StayView*> PersonChains::others(const std::string& case_key) const {
  std::map<std::string_view, const care::StayView*> found;
  for (const NumberChain& chain : numbers)
    for (const care::StayView& view : chain.views)
      if (view.case_key != case_key && names(view, chain.number)) found.try_emplace(view.case_key, &view);
  std::vector<const care::StayView*> all;
  for (const auto& [key, view] : found) all.push_back(view);
  return all;
}

care::StayView PersonChains::own(const std::string& case_key) const {
  for (const NumberChain& chain : numbers)
    for (const care::StayView& view : chain.views)
      if (view.case_key == case_key && names(view, chain.number)) return view;
  return {};
}

care::PersonView PersonChains::view(const std::vector<care::Identity>& seed, const care::StayView& own,
                                    const std::string& secret) const {
  Views stays = others(own.case_key);
  stays.push_back(&own);
  const care::Persons persons(stays, care::merges_in(notices()));
  stays.pop_back();
  std::erase_if(stays, [&](const care::StayView* each) {
    const care::Identity& number = each->person.identifiers.front();
    return std::none_of(seed.begin(), seed.end(), [&](const care::Identity& one) { return persons.are_one(one, number); });
  });
  std::vector<care::StayView> all;
  for (const care::StayView* each : stays) all.push_back(*each);
  return {secret, std::move(all), persons.merges_of(seed)};
}

Task<Result<PersonChains>> read_person(store::Store& store, const CaseRules& rules, std::vector<care::Identity> numbers) {
  PersonChains person;
  std::size_t known = 0;
  for (std::optional<care::Identity> next = next_number(person, numbers, known); next;
       next = next_number(person, numbers, known)) {
    Result<NumberChain> chain = co_await read_number(store, rules, *std::move(next));
    if (!chain) co_return std::move(chain).failure();
    person.numbers.push_back(*std::move(chain));
  }
  co_return person;
}

Task<Result<care::PersonView>> read_others_then(store::Store& store, const CaseRules& rules, PersonChains now,
                                                std::string case_key) {
  const care::StayView own = now.own(case_key);
  Result<std::map<std::string, std::int64_t>> read = read_by(now.numbers, case_key, rules.names);
  if (!read) co_return std::move(read).failure();
  PersonChains then;
  std::vector<care::Identity> numbers = own.person.identifiers;
  for (std::size_t next = 0; next < numbers.size() && next < limits::numbers_per_person_max; ++next) {
    const auto known = std::find_if(now.numbers.begin(), now.numbers.end(),
                                    [&](const NumberChain& each) { return each.number == numbers[next]; });
    if (known != now.numbers.end()) {
      then.numbers.push_back(std::move(*known));
    } else {
      Result<NumberChain> chain = co_await read_number(store, rules, numbers[next]);
      if (!chain) co_return std::move(chain).failure();
      then.numbers.push_back(*std::move(chain));
    }
    NumberChain& chain = then.numbers.back();
    Result<void> set_back = put_back(chain, *read, case_key, rules.names);
    if (!set_back) co_return std::move(set_back).failure();
    put_merges_back(chain, *read);
    add_numbers(chain, numbers);
  }
  co_return then.view(own.person.identifiers, own, rules.person_secret);
}

}  // namespace vardbron::exchange
