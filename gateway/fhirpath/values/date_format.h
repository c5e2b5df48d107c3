#pragma once

#include "gateway/fhirpath/values/value.h"

#include <optional>
#include <string_view>

namespace vardbron::fhirpath {

/// Reads a text by a template of the codes yyyy yy MM M dd d HH H hh h mm m ss s S.. a Z; other characters stand for themselves
/// (FHIRPath continuous build, format codes). Two-digit years 00-49 are 2000-2049. nullopt: the text does not fit.
std::optional<Moment> parse_by_format(std::string_view text, std::string_view format, Moment::Form form);

}  // namespace vardbron::fhirpath
