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

std::optional<ReservnummerIssuer> issuer_of(IdentifierSystem system) {
  switch (system) {
    case IdentifierSystem::NationelltReservnummer: return ReservnummerIssuer::Nationellt;
    case IdentifierSystem::LmaNummer: return ReservnummerIssuer::Migrationsverket;
    case IdentifierSystem::StockholmReservnummer: return ReservnummerIssuer::Stockholm;
    case IdentifierSystem::VastraGotalandReservnummer: return ReservnummerIssuer::VastraGotaland;
    case IdentifierSystem::VarmlandReservnummer: return ReservnummerIssuer::Varmland;
    case IdentifierSystem::IneraReservnummer: return ReservnummerIssuer::Inera;
    case IdentifierSystem::OrebroReservnummer: return ReservnummerIssuer::Orebro;
    case IdentifierSystem::SkaneReservnummer: return ReservnummerIssuer::Skane;
    case IdentifierSystem::BlekingeReservnummer: return ReservnummerIssuer::Blekinge;
    case IdentifierSystem::VasternorrlandReservnummer: return ReservnummerIssuer::Vasternorrland;
    case IdentifierSystem::SormlandReservnummer1:
    case IdentifierSystem::SormlandReservnummer2: return ReservnummerIssuer::Sormland;
    default: return std::nullopt;
  }
}

}  // namespace

Result<PersonIdentifier> parse_person_identifier(std::string_view uri, std::string_view value) {
  IdentifierSystem system = find_system(uri);
  if (value.empty()) return Failure{Cause::Invalid, "The identifier has no value.", ""};
  if (system == IdentifierSystem::Foreign) return PersonIdentifier{system, std::string(uri), std::string(value)};
  if (!names_a_person(system)) return Failure{Cause::Invalid, "This identifier names an organisation, not a person.", ""};
  if (system == IdentifierSystem::Personnummer || system == IdentifierSystem::Samordningsnummer) return registered(system, value);
  std::optional<ReservnummerIssuer> issuer = issuer_of(system);
  CHECK(issuer);
  Result<Reservnummer> number = parse_reservnummer(*issuer, value);
  // A region's number in the national system is a known fault of published examples; its form tells whose it is.
  if (!number && system == IdentifierSystem::NationelltReservnummer)
    if (Result<Reservnummer> regional = parse_reservnummer(ReservnummerIssuer::VastraGotaland, value))
      return made(IdentifierSystem::VastraGotalandReservnummer, regional->value);
  if (!number) return std::move(number).failure();
  return made(system, number->value);
}

}  // namespace vardbron::sweden
