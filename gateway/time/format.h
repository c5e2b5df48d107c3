#pragma once

#include "gateway/time/moment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Texts read by a format of the codes yyyy yy MM M MMM MMMM dd d HH H hh h mm m ss s S.. a Z. A code of one letter reads one
/// digit or two, a longer one as many as it has letters; other characters are themselves. Two-digit years 00-49 are
/// 2000-2049.
namespace vardbron::time {

enum class FormatDialect : std::uint8_t {
  Fhirpath,  ///< toDate, toDateTime and toTime of FHIRPath (continuous build, format codes); months are English
  Maps       ///< of the mapping guide: also z, 'letters', and months in English or Swedish, short or whole
};

struct Offset {
  int minutes = 0;    ///< east of Greenwich
  bool is_z = false;  ///< written as Z
  std::string text() const { return is_z ? "Z" : offset_text(minutes); }
};

/// Z, +01:00 or +0100 at the front of the text, which then begins after it; at most 14:00. nullopt: none, and the text is no use
/// then.
std::optional<Offset> take_offset(std::string_view& text);

/// What a text says; -1: its format has no such part. Not checked against the calendar or the clock. Views point into the text.
struct FormatParts {
  int year = -1, month = -1, day = -1, hour = -1, minute = -1, second = -1;
  std::string_view fraction;         ///< digits of the second's fraction
  bool has_half_day_hour = false;    ///< the hour was read by h
  std::optional<bool> is_afternoon;  ///< what a read
  std::optional<Offset> offset;
  std::string_view place;  ///< a zone's name of the tz database
};

/// nullopt: the text does not fit the format.
std::optional<FormatParts> read_format(std::string_view text, std::string_view format, FormatDialect dialect);

/// Known as far as the parts go without a gap; a date with time gets the offset, half days are the caller's. nullopt: a gap, or
/// no such date or time.
std::optional<Moment> to_moment(const FormatParts& parts, Moment::Form form);

}  // namespace vardbron::time
