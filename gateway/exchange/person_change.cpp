// Tested by tests/exchange/person_chains_test.cpp and tests/exchange/person_merge_test.cpp.

#include "gateway/base/digest.h"
#include "gateway/care/chain/chain.h"
#include "gateway/exchange/person_chains.h"
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

bool protects(const care::StayView& view) { return view.person.protection != care::Protection::None; }

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

using Views = std::vector<const care::StayView*>;

std::vector<care::StayView> copies(const Views& views) {
  std::vector<care::StayView> all;
  for (const care::StayView* each : views) all.push_back(*each);
  return all;
}

/// Who is who at one time, by all that was read. The views outlive it.
class Said {
 public:
  Said(const Views& stays, std::span<const care::Notice> notices) : merges_(care::merges_in(notices)), persons_(stays, merges_) {
    for (const care::StayView* each : stays)
      if (!each->person.identifiers.empty()) stays_[persons_.person_of(each->person.identifiers.front())].push_back(each);
  }

  const care::Persons& persons() const { return persons_; }
  const std::vector<care::Merge>& merges() const { return merges_; }
  const Views& stays_of(const care::Identity& number) const {
    static const Views none;
    const auto found = stays_.find(persons_.person_of(number));
    return found == stays_.end() ? none : found->second;
  }
  /// Which ärenden there are of the person, not what they say, and the merges: all that each of them reads.
  std::pair<std::set<std::string_view>, std::vector<care::Merge>> read_of(const care::Identity& number,
                                                                          const std::string& without) const {
    std::set<std::string_view> keys;
    for (const care::StayView* each : stays_of(number))
      if (each->case_key != without) keys.insert(each->case_key);
    return {std::move(keys), persons_.merges_of({number})};
  }

 private:
  std::vector<care::Merge> merges_;
  care::Persons persons_;
  std::map<std::size_t, Views> stays_;  // by Persons::person_of
};

/// The numbers whose ärenden read other ärenden, or merges, at one time than at the other one, without that one.
class ReadOtherwise {
 public:
  ReadOtherwise(const Said& was, const Said& is, std::string without) : was_(was), is_(is), without_(std::move(without)) {}
  bool operator()(const care::Identity& number) {
    const std::pair persons(was_.persons().person_of(number), is_.persons().person_of(number));
    const auto [found, is_new] = known_.try_emplace(persons, false);
    if (is_new) found->second = was_.read_of(number, without_) != is_.read_of(number, without_);
    return found->second;
  }

 private:
  const Said& was_;
  const Said& is_;
  const std::string without_;
  std::map<std::pair<std::size_t, std::size_t>, bool> known_;
};

care::Protection strongest_of(const NumberChain& chain, const Said& was, const Said& is) {
  care::Protection strongest = care::Protection::None;
  for (const care::StayView& each : chain.views) strongest = std::max(strongest, each.person.protection);
  for (const Said* said : {&was, &is})
    for (const care::StayView* each : said->stays_of(chain.number)) strongest = std::max(strongest, each->person.protection);
  return strongest;
}

/// Who they are before the change or after it, and so all whom it concerns.
std::vector<care::Identity> concerned(const Said& was, const Said& is, std::vector<care::Identity> seed) {
  return is.persons().numbers_of(was.persons().numbers_of(std::move(seed)));
}

/// A person was made of numbers that are two persons' now.
bool is_split(const Said& was, const Said& is, const care::Identity& number) {
  const std::vector<care::Identity> before = was.persons().numbers_of({number});
  return std::any_of(before.begin(), before.end(),
                     [&](const care::Identity& each) { return !is.persons().are_one(number, each); });
}

/// The ärenden of others of whom that is so.
std::vector<std::string> split_cases(const Said& was, const Said& is, const Views& stays) {
  std::vector<std::string> keys;
  for (const care::StayView* each : stays)
    if (is_split(was, is, each->person.identifiers.front())) keys.push_back(each->case_key);
  return keys;
}

/// A change of what an ärende says, or has read.
struct StayChange {
  const care::StayView& before;
  const care::StayView& after;
  bool has_followed = false;
  std::vector<care::ReadChain> joined;
};

/// The chains of the person that the ärende has read and that its link is not in.
std::vector<care::ReadChain> joined(const PersonChains& read, const Said& is, const care::StayView& view) {
  std::vector<care::ReadChain> chains;
  const std::vector<care::Identity> person = is.persons().numbers_of(view.person.identifiers);
  for (const NumberChain& chain : read.numbers) {
    if (!care::contains(person, chain.number)) continue;
    if (!names(view, chain.number)) chains.push_back({chain.key, chain.version});
    if (chain.merges_version > 0) chains.push_back({care::merges_key(chain.key), chain.merges_version});
  }
  return chains;
}

/// What an ärende says of a number, when that changes.
std::vector<store::ChainLink> stay_links(const NumberChain& chain, const Said& was, const Said& is, const StayChange& made,
                                         const CaseRules& rules) {
  const bool was_named = names(made.before, chain.number), is_named = names(made.after, chain.number);
  if (is_named ? was_named && made.before == made.after && !made.has_followed : !was_named) return {};
  const tree::Document body = care::write_stay_view(is_named ? made.after : without_person(made.after), rules.names,
                                                    strongest_of(chain, was, is), made.joined);
  return {{made.after.case_key, std::string(stay_link), json::write(body), made.after.said, 0}};
}

/// The Patient of a number, when it changes. `own`: the ärende that says something else; "": none.
void add_patient(const NumberChain& chain, const Said& was, const Said& is, const care::StayView& own, const CaseRules& rules,
                 store::CasePart& part) {
  const auto patient_of = [&](care::SaidOfPerson said, bool is_whole) {
    return care::patient(chain.number, rules.person_secret, said, rules.names, is_whole);
  };
  const care::SaidOfPerson after{copies(is.stays_of(chain.number)), with(chain, own), is.persons().merges_of({chain.number})};
  care::Projected made = patient_of(after, true);
  std::string body = json::write(made.document);
  const bool is_stored = chain.patient_version > 0 && chain.patient_digest == to_hex(sha256(body)) &&
                         made.parties == patient_of({copies(was.stays_of(chain.number)), chain.views}, false).parties;
  if (is_stored) return;
  // Former versions may show where somebody lives who is protected by now.
  part.hides_former_versions = std::any_of(after.all.begin(), after.all.end(), protects) ||
                               care::protection_by(after.merges) != care::Protection::None;
  store::ResourceWrite& write = part.resources.emplace_back();
  write.type = made.type;
  write.id = made.id;
  write.body = std::move(body);
  write.expected_version = chain.patient_version;
  write.keys = rules.indexer.keys(tree::root(made.document));
  write.parties = std::move(made.parties);
}

/// A part that writes nothing guards what was read.
store::CasePart& part_of(store::Change& change, std::string key, std::int64_t version) {
  for (store::CasePart& part : change.parts)
    if (part.case_key == key) return part;
  store::CasePart& part = change.parts.emplace_back();
  part.case_key = std::move(key);
  part.case_version = version;
  return part;
}

void guard(const PersonChains& read, store::Change& change) {
  for (const NumberChain& chain : read.numbers) {
    part_of(change, chain.key, chain.version);
    part_of(change, care::merges_key(chain.key), chain.merges_version);
  }
}

std::vector<care::Identity> numbers_of_merges(const Said& was, const Said& is) {
  std::vector<care::Identity> numbers;
  for (const Said* said : {&was, &is})
    for (const care::Merge& each : said->merges())
      if (was.persons().counts(each) != is.persons().counts(each))
        numbers.insert(numbers.end(), each.numbers.begin(), each.numbers.end());
  return numbers;
}

}  // namespace

// A number that the case names no more is another person's, or nobody's; so is one that merges joined by this case's word.
std::vector<std::string> add_person(const PersonChains& read, const care::StayView& before, const care::StayView& after,
                                    bool has_followed, const CaseRules& rules, store::Change& change) {
  const Views others = read.others(after.case_key);
  Views stays_before = others, stays = others;
  if (!before.person.identifiers.empty()) stays_before.push_back(&before);
  if (!after.person.identifiers.empty()) stays.push_back(&after);
  const std::vector<care::Notice> notices = read.notices();
  const Said was(stays_before, notices), is(stays, notices);
  std::vector<care::Identity> seed = after.person.identifiers;
  seed.insert(seed.end(), before.person.identifiers.begin(), before.person.identifiers.end());
  const auto is_of_seed = [&](const care::Identity& number) {
    return std::any_of(seed.begin(), seed.end(), [&](const care::Identity& each) {
      return was.persons().are_one(each, number) || is.persons().are_one(each, number);
    });
  };
  change.hides_former_versions |= std::any_of(before.person.identifiers.begin(), before.person.identifiers.end(),
                                              [&](const care::Identity& each) { return is_split(was, is, each); });
  const std::vector<care::Identity> persons = concerned(was, is, seed);
  const StayChange made{before, after, has_followed, joined(read, is, after)};
  for (const NumberChain& chain : read.numbers) {
    if (!care::contains(persons, chain.number)) continue;
    store::CasePart& part = part_of(change, chain.key, chain.version);
    part.links = stay_links(chain, was, is, made, rules);
    if (chain.version == 0 && part.links.empty()) continue;  // nobody has named the number, or does
    add_patient(chain, was, is, after, rules, part);
    part.hides_former_versions |= is_split(was, is, chain.number);
  }
  guard(read, change);
  ReadOtherwise read_otherwise(was, is, after.case_key);
  for (const care::StayView* each : others) {
    const care::Identity& number = each->person.identifiers.front();
    if (!care::contains(persons, number)) continue;
    const bool is_changed = joins_otherwise(before, after) || care::concerns(before, after, *each);
    if ((is_changed && is_of_seed(number)) || read_otherwise(number)) change.due_cases.push_back(each->case_key);
  }
  return split_cases(was, is, others);
}

MergeEffect add_merge(const PersonChains& read, const care::Notice& notice, const store::ChainLink& link, const CaseRules& rules,
                      store::Change& change) {
  const std::vector<care::Notice> earlier = read.notices();
  std::vector<care::Notice> notices = earlier;
  notices.push_back(notice);
  const Views stays = read.others("");
  const Said was(stays, earlier), is(stays, notices);
  const std::vector<care::Identity> changed = numbers_of_merges(was, is), persons = concerned(was, is, changed);
  MergeEffect effect;
  effect.changes = !changed.empty();
  const std::string identity = care::name_of(notice.identity);
  const auto is_this = [&](const care::Merge& each) { return each.identity == identity; };
  effect.counts = std::any_of(is.merges().begin(), is.merges().end(),
                              [&](const care::Merge& each) { return is_this(each) && is.persons().counts(each); });
  effect.is_cancelled =
      notice.says() == care::Event::PersonMerged && std::none_of(is.merges().begin(), is.merges().end(), is_this);
  effect.has_target = notice.replaces && std::any_of(earlier.begin(), earlier.end(), [&](const care::Notice& each) {
                        return each.identity == *notice.replaces && care::speaks_for(notice.sender, each.sender);
                      });
  for (const NumberChain& chain : read.numbers) {
    if (care::contains(notice.person.identifiers, chain.number) || care::contains(notice.replaced_numbers, chain.number))
      part_of(change, care::merges_key(chain.key), chain.merges_version).links.push_back(link);
    if (!care::contains(persons, chain.number)) continue;
    effect.numbers = std::max(effect.numbers, is.persons().numbers_of({chain.number}).size());
    if (chain.version == 0) continue;  // no ärende names it
    store::CasePart& part = part_of(change, chain.key, chain.version);
    add_patient(chain, was, is, {}, rules, part);
    part.hides_former_versions |= is_split(was, is, chain.number);
  }
  guard(read, change);
  ReadOtherwise read_otherwise(was, is, "");
  for (const care::StayView* each : stays) {
    const care::Identity& number = each->person.identifiers.front();
    if (!care::contains(persons, number)) continue;
    if (care::is_hospital_of(notice.sender, *each)) ++effect.own_cases;
    if (read_otherwise(number)) change.due_cases.push_back(each->case_key);
  }
  effect.split = split_cases(was, is, stays);
  return effect;
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
