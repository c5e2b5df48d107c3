#pragma once

// Tested by tests/sweden/reservnummer_test.cpp and tests/sweden/person_identifier_test.cpp.

#include <cstdint>
#include <string_view>

namespace vardbron::sweden {

/// Known identifier systems. Each has one internal URI; every URI in use is recognised.
enum class IdentifierSystem : std::uint8_t {
  Foreign,  ///< unknown: kept as sent
  Personnummer,
  Samordningsnummer,
  NationelltReservnummer,
  LmaNummer,
  StockholmReservnummer,
  VastraGotalandReservnummer,
  VarmlandReservnummer,
  IneraReservnummer,
  OrebroReservnummer,
  SkaneReservnummer,
  BlekingeReservnummer,
  VasternorrlandReservnummer,
  SormlandReservnummer1,
  SormlandReservnummer2,
  ReservnummerOfUnknownRegister,  ///< has the form of several registers, and the sender did not name one
  HsaId,
  Organisationsnummer
};

/// "urn:oid:1.2.752.129.2.1.3.1", "1.2.752.129.2.1.3.1" and "http://electronichealth.se/identifier/personnummer" are the same.
IdentifierSystem find_system(std::string_view uri);

/// The internal URI: the base profiles' http URI if there is one, else urn:oid. Empty for Foreign.
std::string_view system_uri(IdentifierSystem system);

bool names_a_person(IdentifierSystem system);

/// True when a person who has got a number of `newer` has no use for one of `older` any more: a reserve number is given until a
/// number of the population register is known, and a samordningsnummer ends when the person is registered with a personnummer
/// (lag 2022:1697).
bool supersedes(IdentifierSystem newer, IdentifierSystem older);

}  // namespace vardbron::sweden
