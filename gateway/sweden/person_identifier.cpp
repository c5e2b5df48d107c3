#include "gateway/sweden/person_identifier.h"

#include "gateway/base/text.h"
#include "gateway/sweden/personnummer.h"
#include "gateway/sweden/reservnummer.h"
#include "gateway/sweden/samordningsnummer.h"

#include <algorithm>

namespace vardbron::sweden {
namespace {

PersonIdentifier made(IdentifierSystem system, std::string_view value) {
  return {system, std::string(system_uri(system)), std::string(value)};
}

bool has_letters(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

/// A reserve number recognised by its form alone.
Result<PersonIdentifier> reserved(std::string_view value) {
  Result<Reservnummer> found = find_reservnummer(value);
  if (!found) return std::move(found).failure();
  return made(found->issuer, found->value);
}

Result<PersonIdentifier> number_of_register(IdentifierSystem system, std::string_view value, std::chrono::year_month_day today) {
  Result<Personnummer> person = parse_personnummer(value, today);
  if (person) return made(IdentifierSystem::Personnummer, person->twelve_digits());
  Result<Samordningsnummer> coordinated = parse_samordningsnummer(value, today);
  if (coordinated) return made(IdentifierSystem::Samordningsnummer, coordinated->twelve_digits());
  // No number of the population register has letters; one of digits alone may be a mistyped one.
  if (has_letters(value)) {
    Result<PersonIdentifier> other = reserved(value);
    if (other) return other;
  }
  return system == IdentifierSystem::Personnummer ? std::move(person).failure() : std::move(coordinated).failure();
}

/// Six digits, '-' or '+', and four digits: the century is not in it.
bool is_short(std::string_view value) { return value.size() == 11 && (value[6] == '-' || value[6] == '+'); }

Result<PersonIdentifier> registered(IdentifierSystem system, std::string_view value, std::chrono::year_month_day today) {
  Result<PersonIdentifier> read = number_of_register(system, value, today);
  if (!read || !is_short(value)) return read;
  const std::int64_t year = parse_int(std::string_view(read->value).substr(0, 4)).value_or(0);
  if (year >= int(today.year()) - years_of_life_max) return read;
  return Failure{
      Cause::Invalid,
      "With '+' the number names a birth more than 130 years ago; '+' is used from the year of the hundredth birthday. "
      "Send the number with its century.",
      ""};
}

}  // namespace

Result<PersonIdentifier> parse_person_identifier(std::string_view uri, std::string_view sent, std::chrono::year_month_day today) {
  const IdentifierSystem system = find_system(trim(uri));
  const std::string_view value = trim(sent);
  if (value.empty()) return Failure{Cause::Invalid, "The identifier has no value.", ""};
  if (system == IdentifierSystem::Foreign) return PersonIdentifier{system, std::string(trim(uri)), std::string(value)};
  if (!names_a_person(system)) return Failure{Cause::Invalid, "This identifier names an organisation, not a person.", ""};
  if (system == IdentifierSystem::Personnummer || system == IdentifierSystem::Samordningsnummer)
    return registered(system, value, today);
  Result<std::string> number = parse_reservnummer(system, value);
  if (number) return made(system, *number);
  if (system != IdentifierSystem::LmaNummer) {
    Result<PersonIdentifier> other = reserved(value);
    if (other) return other;
  }
  return std::move(number).failure();
}

std::string birth_date(const PersonIdentifier& identifier) {
  if (identifier.system == IdentifierSystem::Samordningsnummer) {
    const Result<Samordningsnummer> number = parse_samordningsnummer(identifier.value);
    return number ? number->birth_date() : std::string();
  }
  if (identifier.system != IdentifierSystem::Personnummer || identifier.value.size() != 12) return {};
  return identifier.value.substr(0, 4) + "-" + identifier.value.substr(4, 2) + "-" + identifier.value.substr(6, 2);
}

}  // namespace vardbron::sweden
