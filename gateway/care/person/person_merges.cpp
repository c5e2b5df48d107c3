#include "gateway/care/person/person_merges.h"

#include "gateway/care/chain/chain.h"
#include "gateway/sweden/hsa_id.h"

#include <algorithm>
#include <utility>

namespace vardbron::care {
namespace {

constexpr std::size_t nobody = static_cast<std::size_t>(-1);

/// As speaks_for(), of an organisation of which only the id is known.
bool speaks_for_id(const Party& by, std::string_view id) {
  if (by.id == id || sweden::same_body(by.id, id)) return true;
  return by.id != by.identifier.value && id.starts_with(by.identifier.system + "|");
}

Merge merge_of(const Notice& notice) {
  Merge merge{name_of(notice.identity), notice.sender, notice.person.identifiers, notice.replaced_numbers,
              notice.person.protection};
  for (const Identity& each : merge.replaced)
    if (!contains(merge.numbers, each)) merge.numbers.push_back(each);
  return merge;
}

/// Numbers that one names as two persons' the other one names as one person's.
bool takes_apart(const Merge& unmerge, const Merge& merge) {
  const auto is_one = [&](const Identity& each) { return contains(unmerge.numbers, each) && !contains(unmerge.replaced, each); };
  const auto is_other = [&](const Identity& each) { return contains(unmerge.replaced, each); };
  return speaks_for(unmerge.sender, merge.sender) && std::any_of(merge.numbers.begin(), merge.numbers.end(), is_one) &&
         std::any_of(merge.numbers.begin(), merge.numbers.end(), is_other);
}

}  // namespace

std::vector<Merge> merges_in(std::span<const Notice> notices) {
  if (notices.empty()) return {};
  const Chain chain(notices.begin(), notices.end());
  std::vector<Merge> merges;
  for (const ChainEntry& link : arrange(chain).links) {
    const bool holds = link.link_status == LinkStatus::Effective && link.notice->event != Event::Nullified;
    if (!holds) continue;
    Merge merge = merge_of(*link.notice);
    if (link.notice->says() == Event::PersonUnmerged) {
      std::erase_if(merges, [&](const Merge& each) { return takes_apart(merge, each); });
    } else if (link.notice->says() == Event::PersonMerged) {
      merges.push_back(std::move(merge));
    }
  }
  return merges;
}

Persons::Persons(std::span<const StayView* const> stays, std::span<const Merge> merges) {
  for (const StayView* stay : stays) join(stay->person.identifiers);
  for (const Merge& merge : merges)
    for (const Identity& number : merge.numbers) at(number);
  std::vector<bool> is_counted(merges.size(), false);
  for (bool has_more = true; has_more;) {
    has_more = false;
    for (std::size_t index = 0; index < merges.size(); ++index) {
      if (is_counted[index] || !has_stay(merges[index], stays)) continue;
      is_counted[index] = has_more = true;
      join(merges[index].numbers);
    }
  }
  for (std::size_t index = 0; index < merges.size(); ++index)
    if (is_counted[index]) counting_.push_back(merges[index]);
}

std::vector<Identity> Persons::numbers_of(std::vector<Identity> some) const {
  const std::size_t named = some.size();
  for (const Identity& each : numbers_) {
    const auto is_of_it = [&](const Identity& one) { return are_one(one, each); };
    const auto end = some.begin() + static_cast<std::ptrdiff_t>(named);
    if (!contains(some, each) && std::any_of(some.begin(), end, is_of_it)) some.push_back(each);
  }
  return some;
}

std::vector<Merge> Persons::merges_of(const std::vector<Identity>& some) const {
  std::vector<Merge> merges;
  for (const Merge& merge : counting_)
    if (std::any_of(some.begin(), some.end(), [&](const Identity& each) { return are_one(each, merge.numbers.front()); }))
      merges.push_back(merge);
  return merges;
}

bool Persons::counts(const Merge& merge) const { return std::find(counting_.begin(), counting_.end(), merge) != counting_.end(); }

bool Persons::are_one(const Identity& number, const Identity& other) const {
  const std::size_t one = person_of(number);
  return number == other || (one != nobody && one == person_of(other));
}

bool Persons::has_stay(const Merge& merge, std::span<const StayView* const> stays) const {
  return std::any_of(stays.begin(), stays.end(), [&](const StayView* stay) {
    const std::vector<Identity>& named = stay->person.identifiers;
    if (named.empty() || !is_hospital_of(merge.sender, *stay)) return false;
    return std::any_of(merge.numbers.begin(), merge.numbers.end(),
                       [&](const Identity& number) { return are_one(number, named.front()); });
  });
}

std::size_t Persons::at(const Identity& number) {
  const auto found = std::find(numbers_.begin(), numbers_.end(), number);
  if (found != numbers_.end()) return static_cast<std::size_t>(found - numbers_.begin());
  numbers_.push_back(number);
  person_.push_back(person_.size());
  return person_.size() - 1;
}

std::size_t Persons::person_of(const Identity& number) const {
  const auto found = std::find(numbers_.begin(), numbers_.end(), number);
  return found == numbers_.end() ? nobody : person_[static_cast<std::size_t>(found - numbers_.begin())];
}

void Persons::join(const std::vector<Identity>& numbers) {
  if (numbers.empty()) return;
  const std::size_t person = person_[at(numbers.front())];
  for (const Identity& each : numbers) {
    const std::size_t former = person_[at(each)];
    std::replace(person_.begin(), person_.end(), former, person);
  }
}

bool is_hospital_of(const Party& organisation, const StayView& stay) {
  return organisation.role == Role::SlutenVard &&
         std::any_of(stay.hospitals.begin(), stay.hospitals.end(),
                     [&](const std::string& hospital) { return speaks_for_id(organisation, hospital); });
}

Protection protection_by(std::span<const Merge> merges) {
  Protection strongest = Protection::None;
  for (const Merge& merge : merges) strongest = std::max(strongest, merge.protection);
  return strongest;
}

std::vector<Identity> replaced_by(std::span<const Merge> merges) {
  std::vector<Identity> replaced;
  for (const Merge& merge : merges) {
    std::erase_if(replaced, [&](const Identity& each) { return contains(merge.numbers, each); });
    replaced.insert(replaced.end(), merge.replaced.begin(), merge.replaced.end());
  }
  return replaced;
}

}  // namespace vardbron::care
