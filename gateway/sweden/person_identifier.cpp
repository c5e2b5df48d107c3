#include "gateway/sweden/person_identifier.h"

#include "gateway/sweden/personnummer.h"
#include "gateway/sweden/reservnummer.h"
#include "gateway/sweden/samordningsnummer.h"

#include <optional>

namespace vardbron::sweden {
namespace {

PersonIdentifier made(IdentifierSystem system, std::string_view value) {
  return {system, std::string(system_uri(system)), std::string(value)};
}

Result<PersonIdentifier> registered(IdentifierSystem system, std::string_view value) {
  Result<Personnummer> person = parse_personnummer(value);
  if (person) return made(IdentifierSystem::Personnummer, person->twelve_digits());
  Result<Samordningsnummer> coordinated = parse_samordningsnummer(value);
  if (coordinated) return made(IdentifierSystem::Samordningsnummer, coordinated->twelve_digits());
  return system == IdentifierSystem::Personnummer ? std::move(person).failure() : std::move(coordinated).failure();
}

}  // namespace

Result<PersonIdentifier> parse_person_identifier(std::string_view uri, std::string_view value) {
  IdentifierSystem system = find_system(uri);
  if (value.empty()) return Failure{Cause::Invalid, "The identifier has no value.", ""};
  if (system == IdentifierSystem::Foreign) return PersonIdentifier{system, std::string(uri), std::string(value)};
  if (!names_a_person(system)) return Failure{Cause::Invalid, "This identifier names an organisation, not a person.", ""};
  if (system == IdentifierSystem::Personnummer || system == IdentifierSystem::Samordningsnummer) return registered(system, value);
  Result<std::string> number = parse_reservnummer(system, value);
  if (number) return made(system, *number);
  // A region's number in the national system is a known fault of published examples; its form tells whose it is.
  if (system == IdentifierSystem::NationelltReservnummer) {
    Result<std::string> regional = parse_reservnummer(IdentifierSystem::VastraGotalandReservnummer, value);
    if (regional) return made(IdentifierSystem::VastraGotalandReservnummer, *regional);
  }
  return std::move(number).failure();
}

}  // namespace vardbron::sweden
