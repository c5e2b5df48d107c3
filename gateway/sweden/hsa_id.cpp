#include "gateway/sweden/hsa_id.h"

#include "gateway/base/excerpt.h"
#include "gateway/base/text.h"
#include "gateway/sweden/luhn.h"
#include "gateway/sweden/organisationsnummer.h"

#include <algorithm>

namespace vardbron::sweden {
namespace {

constexpr std::size_t characters_max = 31;
constexpr std::size_t suffix_at = 13;  // "SE" + 10 digits + "-"

bool is_suffix_letter(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); }

bool begins_as_hsa_id(std::string_view id) {
  return id.size() > suffix_at && id.starts_with("SE") && is_all_digits(id.substr(2, 10)) && id[suffix_at - 1] == '-';
}

// Invisible characters around text pasted from forms and office programs: no-break space, zero width space, byte order mark.
constexpr std::string_view unseen[] = {"\xC2\xA0", "\xE2\x80\x8B", "\xEF\xBB\xBF"};

std::string_view without_blanks(std::string_view text) {
  for (std::size_t size = text.size() + 1; text.size() < size;) {
    size = text.size();
    text = trim(text);
    for (std::string_view blank : unseen) {
      if (text.starts_with(blank)) text.remove_prefix(blank.size());
      if (text.ends_with(blank)) text.remove_suffix(blank.size());
    }
  }
  return text;
}

// Denmark's SOR, and GS1's global location numbers. A number with as many digits as a person's is not trusted to be one.
constexpr std::string_view organisation_registers[] = {"urn:oid:1.2.208.176.1.1|", "urn:oid:1.3.88|"};

bool is_of_organisation_register(std::string_view name) {
  for (std::string_view system : organisation_registers) {
    if (!name.starts_with(system)) continue;
    const std::string_view number = name.substr(system.size());
    return is_all_digits(number) && number.size() >= 13 && number.size() <= 18;
  }
  return false;
}

Failure refused(std::string says) { return Failure{Cause::Invalid, std::move(says), ""}; }

}  // namespace

std::string normal_hsa_id(std::string_view text) {
  std::string plain(without_blanks(text));
  std::string upper = plain;
  for (char& letter : upper) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return looks_like_hsa_id(upper) ? upper : plain;
}

bool looks_like_hsa_id(std::string_view text) {
  return begins_as_hsa_id(text) && std::all_of(text.begin() + suffix_at, text.end(), is_suffix_letter);
}

std::string hsa_uri(std::string_view hsa_id) { return "https://vardbron.example/fhir/hsa/" + std::string(hsa_id); }

std::string shown(std::string_view name) {
  constexpr std::size_t bytes_max = 64;
  if (is_of_organisation_register(name)) return excerpt(name, bytes_max);
  std::size_t digits = 0;
  for (char letter : name) digits += letter >= '0' && letter <= '9';
  if (digits >= 10 && !begins_as_hsa_id(normal_hsa_id(name))) return "(a number)";
  return excerpt(name, bytes_max);
}

Result<HsaId> parse_hsa_id(std::string_view sent) {
  const std::string text = normal_hsa_id(sent);
  if (text.size() <= suffix_at || !text.starts_with("SE") || text[suffix_at - 1] != '-')
    return refused("An HSA-id is SE, ten digits, a hyphen and a suffix.");
  if (text.size() > characters_max) return refused("An HSA-id has at most 31 characters.");
  Result<Organisationsnummer> owner = parse_organisationsnummer(std::string_view(text).substr(2, 10));
  if (!owner) return refused("The HSA-id's ten digits are no organisationsnummer.");
  std::string_view suffix = std::string_view(text).substr(suffix_at);
  if (!std::all_of(suffix.begin(), suffix.end(), is_suffix_letter))
    return refused("The suffix of an HSA-id is made of letters A to Z and digits.");
  return HsaId(text);
}

bool same_body(std::string_view one, std::string_view other) {
  return begins_as_hsa_id(one) && begins_as_hsa_id(other) && one.substr(0, suffix_at) == other.substr(0, suffix_at);
}

}  // namespace vardbron::sweden
