#include "gateway/base/limits.h"
#include "gateway/fhir/primitive.h"
#include "gateway/mapping/machine.h"
#include "gateway/mapping/types.h"

#include <utility>

/// The ways most of a map takes: elements of one name, and values that are written as they are. What does not fit them (see
/// compile_plain.cpp, and the exceptions named here) goes the general way, which gives the same.
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
    if (target.stamp != nothing && put_stamp(target))
      i += program_.stamps[target.stamp].targets - 1;
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

/// A rule that does nothing with its elements says that they are known and not used, with all that is in them.
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
  const Spelling& spelling = program_.spellings[program_.steps[source.steps.first].spellings.first];
  for (tree::NodeId child = document.first_child(from.node); child != tree::no_node; child = document.next(child)) {
    if (document.name(child) != spelling.name.id) continue;
    if (!run_with(rule, source, {{&document, child}, spelling.type})) return false;
  }
  return true;
}

/// Gives where in found_ the fan's names begin; not_found: each rule looks for itself.
std::size_t Machine::find_children(const FanCode& fan) {
  const Slot from = current(slot(fan.context));
  if (!from || is_written(from)) return not_found;
  const std::size_t base = found_.size();
  found_.resize(base + fan.names);
  const tree::Document& document = *from.document;
  for (tree::NodeId child = document.first_child(from.node); child != tree::no_node; child = document.next(child)) {
    const tree::NameId name = document.name(child);
    std::size_t at = fan.place_of(name);
    while (fan.entries[at].place != nothing && fan.entries[at].name != name) at = (at + 1) & (fan.entries.size() - 1);
    if (fan.entries[at].place == nothing) continue;
    Found& found = found_[base + fan.entries[at].place];
    if (found.count++ == 0) found.first = child;
  }
  return base;
}

bool Machine::run_found(const RuleCode& rule, Found found) {
  if (found.count == 0) return true;
  const SourceCode& source = program_.sources[rule.sources.first];
  const tree::Document& document = *current(slot(source.context)).document;
  const Spelling& spelling = program_.spellings[program_.steps[source.steps.first].spellings.first];
  while (true) {
    if (!run_with(rule, source, {{&document, found.first}, spelling.type})) return false;
    if (--found.count == 0) return true;
    do found.first = document.next(found.first);
    while (document.name(found.first) != spelling.name.id);
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
  const Index outer = rule_, fan = program_.list_fans[rules.first];
  const std::size_t found = found_.size();
  const std::size_t base = fan == nothing ? not_found : std::exchange(fan_bases_[fan], find_children(program_.fans[fan]));
  const std::size_t at = at_;
  for (Index i = 0; i < rules.count; ++i) {
    rule_ = program_.rule_lists[rules.first + i];
    const RuleCode& rule = program_.rules[rule_];
    const bool is_found = rule.fan != nothing && fan_bases_[rule.fan] != not_found;
    if (!(is_found ? run_found(rule, found_[fan_bases_[rule.fan] + rule.fan_place]) : run_rule(rule))) return false;
    at_ = at;
  }
  if (fan != nothing) fan_bases_[fan] = base;
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

/// A literal is copied into the target once; every element that has it points there.
tree::Document::Kept Machine::literal(Index text) {
  tree::Document::Kept& kept = literals_[text];
  if (kept.length == 0) kept = target_.document().keep(program_.texts[text]);
  return kept;
}

/// False: nothing was done, and the general way is to be taken.
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

void Machine::prepare(const StampCode& code, Canvas::Stamp& stamp) {
  const std::span parts{&program_.stamp_parts[code.parts.first], code.parts.count};
  if (stamp.branch.size() == 0) target_.prepare(stamp, parts);
  for (Index i = 0; i < parts.size(); ++i) {
    if (parts[i].text != nothing) stamp.branch.set_text(i, literal(parts[i].text));
  }
  stamp.run = runs_;
}

/// False as above. Who watches a run is told of each element on its own.
bool Machine::put_stamp(const TargetCode& target) {
  const DirectCode& top = target.direct;
  const StampCode& code = program_.stamps[target.stamp];
  const Slot& context = slot(top.context);
  if (environment_->observer != nullptr || (code.has_moment && environment_->zone != nullptr)) return false;
  if (!takes_directly(top, context)) return false;
  Canvas::Stamp& stamp = stamps_[target.stamp];
  if (stamp.run != runs_) prepare(code, stamp);
  tree::Document& document = target_.document();
  for (const Canvas::Stamp::Value& value : stamp.values) {
    std::string_view text;
    if (!plain_text(slot(value.slot), text) || !fits(value.kind, text)) return false;
    stamp.branch.set_text(value.part, document.keep(text));
  }
  const tree::NodeId made = target_.add_stamp(context.node, top, stamp);
  for (const Canvas::Stamp::Alias& alias : stamp.aliases) slot(alias.slot) = {{&document, made + alias.part}, alias.type};
  return true;
}

/// The text of a value that is a text and nothing more.
bool Machine::plain_text(const Slot& value, std::string_view& out) const {
  if (!value || may_have_moved(value) || !value.item().has_value() || value.item().first_child()) return false;
  out = value.item().text();
  return !out.empty();
}

/// Writes what a transform has made of its arguments. False as above.
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
