#pragma once

#include "gateway/base/clock.h"
#include "gateway/care/person/person_merges.h"
#include "gateway/care/person/stay_view.h"
#include "gateway/tree/names.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

struct Projected;

/// What an ärende knows of its patient from the patient's other ärenden. A person is whom numbers belong to that notices have
/// joined: one that names two of them, ärenden that have one in common, or a merge.
struct PersonView {
  /// Secret of the store, from which the ids of persons are made: a number can be guessed, its id cannot.
  std::string key;
  std::vector<StayView> others;  ///< sorted by case_key; each names somebody
  std::vector<Merge> merges{};   ///< about the patient, that count

  /// The strongest that any of them, or a merge, knows of: an ärende that was not notified of it must not disclose what another one protects.
  Protection protection() const;
  /// The ärende that has the person's death; null: none.
  const StayView* death() const;
  /// What the plan of that ärende says; null: there is none.
  const StayView* plan_of(std::string_view case_key) const;
  /// The contact with a name, of those that LUS 2:5 asks for, that the unit had at that time by another ärende; none: it had
  /// none.
  std::optional<Appointment> contact_of(std::string_view unit, WallTime at) const;
  /// Since when the unit has had that contact without a gap, by other ärenden (a FHIR dateTime); empty: it had not at that time.
  /// What they appoint later does not count.
  std::string contact_since(std::string_view unit, const Contact& contact, WallTime at) const;
  /// The stay that ended last before that one began (a FHIR dateTime, or ""), at most `days` days before; null: none.
  const StayView* stay_before(const std::string& since, int days) const;
  /// Merges, and the other ärenden, say that it is one person.
  bool are_one(const Person& one, const Person& other) const;
};

/// The key of a number's chain in the store.
std::string person_key(std::string_view secret, const Identity& number);
/// The key of the chain of the notices about the person alone that name the number. It is another one than that of what ärenden
/// say, of which only the newest links are read.
std::string merges_key(std::string_view person_key);
/// Id of the number's Patient.
std::string patient_id(std::string_view person_key);
/// The number by which a person with these is named: the one that no merge has replaced and no other supersedes. Not of none.
const Identity& first_number(const std::vector<Identity>& numbers, std::span<const Merge> merges = {});

/// What is said of one person.
struct SaidOfPerson {
  std::vector<StayView> all;  ///< by each ärende of the person
  /// Ärenden that name nobody any more and named the number; their hospitals may read that its Patient is no more, when nobody
  /// else names it.
  std::vector<StayView> former{};
  std::vector<Merge> merges{};  ///< that count, in event order
};

/// The Patient of a number, as the person's ärenden have it. A number that a merge has replaced keeps what its readers may know,
/// since they may not read the Patient that it names. Without document: id and readers only.
Projected patient(const Identity& number, std::string_view secret, const SaidOfPerson& said, const tree::Names& names,
                  bool has_document = true);

}  // namespace vardbron::care
