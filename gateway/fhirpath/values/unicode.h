#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

/// FHIRPath counts Unicode scalar values. Texts are UTF-8; an invalid byte counts as one character.

/// Length in bytes of the character that begins at `at`.
std::size_t scalar_bytes(std::string_view text, std::size_t at);
std::uint32_t scalar_at(std::string_view text, std::size_t at);
std::size_t scalar_count(std::string_view text);
/// Byte offset of the character of that number; text.size() if there are fewer.
std::size_t byte_offset(std::string_view text, std::size_t scalar);

/// Unicode's full case mapping without context: ß becomes SS, and Σ always becomes σ. Not language-specific.
std::string upper(std::string_view text);
std::string lower(std::string_view text);

/// Normalises a text for equivalence (N1 6.1.2), one character at a time: each white space character becomes a space, and
/// Unicode's full case folding is applied: ß is ss.
class Folding {
 public:
  explicit Folding(std::string_view text) : text_(text) {}

  /// False at the end.
  bool next(std::uint32_t& scalar);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::array<std::int32_t, 4> pending_{};  // the folding of the last character
  std::size_t first_ = 0, behind_ = 0;
};

}  // namespace vardbron::fhirpath
