#include "gateway/care/person/person_writer.h"

#include "gateway/sweden/identifier_system.h"
#include "gateway/sweden/person_identifier.h"

#include <algorithm>
#include <string>

namespace vardbron::care {
namespace {

constexpr std::string_view related_role_system = "https://vardbron.example/fhir/CodeSystem/narstaende-roll";
constexpr std::string_view identity_level_url = "https://vardbron.example/fhir/StructureDefinition/identitetsniva";
constexpr std::string_view kommun_url = "https://vardbron.example/fhir/StructureDefinition/kommun";

sweden::IdentifierSystem system_of(const Identity& identifier) { return sweden::find_system(identifier.system); }

/// What a samordningsnummer contains of the birth, often all that is known of it.
std::string known_birth(const Person& person) {
  for (const Identity& each : person.identifiers)
    if (system_of(each) == sweden::IdentifierSystem::Samordningsnummer)
      return sweden::birth_date({system_of(each), each.system, each.value});
  return {};
}

void write_identifier(Branch patient, const Person& person, const Identity& identifier, const std::vector<Identity>& replaced) {
  Branch item = patient.item("identifier");
  const bool has_level = !person.identity_level.empty() && system_of(identifier) == sweden::IdentifierSystem::Samordningsnummer;
  if (has_level) item.extension(identity_level_url).text("valueCode", person.identity_level);
  const bool is_superseded = std::any_of(person.identifiers.begin(), person.identifiers.end(), [&](const Identity& other) {
    return sweden::supersedes(system_of(other), system_of(identifier));
  });
  const bool was_merged = std::find(replaced.begin(), replaced.end(), identifier) != replaced.end();
  if (is_superseded || was_merged) item.text("use", "old");
  item.text("system", identifier.system).text("value", identifier.value);
}

void write_name(Branch patient, const Person& person) {
  if (person.family.empty() && person.name_text.empty() && person.given.empty()) return;
  Branch name = patient.item("name");
  name.text("text", person.name_text).text("family", person.family);
  for (const std::string& given : person.given) name.text_item("given", given);
}

void write_address(Branch item, const Address& address) {
  item.text("use", address.use).text("text", address.text);
  for (const std::string& line : address.lines) item.text_item("line", line);
  item.text("city", address.city).text("postalCode", address.postal_code).text("country", address.country);
}

void write_related(Branch contact, const RelatedPerson& related) {
  if (!related.role.empty() || !related.relation.empty()) {
    Branch relationship = contact.item("relationship");
    if (!related.role.empty()) relationship.coding_item("coding", related_role_system, related.role);
    relationship.text("text", related.relation);
  }
  if (!related.name.empty()) contact.object("name").text("text", related.name);
  if (!related.phone.empty()) contact.item("telecom").text("system", "phone").text("value", related.phone);
}

}  // namespace

std::string_view code_of(Protection protection) {
  return protection == Protection::Sekretessmarkering ? "sekretessmarkering" : "skyddadFolkbokforing";
}

void write_person(Branch patient, const Person& person, Disclosure disclosure, const std::vector<Identity>& replaced) {
  const bool has_place = disclosure == Disclosure::Everything;
  if (!person.kommun.empty() && has_place) patient.extension(kommun_url).text("valueCode", person.kommun);
  for (const Identity& identifier : person.identifiers) write_identifier(patient, person, identifier, replaced);
  write_name(patient, person);
  patient.text("gender", person.gender).text("birthDate", person.birth_date.empty() ? known_birth(person) : person.birth_date);
  if (person.deceased && person.deceased_at.empty()) patient.boolean("deceasedBoolean", true);
  if (person.deceased) patient.text("deceasedDateTime", person.deceased_at);
  if (!has_place) return;
  for (const Address& address : person.addresses) write_address(patient.item("address"), address);
  for (const RelatedPerson& related : person.related) write_related(patient.item("contact"), related);
}

}  // namespace vardbron::care
