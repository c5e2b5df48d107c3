#pragma once

#include "gateway/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace vardbron::sweden {

/// Who gave a patient a number because nobody knew a better one.
enum class ReservnummerIssuer : std::uint8_t {
  Nationellt,       ///< 1.2.752.74.9.1
  Stockholm,        ///< 1.2.752.97.3.1.3, checked
  VastraGotaland,   ///< 1.2.752.113.11.0.2.1.1.1, checked
  Varmland,         ///< 1.2.752.74.9.2
  Inera,            ///< 1.2.752.129.2.1.3.2, checked
  Orebro,           ///< 1.2.752.74.9.3
  Skane,            ///< 1.2.752.219.1.10.10.1
  Blekinge,         ///< 1.2.752.74.9.5
  Vasternorrland,   ///< 1.2.752.269.1.1
  Sormland,         ///< 1.2.752.266.1.1.1 and .2
  Migrationsverket  ///< LMA-nummer of asylum seekers
};

/// A reserve number in its issuer's form, upper case, without separators.
struct Reservnummer {
  ReservnummerIssuer issuer = ReservnummerIssuer::Nationellt;
  std::string value;
  bool operator==(const Reservnummer&) const = default;
};

/// Invalid: not the issuer's pattern, or its check fails where the issuer has one.
Result<Reservnummer> parse_reservnummer(ReservnummerIssuer issuer, std::string_view text);

/// Local numbers must not travel through national services (Inera); they are good only between those who share them.
bool is_local(ReservnummerIssuer issuer);

}  // namespace vardbron::sweden
