#pragma once

#include "gateway/base/result.h"
#include "gateway/mapping/compile/program.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The transforms that turn texts into texts. What writes elements is in run/machine_transform.cpp.
namespace vardbron::mapping {

/// The first `length` characters (not bytes) of a UTF-8 text.
std::string_view truncated(std::string_view text, std::size_t length);

/// From one escaping to another; formats: html, xml, json, none. Invalid: an unknown format or a broken escape.
Result<std::string> escaped(std::string_view text, std::string_view from, std::string_view to);

/// Checks and normalises a text as a value of a primitive type: trims, "1"/"0" to boolean. Invalid: it is none; `says` does not
/// repeat the value.
Result<std::string> cast_to(std::string_view text, std::string_view type);

enum class MomentForm : std::uint8_t { Date, DateTime, Time };

/// Local time to its distance from UTC, where a text has no zone. The application lends one for the hospital's civil time.
class CivilZone;

/// A text read by the guide's format codes (yyyy, MM, dd, HH, hh, mm, ss, S.., a, Z). Without a format FHIR's own.
Result<std::string> read_moment(std::string_view text, std::string_view format, MomentForm form, const CivilZone* zone);

/// A dateTime with a time but no zone gets that of the place; anything else is given back as it is.
std::string with_zone(std::string_view moment, const CivilZone& zone);
/// True for a text with a time and no zone behind it.
bool lacks_zone(std::string_view moment);

/// Seconds since 1970 as a date, dateTime or time at an offset such as +01:00 ("" = UTC).
Result<std::string> unix_moment(std::string_view seconds, std::string_view offset, MomentForm form);

/// A moment moved by an amount such as "-5 days".
Result<std::string> moved_moment(std::string_view moment, std::string_view amount);

struct QuantityText {
  std::string_view comparator, value, unit;
};
/// "<5 mg" in its parts.
Result<QuantityText> read_quantity(std::string_view text);

/// phone, email, url or other, by the look of a contact.
std::string_view contact_system(std::string_view value);

}  // namespace vardbron::mapping
