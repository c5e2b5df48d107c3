#include "gateway/fhir/structure.h"

#include "gateway/fhir/table.h"

#include <charconv>

namespace vardbron::fhir {

BindingStrength binding_strength(std::string_view code) {
  if (code == "required") return BindingStrength::Required;
  if (code == "extensible") return BindingStrength::Extensible;
  if (code == "preferred") return BindingStrength::Preferred;
  if (code == "example") return BindingStrength::Example;
  return BindingStrength::None;
}

std::uint16_t upper_bound(std::string_view max) {
  if (max == "*") return no_upper_bound;
  std::uint16_t bound = 1;
  std::from_chars(max.data(), max.data() + max.size(), bound);
  return bound;
}

}  // namespace vardbron::fhir
