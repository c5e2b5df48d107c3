#include "gateway/care/person/merge_person.h"

#include "gateway/care/chain/chain.h"
#include "gateway/sweden/kommun.h"

#include <algorithm>

namespace vardbron::care {
namespace {

bool knows(const Person& person, const Identity& identifier) {
  return std::find(person.identifiers.begin(), person.identifiers.end(), identifier) != person.identifiers.end();
}

void take_identifiers(Person& person, const Notice& notice, const PersonView& known, std::vector<Finding>& findings) {
  const std::vector<Identity>& newer = notice.person.identifiers;
  bool is_known = std::any_of(newer.begin(), newer.end(), [&](const Identity& one) { return knows(person, one); });
  if (!person.identifiers.empty() && !is_known && !known.are_one(person, notice.person))
    findings.push_back({name_of(notice.identity), "patient-identifier-changed",
                        "The notice names the patient by a number that the case did not know."});
  if (!notice.person.identity_level.empty()) person.identity_level = notice.person.identity_level;
  for (const Identity& identifier : newer)
    if (!knows(person, identifier)) person.identifiers.push_back(identifier);
}

void take_kommun(Person& person, const Notice& notice, std::vector<Finding>& findings) {
  if (notice.person.kommun.empty()) return;
  if (sweden::parse_kommunkod(notice.person.kommun)) {
    person.kommun = notice.person.kommun;
  } else {
    findings.push_back({name_of(notice.identity), "no-such-kommun",
                        "The municipality of registration is not the code of a Swedish municipality."});
  }
}

void take_placing_kommun(Person& person, const Notice& notice, std::vector<Finding>& findings) {
  if (notice.person.placing_kommun.empty()) return;
  if (sweden::parse_kommunkod(notice.person.placing_kommun)) {
    person.placing_kommun = notice.person.placing_kommun;
  } else {
    findings.push_back({name_of(notice.identity), "no-such-kommun",
                        "The municipality that placed the patient is not the code of a Swedish municipality."});
  }
}

}  // namespace

bool changes_person(const Person& person, const Person& newer) {
  const auto differs = [](const auto& kept, const auto& value) { return !value.empty() && kept != value; };
  const bool is_renamed = (!newer.family.empty() || !newer.name_text.empty()) &&
                          (person.family != newer.family || person.name_text != newer.name_text || person.given != newer.given);
  return is_renamed || differs(person.gender, newer.gender) || differs(person.birth_date, newer.birth_date) ||
         differs(person.addresses, newer.addresses) || differs(person.related, newer.related) ||
         (differs(person.kommun, newer.kommun) && sweden::parse_kommunkod(newer.kommun)) ||
         differs(person.identity_level, newer.identity_level) ||
         std::any_of(newer.identifiers.begin(), newer.identifiers.end(),
                     [&](const Identity& each) { return !knows(person, each); });
}

void merge_person(Person& person, const Notice& notice, const PersonView& known, std::vector<Finding>& findings) {
  const Person& newer = notice.person;
  take_identifiers(person, notice, known, findings);
  if (!newer.family.empty() || !newer.name_text.empty()) {
    person.family = newer.family;
    person.name_text = newer.name_text;
    person.given = newer.given;
  }
  if (!newer.gender.empty()) person.gender = newer.gender;
  if (!newer.birth_date.empty()) person.birth_date = newer.birth_date;
  if (!newer.addresses.empty()) person.addresses = newer.addresses;
  if (!newer.related.empty()) person.related = newer.related;
  take_kommun(person, notice, findings);
  take_placing_kommun(person, notice, findings);
  // Fail closed: one notice with protection is enough, until it is corrected.
  person.protection = std::max(person.protection, newer.protection);
}

}  // namespace vardbron::care
