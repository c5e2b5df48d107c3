#include "gateway/sweden/hsa_id.h"

#include "gateway/sweden/luhn.h"
#include "gateway/sweden/organisationsnummer.h"

#include <algorithm>

namespace vardbron::sweden {
namespace {

constexpr std::size_t letters_max = 31;
constexpr std::size_t suffix_at = 13;  // "SE" + 10 digits + "-"

bool is_suffix_letter(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

Failure refused(std::string says) { return Failure{Cause::Invalid, std::move(says), ""}; }

}  // namespace

Result<HsaId> parse_hsa_id(std::string_view text) {
  if (text.size() <= suffix_at || !text.starts_with("SE") || text[suffix_at - 1] != '-')
    return refused("An HSA-id is SE, ten digits, a hyphen and a suffix.");
  if (text.size() > letters_max) return refused("An HSA-id has at most 31 characters.");
  Result<Organisationsnummer> owner = parse_organisationsnummer(text.substr(2, 10));
  if (!owner) return refused("The HSA-id's ten digits are no organisationsnummer.");
  std::string_view suffix = text.substr(suffix_at);
  if (!std::all_of(suffix.begin(), suffix.end(), is_suffix_letter))
    return refused("The suffix of an HSA-id is made of A to Z, a to z and digits.");
  return HsaId(std::string(text));
}

bool same_body(std::string_view one, std::string_view other) {
  auto has_form = [](std::string_view id) {
    return id.size() > suffix_at && id.starts_with("SE") && is_all_digits(id.substr(2, 10)) && id[suffix_at - 1] == '-';
  };
  return has_form(one) && has_form(other) && one.substr(0, suffix_at) == other.substr(0, suffix_at);
}

}  // namespace vardbron::sweden
