#pragma once

#include "gateway/fhirpath/functions.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace vardbron::fhirpath {

/// How many arguments a function of a service takes.
struct Arity {
  std::size_t least = 0, most = 0;
};

/// nullopt: it has no such function. What %factory makes of primitive types is not listed here, since it depends on the model.
std::optional<Arity> arity_of(Function service, std::string_view function);

/// The elements that the arguments of %factory's Extension(), Coding() .. go to, in their order; empty: it has no such function.
std::span<const std::string_view> elements_made_by(std::string_view function);

}  // namespace vardbron::fhirpath
