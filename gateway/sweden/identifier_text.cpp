#include "gateway/sweden/identifier_text.h"

#include "gateway/base/text.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/sweden/organisationsnummer.h"
#include "gateway/sweden/person_identifier.h"

#include <algorithm>
#include <chrono>

namespace vardbron::sweden {
namespace {

constexpr std::ptrdiff_t digits_with_century = 12;

bool names_its_century(std::string_view value) {
  return std::count_if(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }) >= digits_with_century;
}

}  // namespace

IdentifierText normal_identifier(std::string_view system, std::string_view value,
                                 std::optional<std::chrono::year_month_day> today) {
  IdentifierText normal{std::string(trim(system)), normal_hsa_id(value)};  // which trims any text
  const IdentifierSystem known = find_system(system);
  if (known == IdentifierSystem::HsaId || normal.system.empty()) {
    if (!normal.system.empty()) normal.system = system_uri(known);
    return normal;
  }
  normal.value = trim(value);
  if (known == IdentifierSystem::Foreign) return normal;
  normal.system = system_uri(known);
  if (known == IdentifierSystem::Organisationsnummer) {
    if (Result<Organisationsnummer> number = parse_organisationsnummer(normal.value)) normal.value = number->ten_digits();
  } else if (today || names_its_century(value)) {
    constexpr std::chrono::year_month_day any_day{std::chrono::year(2200), std::chrono::January, std::chrono::day(1)};
    Result<PersonIdentifier> person = parse_person_identifier(normal.system, value, today.value_or(any_day));
    if (person) normal = {person->uri, person->value};
  }
  return normal;
}

}  // namespace vardbron::sweden
