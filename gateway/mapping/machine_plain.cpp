#include "gateway/base/limits.h"
#include "gateway/fhir/primitive.h"
#include "gateway/mapping/machine.h"
#include "gateway/mapping/types.h"

/// The ways most of a map takes: elements of one name, and values that are written as they are. What does not fit them (see
/// compile_plain.cpp, and the exceptions named here) goes the general way, which gives the same.
namespace vardbron::mapping {

bool Machine::run_plain(const RuleCode& rule) {
  const SourceCode& source = program_.sources[rule.sources.first];
  const Slot from = current(slot(source.context));
  if (!from) return true;
  if (source.steps.count == 0) return run_with(rule, source, from);
  const tree::Document& document = *from.item.document;
  const Spelling& spelling = program_.spellings[program_.steps[source.steps.first].spellings.first];
  for (tree::NodeId child = document.first_child(from.item.node); child != tree::no_node; child = document.next(child)) {
    if (document.name(child) != spelling.name.id) continue;
    if (!run_with(rule, source, {{&document, child}, spelling.type})) return false;
  }
  return true;
}

bool Machine::run_with(const RuleCode& rule, const SourceCode& source, const Slot& element) {
  slot(source.slot) = at_ = element;
  if (environment_->marks != nullptr) {
    environment_->marks->source.set(element.item, tree::Marks::Seen);
    environment_->marks->source.set(element.item, tree::Marks::Used);
  }
  return run_body(rule);
}

Machine::Leaf Machine::run_leaf(const TargetCode& target, Slot& made) {
  const Slot& context = slot(target.context);
  if (!context) return Leaf::Done;
  if (may_have_moved(context)) return Leaf::General;
  const ArgumentCode& argument = program_.arguments[target.arguments.first];
  std::string_view text;
  if (target.operation == Operation::Literal) {
    text = program_.texts[argument.index];
  } else {
    const Slot& value = slot(argument.index);
    if (!value) return Leaf::Done;
    if (may_have_moved(value) || !value.item.has_value() || value.item.first_child()) return Leaf::General;  // parts go with it
    text = value.item.text();
  }
  if (text.empty()) return Leaf::Done;
  const Spelling& spelling = program_.spellings[target.spelling];
  Canvas& canvas = target_.owns(context.item.document) ? target_ : scratch_;
  if (!canvas.owns(context.item.document)) return Leaf::General;  // to be refused
  tree::Document& document = canvas.document();
  const bool needs_zone = spelling.is_moment && environment_->zone != nullptr;
  const bool is_too_large = document.size() > limits::map_target_nodes_max;
  if (needs_zone || is_too_large || !fhir::fits_kind(spelling.kind, text)) return Leaf::General;
  const ElementCode& element = program_.elements[target.elements.first];
  tree::NodeId node = element.repeats ? tree::no_node : canvas.existing(context.item.node, element);
  if (node == tree::no_node)
    node = canvas.add_text(context.item.node, element, spelling, text);
  else
    document.set_text(node, spelling.kind, text);
  made = {{&document, node}, spelling.type};
  return Leaf::Done;
}

}  // namespace vardbron::mapping
