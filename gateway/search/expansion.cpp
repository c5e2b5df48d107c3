#include "gateway/search/expansion.h"

#include "gateway/search/refusal.h"

#include <algorithm>
#include <string>
#include <utility>

namespace vardbron::search {

namespace {

Operand code_operand(std::string_view system, std::string_view code) {
  Operand operand;
  operand.any_system = false;
  operand.system = system;
  operand.value = code;
  return operand;
}

Failure too_large(std::string_view name) {
  return {Cause::TooLarge, "This stands for more than " + std::to_string(expanded_codes_max) + " codes.", shown(name)};
}

Failure not_listed(std::string_view what, std::string_view name) {
  return unsupported("This gateway cannot list the codes of this " + std::string(what) + ".", name);
}

}  // namespace

Result<std::vector<Operand>> codes_in(const fhir::Definitions& definitions, std::string_view value_set, std::string_view name) {
  Result<std::span<const fhir::Code>> codes = definitions.value_set(value_set);
  if (!codes && codes.failure().cause == Cause::Unsupported) return not_listed("value set", name);
  if (!codes) return invalid("This gateway has no such value set; those of FHIR R4 are there by their URLs.", name);
  if (codes->size() > expanded_codes_max) return too_large(name);
  std::vector<Operand> operands;
  for (const fhir::Code& code : *codes) operands.push_back(code_operand(code.system, code.code));
  return operands;
}

Result<std::vector<Operand>> codes_around(const fhir::Definitions& definitions, const Operand& code, Modifier modifier,
                                          std::string_view name) {
  if (code.any_system || code.system.empty() || code.value.empty()) return invalid("Here the value is system|code.", name);
  Result<std::span<const fhir::Code>> codes = definitions.code_system(code.system);
  if (!codes && codes.failure().cause == Cause::Unsupported) return not_listed("code system", name);
  if (!codes) return invalid("This gateway has no such code system; those of FHIR R4 are there by their URLs.", name);
  auto is_it = [&](const fhir::Code& each) { return each.code == code.value; };
  if (std::none_of(codes->begin(), codes->end(), is_it)) return invalid("The code system has no such code.", name);
  Result<std::span<const fhir::CodeLink>> links = definitions.hierarchy(code.system);
  if (!links) return not_listed("code system", name);
  std::vector<std::string_view> found{code.value};
  for (std::size_t at = 0; at < found.size(); ++at) {  // grows while it is walked
    for (const fhir::CodeLink& link : *links) {
      const std::string_view from = modifier == Modifier::Below ? link.parent : link.code;
      const std::string_view to = modifier == Modifier::Below ? link.code : link.parent;
      if (from == found[at] && std::find(found.begin(), found.end(), to) == found.end()) found.push_back(to);
    }
    if (found.size() > expanded_codes_max) return too_large(name);
  }
  std::vector<Operand> operands;
  for (std::string_view each : found) operands.push_back(code_operand(code.system, each));
  return operands;
}

}  // namespace vardbron::search
