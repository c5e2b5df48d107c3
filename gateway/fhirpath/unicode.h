#pragma once

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

/// Simple case mapping of Latin, Greek and Cyrillic letters, which is what names and codes in care data are written in.
std::uint32_t to_upper(std::uint32_t scalar);
std::uint32_t to_lower(std::uint32_t scalar);
std::string upper(std::string_view text);
std::string lower(std::string_view text);

}  // namespace vardbron::fhirpath
