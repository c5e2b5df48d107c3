#include "gateway/fhirpath/language/functions.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <vector>

namespace vardbron::fhirpath {
namespace {

const Function* find_in(FunctionTable table, std::string_view name) {
  auto found = std::find_if(table.begin(), table.end(), [name](const Function& known) { return known.name == name; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace

const Argument& Function::argument(std::size_t place) const { return arguments.each[std::min(place, arguments.each.size() - 1)]; }

bool Function::takes_count(std::size_t count) const {
  return count >= arguments.min && (count <= arguments.max || arguments.max == Arguments::any_number);
}

std::span<const FunctionTable> function_tables() {
  static const FunctionTable tables[] = {existence_functions(),  filter_functions(),   subset_functions(), conversion_functions(),
                                         text_functions(),       pattern_functions(),  coding_functions(), number_functions(),
                                         date_functions(),       boundary_functions(), tree_functions(),   fhir_functions(),
                                         definition_functions(), slice_functions()};
  return tables;
}

std::span<const Service> services() {
  static const Service all[] = {
      {"factory", factory_functions()}, {"terminologies", terminology_functions()}, {"server", server_functions()}};
  return all;
}

const Function* find_function(std::string_view name) {
  for (FunctionTable table : function_tables())
    if (const Function* found = find_in(table, name); found != nullptr) return found;
  return nullptr;
}

const Function* find_function(const Service& service, std::string_view name) { return find_in(service.functions, name); }

std::string_view similar_function(std::string_view name) {
  std::vector<std::string_view> names;
  for (FunctionTable table : function_tables())
    for (const Function& known : table) names.push_back(known.name);
  return nearest(name, names);
}

const Service* find_service(std::string_view variable) {
  for (const Service& known : services())
    if (known.name == variable) return &known;
  return nullptr;
}

bool is_reserved_variable(std::string_view name) {
  return name == "context" || name == "resource" || name == "rootResource" || known_constant(name).has_value() ||
         find_service(name) != nullptr;
}

std::optional<std::string> known_constant(std::string_view name) {
  if (name == "sct") return "http://snomed.info/sct";
  if (name == "loinc") return "http://loinc.org";
  if (name == "ucum") return "http://unitsofmeasure.org";
  if (name.starts_with("vs-")) return "http://hl7.org/fhir/ValueSet/" + std::string(name.substr(3));
  if (name.starts_with("ext-")) return "http://hl7.org/fhir/StructureDefinition/" + std::string(name.substr(4));
  return std::nullopt;
}

}  // namespace vardbron::fhirpath
