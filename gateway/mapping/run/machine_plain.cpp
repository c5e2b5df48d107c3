#include "gateway/base/limits.h"
#include "gateway/fhir/primitive.h"
#include "gateway/mapping/compile/types.h"
#include "gateway/mapping/run/machine.h"

#include <utility>

/// Fast paths for the most frequent rules: elements of one name, and values that are written unchanged. All else (see
/// compile_plain.cpp, and the exceptions named here) takes the general path, with the same result.
namespace vardbron::mapping {

namespace {

bool fits(tree::Kind kind, std::string_view text) { return kind == tree::Kind::String || fhir::fits_kind(kind, text); }

}  // namespace

bool Machine::run_body(const RuleCode& rule) {
  if (++firings_ > limits::evaluation_steps_max)
    return fail_too_large("the map fires more rules than evaluation_steps_max allows");
  if (environment_->observer != nullptr) tell_fired(rule);
  if (environment_->marks != nullptr) mark_fired(rule);
  const std::size_t tainted = tainted_;
  for (Index i = 0; i < rule.targets.count; ++i) {
    const TargetCode& target = program_.targets[rule.targets.first + i];
    if (target.branch_template != nothing && put_template(target))
      i += program_.branch_templates[target.branch_template].targets - 1;
    else if (!run_direct(target.direct) && !run_target(target) && !skip_target(target))
      return false;
  }
  for (Index i = 0; i < rule.calls.count; ++i) {
    if (!call(program_.calls[rule.calls.first + i])) return false;
  }
  if (rule.rules.count != 0 && !run_rules(rule.rules)) return false;
  tainted_ = tainted;
  if (environment_->observer != nullptr) environment_->observer->ended(rule_);
  return true;
}

/// A rule that does nothing with its elements declares that they are known and not used, with all their content.
void Machine::mark_fired(const RuleCode& rule) {
  Marks& marks = *environment_->marks;
  ++marks.fired[rule_];
  if (rule.targets.count + rule.calls.count + rule.rules.count > 0) return;
  for (Index i = 0; i < rule.sources.count; ++i) {
    const SourceCode& source = program_.sources[rule.sources.first + i];
    const bool asks = source.check != nothing || source.log != nothing || source.has_cardinality;
    if (!asks) marks.source.set(slot(source.slot).item(), tree::Marks::Copied);
  }
}

void Machine::tell_fired(const RuleCode& rule) {
  fired_.clear();
  for (Index i = 0; i < rule.sources.count; ++i) fired_.push_back(slot(program_.sources[rule.sources.first + i].slot).item());
  environment_->observer->fired(rule_, fired_);
}

bool Machine::run_plain(const RuleCode& rule) {
  const SourceCode& source = program_.sources[rule.sources.first];
  const Slot from = current(slot(source.context));
  if (!from) return true;
  if (source.steps.count == 0) return run_with(rule, source, from);
  const tree::Document& document = *from.document;
  const ChoiceVariant& variant = program_.variants[program_.steps[source.steps.first].variants.first];
  for (tree::NodeId child = document.first_child(from.node); child != tree::no_node; child = document.next(child)) {
    if (document.name(child) != variant.name.id) continue;
    if (!run_with(rule, source, {{&document, child}, variant.type})) return false;
  }
  return true;
}

/// Returns where in found_ the names of the index begin; not_found: each rule searches for itself.
std::size_t Machine::find_children(const ChildIndexCode& child_index) {
  const Slot from = current(slot(child_index.context));
  if (!from || is_written(from)) return not_found;
  const std::size_t base = found_.size();
  found_.resize(base + child_index.names);
  const tree::Document& document = *from.document;
  for (tree::NodeId child = document.first_child(from.node); child != tree::no_node; child = document.next(child)) {
    const tree::NameId name = document.name(child);
    std::size_t at = child_index.place_of(name);
    while (child_index.entries[at].place != nothing && child_index.entries[at].name != name)
      at = (at + 1) & (child_index.entries.size() - 1);
    if (child_index.entries[at].place == nothing) continue;
    Found& found = found_[base + child_index.entries[at].place];
    if (found.count++ == 0) found.first = child;
  }
  return base;
}

bool Machine::run_found(const RuleCode& rule, Found found) {
  if (found.count == 0) return true;
  const SourceCode& source = program_.sources[rule.sources.first];
  const tree::Document& document = *current(slot(source.context)).document;
  const ChoiceVariant& variant = program_.variants[program_.steps[source.steps.first].variants.first];
  while (true) {
    if (!run_with(rule, source, {{&document, found.first}, variant.type})) return false;
    if (--found.count == 0) return true;
    do found.first = document.next(found.first);
    while (document.name(found.first) != variant.name.id);
  }
}

bool Machine::run_with(const RuleCode& rule, const SourceCode& source, Slot element) {
  take(source, element);
  if (environment_->marks != nullptr) {
    environment_->marks->source.set(element.item(), tree::Marks::Seen);
    environment_->marks->source.set(element.item(), tree::Marks::Used);
  }
  return run_body(rule);
}

bool Machine::run_rules(Range rules) {
  if (++depth_ > limits::map_depth_max * 4) return fail_too_large("rules stand inside rules deeper than map_depth_max allows");
  const Index outer = rule_, child_index = program_.list_child_indexes[rules.first];
  const std::size_t found = found_.size();
  const std::size_t base =
      child_index == nothing ? not_found
                             : std::exchange(child_index_bases_[child_index], find_children(program_.child_indexes[child_index]));
  const std::size_t at = at_;
  for (Index i = 0; i < rules.count; ++i) {
    rule_ = program_.rule_lists[rules.first + i];
    const RuleCode& rule = program_.rules[rule_];
    const bool is_found = rule.child_index != nothing && child_index_bases_[rule.child_index] != not_found;
    if (!(is_found ? run_found(rule, found_[child_index_bases_[rule.child_index] + rule.child_index_place]) : run_rule(rule)))
      return false;
    at_ = at;
  }
  if (child_index != nothing) child_index_bases_[child_index] = base;
  found_.resize(found);
  rule_ = outer;
  --depth_;
  return true;
}

bool Machine::run_rule(const RuleCode& rule) {
  if (rule.is_plain && !is_written(slot(program_.sources[rule.sources.first].context))) return run_plain(rule);
  const std::size_t ranges = ranges_.size();
  ranges_.resize(ranges + rule.sources.count);
  if (!fire(rule, 0, ranges)) return false;
  ranges_.resize(ranges);
  return true;
}

/// A literal is stored in the target once; every element with it refers to it.
tree::Document::Kept Machine::literal(Index text) {
  tree::Document::Kept& kept = literals_[text];
  if (kept.length == 0) kept = target_.document().keep(program_.texts[text]);
  return kept;
}

/// False: nothing was done; take the general path.
bool Machine::run_direct(const DirectCode& direct) {
  using enum DirectCode::Way;
  if (direct.way == None || direct.way == Text || direct.way == Structure) return false;
  const Slot& context = slot(direct.context);
  const tree::NodeId parent = context.node;
  if (!takes_directly(direct, context)) return false;
  tree::Document& document = target_.document();
  tree::Document::Kept kept;
  if (direct.way == Literal) {
    kept = literal(direct.value);
  } else if (direct.way == Copy) {
    std::string_view text;
    if (!plain_text(slot(direct.value), text) || !fits(direct.kind, text)) return false;
    kept = document.keep(text);
  }
  const tree::NodeId made = target_.add_direct(parent, direct, kept);
  if (direct.way == Create && direct.value != nothing)
    document.add_kept(made, program_.names.resource_type, tree::Kind::String, literal(direct.value));
  const Slot element{{&document, made}, direct.type};
  if (direct.slot != nothing) slot(direct.slot) = element;
  if (environment_->observer == nullptr) return true;
  const bool is_copy = direct.way == Copy && slot(direct.value).document == message_;
  const Slot source = is_copy ? slot(direct.value) : at();
  environment_->observer->wrote(rule_, element.item(), source.item());
  return true;
}

void Machine::prepare(const TemplateCode& code, TargetWriter::BranchTemplate& branch_template) {
  const std::span parts{&program_.template_parts[code.parts.first], code.parts.count};
  if (branch_template.branch.size() == 0) target_.prepare(branch_template, parts);
  for (Index i = 0; i < parts.size(); ++i) {
    if (parts[i].text != nothing) branch_template.branch.set_text(i, literal(parts[i].text));
  }
  branch_template.run = runs_;
}

/// False as above. Not used with an Observer, which is notified of each element.
bool Machine::put_template(const TargetCode& target) {
  const DirectCode& top = target.direct;
  const TemplateCode& code = program_.branch_templates[target.branch_template];
  const Slot& context = slot(top.context);
  if (environment_->observer != nullptr || (code.has_moment && environment_->zone != nullptr)) return false;
  if (!takes_directly(top, context)) return false;
  TargetWriter::BranchTemplate& branch_template = branch_templates_[target.branch_template];
  if (branch_template.run != runs_) prepare(code, branch_template);
  tree::Document& document = target_.document();
  for (const TargetWriter::BranchTemplate::Value& value : branch_template.values) {
    std::string_view text;
    if (!plain_text(slot(value.slot), text) || !fits(value.kind, text)) return false;
    branch_template.branch.set_text(value.part, document.keep(text));
  }
  const tree::NodeId made = target_.add_template(context.node, top, branch_template);
  for (const TargetWriter::BranchTemplate::Alias& alias : branch_template.aliases)
    slot(alias.slot) = {{&document, made + alias.part}, alias.type};
  return true;
}

/// The text of a value that has only a text.
bool Machine::plain_text(const Slot& value, std::string_view& out) const {
  if (!value || may_have_moved(value) || !value.item().has_value() || value.item().first_child()) return false;
  out = value.item().text();
  return !out.empty();
}

/// Writes the result of a transform. False as above.
bool Machine::write_direct(const DirectCode& direct, std::string_view text, Slot& made) {
  if (direct.way != DirectCode::Way::Text || !takes_directly(direct, slot(direct.context))) return false;
  if (!fits(direct.kind, text)) return false;
  tree::Document& document = target_.document();
  made = {{&document, target_.add_direct(slot(direct.context).node, direct, document.keep(text))}, direct.type};
  return true;
}

bool Machine::takes_directly(const DirectCode& direct, const Slot& context) {
  const tree::Document& document = target_.document();
  if (context.document != &document || !target_.is_new(context.node, direct)) return false;
  return document.size() <= limits::map_target_nodes_max && !(direct.is_moment && environment_->zone != nullptr);
}

}  // namespace vardbron::mapping
