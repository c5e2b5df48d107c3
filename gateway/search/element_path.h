#pragma once

// Tested by tests/search/indexer_test.cpp.

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::search {

/// One path through a resource to the values of a search parameter: names to follow, with conditions of each step. The subset of
/// FHIRPath of nearly all of R4's search expressions; walking it does not allocate.
struct ElementPath {
  struct Step {
    tree::NameId name = 0;
    int item = -1;                ///< [n]: only the n-th child of that name; -1 = all
    tree::NameId where_name = 0;  ///< where(name='value')
    std::string where_value;
    std::string resolves_to;  ///< where(resolve() is Type)
  };
  std::vector<Step> steps;
  fhir::TypeId type = 0;  ///< of the values
  const fhir::Element* element = nullptr;
};

/// Paths of an expression that starts at `resource`, one per alternative and choice type; nullopt if the expression is outside
/// the subset.
std::optional<std::vector<ElementPath>> compile_paths(const fhir::Definitions& definitions, fhir::TypeId resource,
                                                      std::string_view expression);

bool passes_where(const ElementPath::Step& step, tree::Item item);
bool passes_resolve(const ElementPath::Step& step, tree::Item item);

/// Calls visit(tree::Item) for each value in order.
template <class Visit>
void walk(const ElementPath& path, tree::Item from, std::size_t at, const Visit& visit) {
  if (at == path.steps.size()) {
    visit(from);
    return;
  }
  const ElementPath::Step& step = path.steps[at];
  int count = 0;
  for (tree::Item child = from.first_child(); child; child = child.next()) {
    if (child.name() != step.name) continue;
    bool wanted = step.item < 0 || step.item == count;
    ++count;
    bool passes = wanted && (step.where_name == 0 || passes_where(step, child));
    if (passes && !step.resolves_to.empty()) passes = passes_resolve(step, child);
    if (passes) walk(path, child, at + 1, visit);
  }
}

}  // namespace vardbron::search
