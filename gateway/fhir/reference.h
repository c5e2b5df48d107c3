#pragma once

#include "gateway/base/result.h"
#include "gateway/tree/document.h"

#include <string>
#include <string_view>

namespace vardbron::fhir {

/// A parsed Reference. Source: FHIR R4 references.html. Views into the text it was parsed from.
struct Reference {
  enum class Form : unsigned char {
    None,       ///< neither reference nor identifier
    Relative,   ///< Patient/1, Patient/1/_history/2
    Absolute,   ///< http(s)://server/base/Patient/1
    Urn,        ///< urn:uuid:.., urn:oid:..
    Contained,  ///< #id
    Container,  ///< #
    Logical,    ///< only an identifier
    Other       ///< a canonical, another URI
  };
  Form form = Form::None;
  std::string_view base;               ///< Absolute: "http://server/base"
  std::string_view type, id, version;  ///< Relative and Absolute; Contained: id alone. Logical: type as declared by the sender
  std::string_view identifier_system, identifier_value;
};

Reference parse_reference(std::string_view literal);
/// Of a Reference element: literal if there is one, with the identifier beside it.
Reference read_reference(tree::Item reference);

/// "Patient/1"; "" if the reference is neither relative nor absolute.
std::string local_reference(const Reference& reference);

/// A canonical without its |version.
inline std::string_view without_version(std::string_view canonical) { return canonical.substr(0, canonical.find('|')); }

/// [A-Za-z0-9\-\.]{1,64}
bool is_id(std::string_view text);

}  // namespace vardbron::fhir
