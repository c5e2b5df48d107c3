// Tested by tests/mapping/releases_test.cpp.

#include "gateway/mapping/compile/types.h"
#include "gateway/mapping/run/machine.h"

// Copies from a type of one FHIR release to that of another.
namespace vardbron::mapping {

bool Machine::settle_release(const Slot& value, const ChoiceVariant& variant, fhir::TypeId& type) {
  if (!are_of_two_releases(definitions_, value.type, variant.type)) return true;
  type = counterpart(definitions_, value.type, variant.type);
  if (type == 0)
    return fail("FHIR " + release_of(definitions_, variant.type) + " has no type '" +
                std::string(plain_name(definitions_, value.type)) + "'");
  return check_elements(value.item(), type);
}

/// Ensures that nothing is lost and nothing is written that the type does not have.
bool Machine::check_elements(const tree::Item& of, fhir::TypeId type) {
  for (tree::Item part = of.first_child(); part; part = part.next()) {
    const std::string_view name = part.name_text();
    if (part.document->is_attribute(part.node) || name == "resourceType" || name == "fhir_comments") continue;
    const fhir::Step step = definitions_.step(type, part.name());
    const auto refuse = [&](const std::string& why) {
      return fail("'" + std::string(name) + "' " + why + " " + std::string(plain_name(definitions_, type)) + " of FHIR " +
                  release_of(definitions_, type) + ", so the whole cannot be copied; write a group that says what becomes of it");
    };
    if (!step) return refuse("is no element of");
    if (part.document->in_list(part.node) != (step.element->max > 1)) return refuse("does not repeat as it does in");
    if (part.has_value() || step.type == 0 || is_primitive(definitions_, step.type)) continue;
    fhir::TypeId inner = step.type;
    if (definitions_.is_abstract(inner) && part.child("resourceType")) {
      const fhir::TypeId named = definitions_.find_type(part.text_of("resourceType"));
      inner = named == 0 ? 0 : counterpart(definitions_, named, inner);
    }
    if (inner != 0 && !definitions_.is_abstract(inner) && !check_elements(part, inner)) return false;
  }
  return true;
}

}  // namespace vardbron::mapping
