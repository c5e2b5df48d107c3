#pragma once

#include <cstdint>
#include <string_view>

namespace vardbron::sweden {

/// Name spaces we know. Each has one internal spelling; every spelling in use is read.
enum class IdentifierSystem : std::uint8_t {
  Foreign,  ///< not one of ours: kept as it came
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
  ReservnummerOfUnknownRegister,  ///< has the form of several registers, and nothing says which
  HsaId,
  Organisationsnummer
};

/// "urn:oid:1.2.752.129.2.1.3.1", "1.2.752.129.2.1.3.1" and "http://electronichealth.se/identifier/personnummer" are one.
IdentifierSystem find_system(std::string_view uri);

/// The one internal spelling: the base profiles' http URI where there is one, else urn:oid. Empty for Foreign.
std::string_view system_uri(IdentifierSystem system);

bool names_a_person(IdentifierSystem system);

}  // namespace vardbron::sweden
