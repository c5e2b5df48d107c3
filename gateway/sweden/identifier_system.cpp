#include "gateway/sweden/identifier_system.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <array>

namespace vardbron::sweden {
namespace {

struct Spelling {
  IdentifierSystem system;
  std::string_view uri;
};

// The first form of a system is the internal one. OIDs are compared without urn:oid:.
constexpr std::array<Spelling, 26> spellings = {{
    {IdentifierSystem::Personnummer, "http://electronichealth.se/identifier/personnummer"},
    {IdentifierSystem::Personnummer, "urn:oid:1.2.752.129.2.1.3.1"},
    {IdentifierSystem::Samordningsnummer, "http://electronichealth.se/identifier/samordningsnummer"},
    {IdentifierSystem::Samordningsnummer, "urn:oid:1.2.752.129.2.1.3.3"},
    {IdentifierSystem::NationelltReservnummer, "http://electronichealth.se/identifier/nationelltReservnummer"},
    {IdentifierSystem::NationelltReservnummer,
     "http://electronichealth.se/identifier/nationelltReservnumer"},  // in published examples
    {IdentifierSystem::NationelltReservnummer, "urn:oid:1.2.752.74.9.1"},
    {IdentifierSystem::LmaNummer, "http://electronichealth.se/identifier/LMA-nummer"},
    {IdentifierSystem::LmaNummer, "http://electronichealth.se/identifier/lma-nummer"},
    {IdentifierSystem::StockholmReservnummer, "urn:oid:1.2.752.97.3.1.3"},
    {IdentifierSystem::VastraGotalandReservnummer, "urn:oid:1.2.752.113.11.0.2.1.1.1"},
    {IdentifierSystem::VarmlandReservnummer, "urn:oid:1.2.752.74.9.2"},
    {IdentifierSystem::IneraReservnummer, "urn:oid:1.2.752.129.2.1.3.2"},
    {IdentifierSystem::OrebroReservnummer, "urn:oid:1.2.752.74.9.3"},
    {IdentifierSystem::SkaneReservnummer, "urn:oid:1.2.752.219.1.10.10.1"},
    {IdentifierSystem::BlekingeReservnummer, "urn:oid:1.2.752.74.9.5"},
    {IdentifierSystem::VasternorrlandReservnummer, "urn:oid:1.2.752.269.1.1"},
    {IdentifierSystem::SormlandReservnummer1, "urn:oid:1.2.752.266.1.1.1"},
    {IdentifierSystem::SormlandReservnummer2, "urn:oid:1.2.752.266.1.1.2"},
    {IdentifierSystem::ReservnummerOfUnknownRegister, "https://vardbron.example/fhir/sid/reservnummer"},
    {IdentifierSystem::HsaId, "urn:oid:1.2.752.29.4.19"},
    {IdentifierSystem::HsaId, "urn:oid:1.2.752.129.2.1.4.1"},
    {IdentifierSystem::HsaId, "http://electronichealth.se/identifier/hsaid"},
    {IdentifierSystem::HsaId, "http://electronichealth.se/identifier/hsaId"},
    {IdentifierSystem::Organisationsnummer, "urn:oid:2.5.4.97"},
    {IdentifierSystem::Organisationsnummer, "http://electronichealth.se/identifier/organisationsnummer"},
}};

constexpr std::string_view oid_prefix = "urn:oid:";

std::string_view without_prefix(std::string_view uri) {
  return uri.starts_with(oid_prefix) ? uri.substr(oid_prefix.size()) : uri;
}

/// 0: given for a time; 1: until the person is registered; 2: for life. -1: takes no part.
int rank(IdentifierSystem system) {
  if (!names_a_person(system) || system == IdentifierSystem::LmaNummer) return -1;
  if (system == IdentifierSystem::Personnummer) return 2;
  return system == IdentifierSystem::Samordningsnummer ? 1 : 0;
}

}  // namespace

IdentifierSystem find_system(std::string_view uri) {
  std::string_view plain = without_prefix(trim(uri));
  auto found = std::find_if(spellings.begin(), spellings.end(),
                            [plain](const Spelling& spelling) { return without_prefix(spelling.uri) == plain; });
  return found == spellings.end() ? IdentifierSystem::Foreign : found->system;
}

std::string_view system_uri(IdentifierSystem system) {
  auto found =
      std::find_if(spellings.begin(), spellings.end(), [system](const Spelling& spelling) { return spelling.system == system; });
  return found == spellings.end() ? std::string_view{} : found->uri;
}

bool names_a_person(IdentifierSystem system) {
  return system != IdentifierSystem::Foreign && system != IdentifierSystem::HsaId &&
         system != IdentifierSystem::Organisationsnummer;
}

bool supersedes(IdentifierSystem newer, IdentifierSystem older) { return rank(older) >= 0 && rank(newer) > rank(older); }

}  // namespace vardbron::sweden
