#pragma once

// Tested by tests/formats/xml/parse_test.cpp.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vardbron::xml {

/// XML 1.0 (fifth edition) 2.2, production Char.
bool is_character(std::uint32_t point);

inline bool is_space(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }
bool is_blank(std::string_view text);

/// Length of the name (production Name) at the start of a text that is UTF-8; 0 if there is none.
std::size_t name_length(std::string_view text);

/// A name and its prefix. `is_valid` as Namespaces in XML 1.0, production QName.
struct QualifiedName {
  std::string_view prefix, local;
  bool is_valid = true;
};
QualifiedName split_name(std::string_view name);

inline constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view xmlns_namespace = "http://www.w3.org/2000/xmlns/";
inline constexpr std::string_view xhtml_namespace = "http://www.w3.org/1999/xhtml";

}  // namespace vardbron::xml
