#include "gateway/fhirpath/values/unicode.h"

#include "gateway/base/utf8.h"

#include <utf8proc.h>

#include <algorithm>

namespace vardbron::fhirpath {
namespace {

/// Case mapping of one character.
struct Mapped {
  std::array<std::int32_t, 4> scalars{};
  std::size_t count = 0;
};

Mapped folded(std::int32_t scalar) {
  Mapped mapped;
  int boundary = 0;
  const auto count = utf8proc_decompose_char(scalar, mapped.scalars.data(), static_cast<utf8proc_ssize_t>(mapped.scalars.size()),
                                             UTF8PROC_CASEFOLD, &boundary);
  mapped.count = static_cast<std::size_t>(std::clamp<utf8proc_ssize_t>(count, 0, std::ssize(mapped.scalars)));
  return mapped;
}

/// utf8proc maps one character to one. Mappings to several are the upper case of the case folding.
Mapped upper_of(std::int32_t scalar) {
  Mapped mapped = folded(scalar);
  if (mapped.count > 1 && utf8proc_category(scalar) != UTF8PROC_CATEGORY_LU) {
    for (std::size_t at = 0; at < mapped.count; ++at) mapped.scalars[at] = utf8proc_toupper(mapped.scalars[at]);
    return mapped;
  }
  return {{utf8proc_toupper(scalar)}, 1};
}

Mapped lower_of(std::int32_t scalar) {
  const std::int32_t simple = utf8proc_tolower(scalar);
  const Mapped mapped = folded(scalar);
  if (mapped.count > 1 && folded(simple).count == 1) return mapped;  // İ: the simple mapping loses the dot
  return {{simple}, 1};
}

bool is_blank(std::int32_t scalar) {
  if (scalar < 0x80) return scalar == ' ' || (scalar >= 9 && scalar <= 13);
  const utf8proc_category_t category = utf8proc_category(scalar);
  return scalar == 0x85 || category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

template <Mapped (*map)(std::int32_t scalar)>
std::string mapped(std::string_view text, char (*map_ascii)(char letter)) {
  std::string changed;
  changed.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = utf8_length(text, at);
    if (bytes > 1) {
      const Mapped into = map(static_cast<std::int32_t>(code_point(text.substr(at, bytes))));
      for (std::size_t place = 0; place < into.count; ++place)
        append_utf8(changed, static_cast<std::uint32_t>(into.scalars[place]));
    } else {
      changed += bytes == 0 ? text[at] : map_ascii(text[at]);
    }
    at += std::max<std::size_t>(bytes, 1);
  }
  return changed;
}

char ascii_upper(char letter) { return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter; }
char ascii_lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; }

}  // namespace

std::size_t scalar_bytes(std::string_view text, std::size_t at) { return std::max<std::size_t>(utf8_length(text, at), 1); }

std::uint32_t scalar_at(std::string_view text, std::size_t at) {
  const std::size_t bytes = utf8_length(text, at);
  return bytes == 0 ? static_cast<unsigned char>(text[at]) : code_point(text.substr(at, bytes));
}

std::size_t scalar_count(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += scalar_bytes(text, at)) ++count;
  return count;
}

std::size_t byte_offset(std::string_view text, std::size_t scalar) {
  std::size_t at = 0;
  for (; scalar > 0 && at < text.size(); --scalar) at += scalar_bytes(text, at);
  return at;
}

std::string upper(std::string_view text) { return mapped<upper_of>(text, ascii_upper); }
std::string lower(std::string_view text) { return mapped<lower_of>(text, ascii_lower); }

bool Folding::next(std::uint32_t& scalar) {
  if (first_ == behind_) {
    if (at_ >= text_.size()) return false;
    const auto read = static_cast<std::int32_t>(scalar_at(text_, at_));
    at_ += scalar_bytes(text_, at_);
    if (is_blank(read) || read < 0x80) {
      scalar = is_blank(read) ? ' ' : static_cast<unsigned char>(ascii_lower(static_cast<char>(read)));
      return true;
    }
    const Mapped mapped = folded(read);
    pending_ = mapped.scalars;
    first_ = 0;
    behind_ = mapped.count;
    if (behind_ == 0) return next(scalar);
  }
  scalar = static_cast<std::uint32_t>(pending_[first_++]);
  return true;
}

}  // namespace vardbron::fhirpath
