#pragma once

#include "gateway/base/result.h"
#include "gateway/mapping/compile/program.h"
#include "gateway/time/moment.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Transforms of text to text. Those that write elements are in run/machine_transform.cpp.
namespace vardbron::mapping {

/// The first `length` characters (not bytes) of a UTF-8 text.
std::string_view truncated(std::string_view text, std::size_t length);

/// From one escaping to another; formats: html, xml, json, none. Invalid: an unknown format or a broken escape.
Result<std::string> escaped(std::string_view text, std::string_view from, std::string_view to);

/// Checks and normalises a text as a value of a primitive type: trims, "1"/"0" to boolean. Invalid: it is not; `says` does not
/// repeat the value.
Result<std::string> cast_to(std::string_view text, std::string_view type);

using MomentForm = time::Moment::Form;

/// Offset from UTC of local times without zone: mapping/map.h.
class CivilZone;

/// Parses a text by the format codes of the FML guide (yyyy, MM, dd, HH, hh, mm, ss, S.., a, Z). Without a format FHIR's own.
/// Invalid: another form, no such date or time, or no zone where one is needed.
Result<std::string> read_moment(std::string_view text, std::string_view format, MomentForm form, const CivilZone* zone);

/// Adds the offset of `zone` to a dateTime with a time and no zone; anything else is returned unchanged.
std::string with_zone(std::string_view moment, const CivilZone& zone);
/// True for a text with a time and no zone.
bool lacks_zone(std::string_view moment);

/// Seconds since 1970 as a date, dateTime or time at an offset such as +01:00 ("" = UTC). Invalid: no whole number in range, or
/// no offset.
Result<std::string> unix_moment(std::string_view seconds, std::string_view offset, MomentForm form);

/// A moment moved by an amount such as "-5 days". Invalid: no moment, no such amount, or out of range.
Result<std::string> moved_moment(std::string_view moment, std::string_view amount);

struct QuantityText {
  std::string_view comparator, value, unit;
};
/// Splits "<5 mg". Invalid: not of this form.
Result<QuantityText> read_quantity(std::string_view text);

/// Guesses phone, email, url or other from a contact.
std::string_view contact_system(std::string_view value);

}  // namespace vardbron::mapping
