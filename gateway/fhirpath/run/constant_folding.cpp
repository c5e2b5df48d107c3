// Tested by tests/fhirpath/language_test.cpp and tests/fhirpath/specification_operators_test.cpp.

#include "gateway/fhirpath/language/analyse.h"
#include "gateway/fhirpath/run/evaluation.h"

namespace vardbron::fhirpath {
namespace {

constexpr std::size_t folding_steps_max = 10'000;
constexpr std::uint32_t folded_items_max = 64;

bool can_fold(const Node& node) {
  if (node.form == Form::Call) return node.input != no_index && node.function->has(folds);
  return node.form == Form::Binary || node.form == Form::Polarity || node.form == Form::Indexer;
}

bool evaluate_constant(Program::Code& code, Node& node, NodeIndex index) {
  Environment environment;
  environment.steps_max = folding_steps_max;
  Evaluation evaluation(code, environment, code.kept);
  List result;
  if (!evaluation.evaluate(index, Frame{}, result) || result.size > folded_items_max) return false;
  node.constants.assign(result.begin(), result.end());
  node.form = result.empty() ? Form::Empty : Form::Literal;
  if (result.size == 1) {
    node.constant = result[0];
    node.constants.clear();
  }
  return true;
}

}  // namespace

void fold_constants(Program::Code& code) {
  std::vector<bool> is_constant(code.nodes.size());
  for (NodeIndex index = 0; index < code.nodes.size(); ++index) {  // children come before their parents
    Node& node = code.nodes[index];
    if (node.form == Form::Literal || node.form == Form::Empty ||
        (node.form == Form::Environment && node.known == Known::Constant)) {
      is_constant[index] = true;
      continue;
    }
    if (!can_fold(node)) continue;
    bool all = node.input == no_index || is_constant[node.input];
    for (NodeIndex argument : node.arguments) all = all && is_constant[argument];
    is_constant[index] = all && evaluate_constant(code, node, index);
  }
}

}  // namespace vardbron::fhirpath
