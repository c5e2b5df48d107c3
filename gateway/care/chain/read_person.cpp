#include "gateway/care/chain/read_person.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/sweden/person_identifier.h"
#include "gateway/time/civil.h"
#include "gateway/tree/children.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace vardbron::care {
namespace {

using tree::Item;

constexpr std::string_view kommun_url = "https://vardbron.example/fhir/StructureDefinition/kommun";
constexpr std::string_view placing_kommun_url = "https://vardbron.example/fhir/StructureDefinition/placerande-kommun";
constexpr std::string_view identity_level_url = "https://vardbron.example/fhir/StructureDefinition/identitetsniva";
constexpr std::string_view protection_system = "https://vardbron.example/fhir/CodeSystem/skydd";

Failure invalid(std::string says, std::string where) { return Failure{Cause::Invalid, std::move(says), std::move(where)}; }

Item extension_of(Item parent, std::string_view url) {
  Item found;
  tree::for_each_child(parent, "extension", [&](Item one) {
    if (!found && one.text_of("url") == url) found = one;
  });
  return found;
}

/// An unknown code of protection counts as the stronger form: fail closed.
Protection protection_of(Item security) {
  std::string_view code = security.text_of("code");
  if (code == "sekretessmarkering") return Protection::Sekretessmarkering;
  if (code == "skyddadFolkbokforing") return Protection::SkyddadFolkbokforing;
  if (security.text_of("system") == protection_system) return Protection::SkyddadFolkbokforing;
  // v3-Confidentiality: restricted and very restricted.
  return code == "R" || code == "V" ? Protection::Sekretessmarkering : Protection::None;
}

/// `born` is a FHIR date of any precision; those sort as text.
void doubt_birth(std::string_view born, std::string_view what, std::chrono::year_month_day today, std::vector<Doubt>& doubts) {
  const std::optional<std::int64_t> year = parse_int(born.substr(0, 4));
  if (!year) return;
  const std::string day = time::format_day(std::chrono::local_days(today));
  const bool has_not_come = born > std::string_view(day).substr(0, born.size());
  if (!has_not_come && *year >= int(today.year()) - sweden::years_of_life_max) return;
  doubts.push_back({"implausible-birth", std::string(what) + (has_not_come ? " names a birth that has not come."
                                                                           : " names a birth more than 130 years ago.")});
}

/// Of whom it is not known for sure who they are. An unknown level counts as none that is known.
void read_identity_level(Item identifier, const sweden::PersonIdentifier& number, Person& person, std::vector<Doubt>& doubts) {
  const std::string level(trim(extension_of(identifier, identity_level_url).text_of("valueCode")));
  if (level.empty()) return;
  if (number.system != sweden::IdentifierSystem::Samordningsnummer) {
    doubts.push_back(
        {"doubtful-value", "A level of identity is sent with a number that is no samordningsnummer; it is not kept."});
  } else if (level != "styrkt" && level != "sannolik" && level != "osaker") {
    doubts.push_back({"doubtful-value", "The level of identity is none of styrkt, sannolik and osaker; it is not kept."});
  } else {
    person.identity_level = level;
  }
}

Result<void> read_identifiers(Item patient, std::string_view path, std::chrono::year_month_day today, Person& person,
                              std::vector<Doubt>& doubts) {
  std::size_t index = 0;
  for (Item child = patient.child("identifier"); child; child = child.next()) {
    if (child.name_text() != "identifier") continue;
    std::string where = std::string(path) + ".identifier[" + std::to_string(index++) + "]";
    Result<sweden::PersonIdentifier> read =
        sweden::parse_person_identifier(child.text_of("system"), child.text_of("value"), today);
    if (!read) return invalid(std::move(read).failure().says, where + ".value");
    doubt_birth(sweden::birth_date(*read), "The person's number", today, doubts);
    read_identity_level(child, *read, person, doubts);
    if (read->system == sweden::IdentifierSystem::ReservnummerOfUnknownRegister)
      doubts.push_back(
          {"unknown-register", "The reserve number has the form of several registers, and nothing says which it is of."});
    Identity identity{std::move(read->uri), std::move(read->value)};
    if (std::find(person.identifiers.begin(), person.identifiers.end(), identity) == person.identifiers.end())
      person.identifiers.push_back(std::move(identity));
  }
  if (person.identifiers.empty()) return invalid("The patient has no identifier.", std::string(path) + ".identifier");
  return done();
}

void read_name(Item patient, Person& person) {
  Item chosen = patient.child("name");
  tree::for_each_child(patient, "name", [&](Item name) {
    if (name.text_of("use") == "official" && chosen.text_of("use") != "official") chosen = name;
  });
  if (!chosen) return;
  person.family = chosen.text_of("family");
  person.name_text = chosen.text_of("text");
  tree::for_each_child(chosen, "given", [&](Item given) {
    if (given.has_value()) person.given.emplace_back(given.text());
  });
}

Address read_address(Item item) {
  Address address;
  address.use = item.text_of("use");
  address.text = item.text_of("text");
  tree::for_each_child(item, "line", [&](Item line) {
    if (line.has_value()) address.lines.emplace_back(line.text());
  });
  address.city = item.text_of("city");
  address.postal_code = item.text_of("postalCode");
  address.country = item.text_of("country");
  return address;
}

constexpr std::string_view related_role_system = "https://vardbron.example/fhir/CodeSystem/narstaende-roll";
constexpr std::string_view related_roles[] = {"narstaende", "god-man", "forvaltare", "framtidsfullmakt"};

std::string name_in(Item name) {
  std::string text(name.text_of("text"));
  if (!text.empty()) return text;
  tree::for_each_child(name, "given", [&](Item given) { text += std::string(given.text()) + " "; });
  return std::string(trim(text += name.text_of("family")));
}

RelatedPerson read_related(Item contact, std::vector<Doubt>& doubts) {
  RelatedPerson read;
  read.name = name_in(contact.child("name"));
  tree::for_each_child(contact, "telecom", [&](Item one) {
    if (read.phone.empty() && one.text_of("system") == "phone") read.phone = one.text_of("value");
  });
  tree::for_each_child(contact, "relationship", [&](Item relationship) {
    if (read.relation.empty()) read.relation = relationship.text_of("text");
    tree::for_each_child(relationship, "coding", [&](Item coding) {
      if (trim(coding.text_of("system")) == related_role_system) read.role = trim(coding.text_of("code"));
    });
  });
  const bool is_known = read.role.empty() || std::ranges::find(related_roles, read.role) != std::end(related_roles);
  if (!is_known) {
    read.role.clear();
    doubts.push_back({"doubtful-value", "What a person close to the patient is to the patient is no code of narstaende-roll."});
  }
  return read;
}

void read_related_persons(Item patient, Person& person, std::vector<Doubt>& doubts) {
  std::size_t left_out = 0;
  tree::for_each_child(patient, "contact", [&](Item contact) {
    RelatedPerson read = read_related(contact, doubts);
    if (read.name.empty() && read.phone.empty()) return;
    if (person.related.size() < limits::related_persons_max)
      person.related.push_back(std::move(read));
    else
      ++left_out;
  });
  if (left_out > 0)
    doubts.push_back(
        {"doubtful-value", std::to_string(left_out) + " of the persons close to the patient are too many and left out."});
}

}  // namespace

Result<Person> read_person(Item patient, std::string_view path, std::chrono::year_month_day today, std::vector<Doubt>& doubts) {
  Person person;
  Result<void> identifiers = read_identifiers(patient, path, today, person, doubts);
  if (!identifiers) return std::move(identifiers).failure();
  read_name(patient, person);
  person.gender = patient.text_of("gender");
  person.birth_date = trim(patient.text_of("birthDate"));
  // Within the year implausible_dates looks at it.
  doubt_birth(std::string_view(person.birth_date).substr(0, 4), "The date of birth", today, doubts);
  person.deceased_at = patient.text_of("deceasedDateTime");
  person.deceased = !person.deceased_at.empty() || patient.text_of("deceasedBoolean") == "true";
  tree::for_each_child(patient.child("meta"), "security",
                       [&](Item security) { person.protection = std::max(person.protection, protection_of(security)); });
  // Who placed the person pays for the stay; where that is, or where the person is registered, it does not say.
  person.placing_kommun = trim(extension_of(patient, placing_kommun_url).text_of("valueCode"));
  // The address of a protected person must not be disclosed, so it is not read; nor who could be asked for it.
  if (person.protection != Protection::None) return person;
  tree::for_each_child(patient, "address", [&](Item address) { person.addresses.push_back(read_address(address)); });
  read_related_persons(patient, person, doubts);
  person.kommun = trim(extension_of(patient, kommun_url).text_of("valueCode"));
  return person;
}

}  // namespace vardbron::care
