#pragma once

#include "gateway/care/chain/notice.h"
#include "gateway/care/person/stay_view.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace vardbron::care {

/// What a notice person.merged says: its numbers are one person's.
struct Merge {
  std::string identity;  ///< "system|value" of the notice
  Party sender;
  std::vector<Identity> numbers;   ///< all that it names, each once
  std::vector<Identity> replaced;  ///< those of them that are used no more
  Protection protection = Protection::None;
  bool operator==(const Merge&) const = default;
};

/// Of notices about persons alone, in any order, the merges that nobody who may has corrected, cancelled or taken apart later; in
/// event order. A notice that is there twice counts once.
std::vector<Merge> merges_in(std::span<const Notice> notices);

/// Who is who: the numbers of each person. Numbers are one person's when a stay names both, or a merge that counts does. A merge
/// counts when it is sluten vård's that has a stay of the person, of whichever number; so what one merge joins may let another
/// one count. A function of the sets of both.
class Persons {
 public:
  Persons(std::span<const StayView* const> stays, std::span<const Merge> merges);

  /// All numbers of whom these are, these first.
  std::vector<Identity> numbers_of(std::vector<Identity> some) const;
  /// The merges about them that count, in event order.
  std::vector<Merge> merges_of(const std::vector<Identity>& some) const;
  bool counts(const Merge& merge) const;
  bool are_one(const Identity& number, const Identity& other) const;
  /// The same for two numbers if and only if they are one person's; of numbers that nothing names -1.
  std::size_t person_of(const Identity& number) const;

 private:
  std::size_t at(const Identity& number);
  void join(const std::vector<Identity>& numbers);
  bool has_stay(const Merge& merge, std::span<const StayView* const> stays) const;

  std::vector<Identity> numbers_;
  std::vector<std::size_t> person_;  // of each number: an index of numbers_
  std::vector<Merge> counting_;
};

/// Is that organisation sluten vård that has the stay, or speaks for it?
bool is_hospital_of(const Party& organisation, const StayView& stay);

/// The strongest that they say of the person.
Protection protection_by(std::span<const Merge> merges);

/// Of the numbers of one person those that merges have replaced, by the last that says so.
std::vector<Identity> replaced_by(std::span<const Merge> merges);

}  // namespace vardbron::care
