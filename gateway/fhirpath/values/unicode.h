#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

/// FHIRPath counts Unicode scalar values. Texts are UTF-8; a byte that is none counts as one character.

/// Length in bytes of the character that begins at `at`.
std::size_t scalar_bytes(std::string_view text, std::size_t at);
std::uint32_t scalar_at(std::string_view text, std::size_t at);
std::size_t scalar_count(std::string_view text);
/// Byte offset of the character of that number; text.size() when there are not so many.
std::size_t byte_offset(std::string_view text, std::size_t scalar);

/// Unicode's full case mapping of each character by itself: ß becomes SS, and Σ becomes σ wherever it stands, since neither
/// FHIRPath nor a language is at hand to ask for more.
std::string upper(std::string_view text);
std::string lower(std::string_view text);

/// A text as equivalence sees it (N1 6.1.2), a character at a time: white space of any kind is a space, one for one, and case
/// does not count, by Unicode's full case folding: ß is ss.
class Folding {
 public:
  explicit Folding(std::string_view text) : text_(text) {}

  /// False at the end.
  bool next(std::uint32_t& scalar);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::array<std::int32_t, 4> pending_{};  // of one character that became several
  std::size_t first_ = 0, behind_ = 0;
};

}  // namespace vardbron::fhirpath
