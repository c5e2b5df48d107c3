#include "gateway/sweden/reservnummer.h"

#include "gateway/sweden/luhn.h"

#include <algorithm>
#include <array>

namespace vardbron::sweden {
namespace {

// Characters of a form: 9 a digit, A a letter, * a letter or digit, any other itself.
struct Form {
  IdentifierSystem issuer;
  std::string_view pattern;
};

using enum IdentifierSystem;

constexpr std::array<Form, 13> forms = {{
    {NationelltReservnummer, "99999999AA99"},
    {StockholmReservnummer, "999999999999"},
    {VastraGotalandReservnummer, "99999999A999"},
    {VarmlandReservnummer, "99999999AA9*"},
    {IneraReservnummer, "999999999999"},
    {OrebroReservnummer, "99999999AA9*"},
    {SkaneReservnummer, "999999AA9*"},
    {BlekingeReservnummer, "99999999AA9*"},
    {VasternorrlandReservnummer, "99999999999A"},
    // Sources differ on which of Sörmland's two systems has which of its two forms.
    {SormlandReservnummer1, "99999999AA9*"},
    {SormlandReservnummer1, "99999999A999"},
    {SormlandReservnummer2, "99999999AA9*"},
    {SormlandReservnummer2, "99999999A999"},
}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }

bool fits(std::string_view value, std::string_view pattern) {
  auto fits_letter = [](char c, char form) {
    if (form == '9') return is_digit(c);
    if (form == 'A') return is_letter(c);
    return is_digit(c) || is_letter(c);
  };
  return std::equal(value.begin(), value.end(), pattern.begin(), pattern.end(), fits_letter);
}

/// LMA numbers of asylum seekers have no published form; only impossible ones are refused.
bool may_be_lma(std::string_view value) {
  auto good = [](char c) { return is_digit(c) || is_letter(c); };
  return value.size() >= 5 && value.size() <= 20 && std::all_of(value.begin(), value.end(), good);
}

std::string plain(std::string_view text) {
  std::string value;
  for (char c : text) {
    if (c == '-' || c == ' ') continue;
    value += c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
  }
  return value;
}

/// 99yyyyNNNNNC: the check digit covers the part after the century.
bool checks_as_stockholm(std::string_view value) { return value.starts_with("99") && passes_luhn(value.substr(4)); }

/// yyyymmddGggC: the letter counts as a digit, and gg is between 06 and 89.
bool checks_as_vastra_gotaland(std::string value) {
  static constexpr std::string_view letters = "KMX", digits = "578";
  std::size_t at = letters.find(value[8]);
  if (at == std::string_view::npos) return false;
  if (value.substr(9, 2) < "06" || value.substr(9, 2) > "89") return false;
  value[8] = digits[at];
  return passes_luhn(std::string_view(value).substr(2));
}

/// yyyymmxxNNNC with xx from 32 to 59, which no month has.
bool checks_as_inera(std::string_view value) {
  return value.substr(6, 2) >= "32" && value.substr(6, 2) <= "59" && passes_luhn(value.substr(2));
}

bool checks(IdentifierSystem issuer, const std::string& value) {
  switch (issuer) {
    case StockholmReservnummer: return checks_as_stockholm(value);
    case VastraGotalandReservnummer: return checks_as_vastra_gotaland(value);
    case IneraReservnummer: return checks_as_inera(value);
    default: return true;
  }
}

bool has_form_of(IdentifierSystem issuer, std::string_view value) {
  if (issuer == LmaNummer) return may_be_lma(value);
  return std::any_of(forms.begin(), forms.end(),
                     [&](const Form& form) { return form.issuer == issuer && fits(value, form.pattern); });
}

}  // namespace

Result<std::string> parse_reservnummer(IdentifierSystem issuer, std::string_view text) {
  std::string value = plain(text);
  if (!has_form_of(issuer, value))
    return Failure{Cause::Invalid, "The reserve number does not have the form its issuer gives.", ""};
  if (!checks(issuer, value)) return Failure{Cause::Invalid, "The reserve number does not pass its issuer's check.", ""};
  return value;
}

Result<Reservnummer> find_reservnummer(std::string_view text) {
  const std::string value = plain(text);
  IdentifierSystem found = Foreign;
  for (const Form& form : forms) {
    if (!fits(value, form.pattern) || !checks(form.issuer, value)) continue;
    // A number that passes its issuer's check, or has the national form, is accepted as its.
    const bool is_sure = form.issuer == NationelltReservnummer || form.issuer == StockholmReservnummer ||
                         form.issuer == VastraGotalandReservnummer || form.issuer == IneraReservnummer;
    if (is_sure) return Reservnummer{form.issuer, value};
    found = found == Foreign || found == form.issuer ? form.issuer : ReservnummerOfUnknownRegister;
  }
  if (found == Foreign) return Failure{Cause::Invalid, "The reserve number does not have the form of any register.", ""};
  return Reservnummer{found, value};
}

}  // namespace vardbron::sweden
