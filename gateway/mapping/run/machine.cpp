#include "gateway/mapping/run/machine.h"

#include "gateway/base/limits.h"
#include "gateway/fhir/xsi_type.h"
#include "gateway/mapping/compile/types.h"
#include "gateway/mapping/run/source.h"

#include <algorithm>

namespace vardbron::mapping {

Machine::Machine(const Program& program)
    : program_(program),
      definitions_(*program.definitions),
      scratch_document_(program.definitions->names()),
      scratch_(program),
      target_(program) {
  static constexpr std::array<Family, 11> families{Family::None,    Family::Boolean,  Family::Integer, Family::Integer,
                                                   Family::Decimal, Family::String,   Family::Date,    Family::DateTime,
                                                   Family::Time,    Family::Quantity, Family::String};
  for (Family family : families) system_types_.push_back(family == Family::None ? 0 : type_of_family(definitions_, family));
}

Result<void> Machine::run(std::span<const tree::Item> sources, const Environment& environment, tree::Document& target) {
  bool ran = start(sources, environment, target) && run_group(program_.entry, 0);
  if (!ran) return std::move(failure_);
  target_.order();
  if (!environment.keeps_empty) target_.drop_empty();
  if (first_failure_) return *std::move(first_failure_);
  return done();
}

bool Machine::start(std::span<const tree::Item> sources, const Environment& environment, tree::Document& target) {
  environment_ = &environment;
  failure_ = {};
  fault_ = {};
  first_failure_.reset();
  message_ = sources.empty() ? nullptr : sources.front().document;
  tainted_ = 0;
  rule_ = nothing;
  base_ = at_ = depth_ = calls_ = firings_ = looked_at_ = 0;
  slots_.clear();
  candidates_.clear();
  ranges_.clear();
  counters_.assign(program_.counters.size(), 0);
  constants_.assign(program_.constants.size(), std::nullopt);
  root_.reset();
  shared_.clear();
  placed_.clear();
  moved_.clear();
  scratch_.start(scratch_document_);
  if (&target.names() != &definitions_.names()) return fail("the target's document was made with other names than the map");
  if (sources.size() != program_.source_slots.size())
    return fail("the map takes " + std::to_string(program_.source_slots.size()) + " sources, but is given " +
                std::to_string(sources.size()));
  target_.start(target);
  literals_.assign(program_.texts.size(), {});
  slots_.assign(program_.groups[program_.entry].slots, Slot{});
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (!sources[i] || &sources[i].document->names() != &definitions_.names())
      return fail("the source's document was made with other names than the map");
    slots_[program_.source_slots[i]] = {sources[i], program_.source_types[i]};
    at_ = program_.source_slots[i];
    if (std::string says = misfit(sources[i], program_.source_types[i], definitions_); !says.empty())
      return fail(std::move(says));
  }
  if (environment.marks != nullptr) start_marks(sources.front());
  if (program_.target_slot == nothing) return true;
  fhir::TypeId type = program_.target_type;
  target_.set_type(0, type);
  bool names_itself = type != 0 && !definitions_.is_abstract(type) && definitions_.kind(type) == fhir::TypeKind::Resource;
  if (names_itself || (type != 0 && definitions_.kind(type) == fhir::TypeKind::Logical)) target_.add_resource_type(0, type);
  slots_[program_.target_slot] = {{&target, 0}, type};
  return true;
}

void Machine::start_marks(const tree::Item& source) {
  Marks& marks = *environment_->marks;
  marks.source.start(*source.document);
  marks.source.set(source, tree::Marks::Used);
  marks.rejected.clear();
  marks.unlisted.clear();
  marks.fired.resize(program_.rules.size());
  marks.rejections.resize(program_.rules.size());
}

void Machine::mark_rejected(const tree::Item& item) {
  Marks& marks = *environment_->marks;
  ++marks.rejections[rule_];
  if (item.document != marks.source.document || (marks.source.bits[item.node] & tree::Marks::Rejected) != 0) return;
  marks.source.set(item, tree::Marks::Rejected);
  marks.rejected.emplace_back(item.node, rule_);
}

/// The parameters are at `base` already.
bool Machine::run_group(Index group, std::size_t base) {
  if (++calls_ > limits::map_depth_max)
    return fail_too_large("groups call each other deeper than map_depth_max (" + std::to_string(limits::map_depth_max) + ")");
  const GroupCode& code = program_.groups[group];
  std::size_t before = base_;
  base_ = base;
  slots_.resize(base + code.slots);
  if (environment_->observer != nullptr) environment_->observer->entered(program_.texts[code.name]);
  bool ran = run_rules(code.rules);
  if (environment_->observer != nullptr) environment_->observer->left(program_.texts[code.name]);
  base_ = before;
  --calls_;
  return ran;
}

bool Machine::run_rules(Range rules) {
  if (++depth_ > limits::map_depth_max * 4) return fail_too_large("rules stand inside rules deeper than map_depth_max allows");
  const Index outer = rule_;
  const std::size_t at = at_;
  for (Index i = 0; i < rules.count; ++i) {
    rule_ = program_.rule_lists[rules.first + i];
    if (!run_rule(program_.rules[rule_])) return false;
    at_ = at;
  }
  rule_ = outer;
  --depth_;
  return true;
}

bool Machine::run_rule(const RuleCode& rule) {
  const std::size_t ranges = ranges_.size();
  ranges_.resize(ranges + rule.sources.count);
  if (!fire(rule, 0, ranges)) return false;
  ranges_.resize(ranges);
  return true;
}

bool Machine::run_body(const RuleCode& rule) {
  if (++firings_ > limits::evaluation_steps_max)
    return fail_too_large("the map fires more rules than evaluation_steps_max allows");
  if (environment_->observer != nullptr) tell_fired(rule);
  if (environment_->marks != nullptr) mark_fired(rule);
  const std::size_t tainted = tainted_;
  for (Index i = 0; i < rule.targets.count; ++i) {
    const TargetCode& target = program_.targets[rule.targets.first + i];
    if (!run_direct(target.direct) && !run_target(target) && !skip_target(target)) return false;
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

/// Iterates over the elements of each source; after the last source the rule fires.
bool Machine::fire(const RuleCode& rule, Index number, std::size_t ranges) {
  if (number == rule.sources.count) return run_body(rule);
  const SourceCode& source = program_.sources[rule.sources.first + number];
  if (tainted_ > 0 && is_without_context(source, ranges)) return true;
  const std::size_t first = candidates_.size(), at = at_;
  if (!find_elements(source, ranges, first)) {
    if (!go_on()) return false;
    candidates_.resize(first);
    at_ = at;
    return fire_without(rule, number, ranges);
  }
  const std::size_t end = candidates_.size();
  ranges_[ranges + number] = {first, end};
  for (std::size_t i = first; i < end; ++i) {
    take(source, candidates_[i]);
    if (environment_->marks != nullptr) environment_->marks->source.set(candidates_[i].item(), tree::Marks::Used);
    if (!fire(rule, number + 1, ranges)) return false;
  }
  candidates_.resize(first);
  return true;
}

/// Appends the elements of a source to the candidates.
bool Machine::find_elements(const SourceCode& source, std::size_t ranges, std::size_t first) {
  if (!collect(source, ranges)) return false;
  looked_at_ += candidates_.size() - first;
  if (looked_at_ > limits::evaluation_steps_max)
    return fail_too_large(
        "the sources of the map's rules have more elements, in all their combinations, than evaluation_steps_max allows");
  if (environment_->marks != nullptr) {
    for (std::size_t i = first; i < candidates_.size(); ++i)
      environment_->marks->source.set(candidates_[i].item(), tree::Marks::Seen);
  }
  if (source.filter != 0) filter(source, first);
  if (source.default_value != nothing && candidates_.size() == first && !add_default(source, first)) return false;
  if (source.has_cardinality && !check_cardinality(source, first)) return false;
  return select(source, first);
}

Machine::Slot Machine::moved(Slot slot) const {
  bool is_moved = slot.document == &scratch_document_ && slot.node < moved_.size() && moved_[slot.node] != tree::no_node;
  if (is_moved) return {{&const_cast<TargetWriter&>(target_).document(), moved_[slot.node]}, slot.type};
  return slot;
}

/// The type of an element that may be any resource, from its resourceType.
fhir::TypeId Machine::type_of(const Slot& slot) const {
  if (slot.type != 0 && !definitions_.is_abstract(slot.type)) return slot.type;
  fhir::TypeId named = fhir::resource_type(definitions_, slot.item());
  return named != 0 ? named : slot.type;
}

/// The type in xsi:type; if it is missing, the first type of the model, which the slot has.
bool Machine::take_xsi_type(Slot& slot) {
  const fhir::TypeId declared = fhir::xsi_type(definitions_, slot.item(), slot.type);
  if (declared != 0) slot.type = declared;
  const std::string_view named = slot.item().text_of(fhir::xsi_type_name);
  return declared != 0 || named.empty() || fail("there is no type '" + std::string(named) + "' as xsi:type says");
}

bool Machine::lacks_value(const Slot& slot) const {
  if (!slot || slot.item().has_value()) return false;
  return slot.type == 0 ? slot.item().kind() == tree::Kind::Null : is_primitive(definitions_, slot.type);
}

bool Machine::collect(const SourceCode& source, std::size_t ranges) {
  if (source.constant != nothing) {
    if (!evaluate_constant(source.constant)) return false;
    for (const fhirpath::Value& value : *constants_[source.constant]) {
      if (!collect_below(keep(value), source.steps)) return false;
    }
    return true;
  }
  if (source.context_source == nothing) return collect_below(current(slot(source.context)), source.steps);
  // The standard's cross product: a source below another source of the same rule takes all elements of that source.
  auto [first, end] = ranges_[ranges + source.context_source];
  for (std::size_t i = first; i < end; ++i) {
    if (!collect_below(candidates_[i], source.steps)) return false;
  }
  return true;
}

bool Machine::collect_below(Slot from, Range steps) {
  if (!from) return true;
  if (steps.count == 0) {
    candidates_.push_back(from);
    return true;
  }
  const StepCode& step = program_.steps[steps.first];
  std::size_t first = candidates_.size();
  if (!(step.is_open ? expand_open(from, step) : expand(from, step))) return false;
  if (steps.count == 1) return true;
  std::vector<Slot> found(candidates_.begin() + static_cast<std::ptrdiff_t>(first), candidates_.end());
  candidates_.resize(first);
  for (const Slot& each : found) {
    if (!collect_below(each, {steps.first + 1, steps.count - 1})) return false;
  }
  return true;
}

bool Machine::expand(const Slot& from, const StepCode& step) {
  const tree::Document& document = *from.document;
  const ChoiceVariant* variants = &program_.variants[step.variants.first];
  for (tree::NodeId child = document.first_child(from.node); child != tree::no_node; child = document.next(child)) {
    tree::NameId name = document.name(child);
    for (Index i = 0; i < step.variants.count; ++i) {
      if (variants[i].name.id != name) continue;
      Slot found{{&document, child}, variants[i].type};
      if (variants[i].is_any_resource) found.type = type_of(found);
      if (variants[i].has_xsi_type && !take_xsi_type(found)) return false;
      candidates_.push_back(found);
      break;
    }
  }
  return true;
}

bool Machine::expand_open(const Slot& from, const StepCode& step) {
  const tree::Document& document = *from.document;
  const ChoiceVariant& variant = program_.variants[step.variants.first];
  tree::NameId plain = variant.name.id != 0 ? variant.name.id : document.find_name(program_.texts[variant.name.text]);
  fhir::TypeId type = type_of(from);
  fhir::Step known{};
  if (type != 0) known = definitions_.step(type, variant.name.id);
  for (tree::NodeId child = document.first_child(from.node); child != tree::no_node; child = document.next(child)) {
    tree::NameId name = document.name(child);
    Slot found{{&document, child}, 0};
    bool matches = name == plain && plain != 0;
    if (known) {
      for (const fhir::ElementType& each : definitions_.types(*known.element)) {
        tree::NameId id = each.choice_name != 0 ? each.choice_name : known.element->name;
        if (id == name && (known.type == 0 || known.type == each.type || !known.element->is_choice)) {
          matches = true;
          found.type = each.type;
        }
      }
    }
    if (!matches) continue;
    if (known && fhir::has_xsi_type(definitions_, *known.element)) {
      found.type = fhir::type_near(definitions_, *known.element);
      if (!take_xsi_type(found)) return false;
    }
    found.type = type_of(found);
    candidates_.push_back(found);
  }
  return true;
}

void Machine::filter(const SourceCode& source, std::size_t first) {
  auto other_type = [&](Slot& each) {
    fhir::TypeId type = type_of(each);
    if (type == 0)
      each.type = source.filter;  // no type information contradicts it
    else
      each.type = type;
    return !definitions_.is_a(each.type, source.filter);
  };
  auto begin = candidates_.begin() + static_cast<std::ptrdiff_t>(first);
  candidates_.erase(std::remove_if(begin, candidates_.end(), other_type), candidates_.end());
}

bool Machine::add_default(const SourceCode& source, std::size_t) {
  if (!evaluate(source.default_value, source.context == nothing ? Slot{} : current(slot(source.context)), result_)) return false;
  if (result_.empty()) return true;
  if (result_.size() > 1) return fail("the default is more than one value");
  Slot value = keep(result_[0]);
  candidates_.push_back(value);
  return true;
}

bool Machine::check_cardinality(const SourceCode& source, std::size_t first) {
  std::size_t count = candidates_.size() - first;
  if (count >= source.min && count <= source.max) return true;
  if (source.context != nothing && source.context_source == nothing) at_ = base_ + source.context;
  std::string bounds = std::to_string(source.min) + ".." + (source.max == UINT32_MAX ? "*" : std::to_string(source.max));
  std::string named = "elements";
  if (source.steps.count != 0) {
    const StepCode& last = program_.steps[source.steps.first + source.steps.count - 1];
    named = "'" + program_.texts[program_.variants[last.variants.first].name.text] + "'";
  }
  const std::string says =
      "the source has " + (count == 0 ? "no " : std::to_string(count) + " of ") + named + ", but " + bounds + " are allowed";
  return count < source.min && count == 0 ? fail_missing(says, source) : fail(says, "required");
}

/// First where filters all elements, then the list mode selects, then check and log apply to the rest.
bool Machine::select(const SourceCode& source, std::size_t first) {
  if (source.where != nothing) {
    std::size_t kept = first;
    for (std::size_t i = first; i < candidates_.size(); ++i) {
      take(source, candidates_[i]);
      bool holds = false;
      if (!evaluate_condition(source.where, candidates_[i], holds)) return false;
      if (holds) candidates_[kept++] = candidates_[i];
      if (!holds && environment_->observer != nullptr) environment_->observer->rejected(rule_, candidates_[i].item());
      if (!holds && environment_->marks != nullptr) mark_rejected(candidates_[i].item());
    }
    candidates_.resize(kept);
  }
  if (source.list != syntax::SourceList::All && !select_list(source, first)) return false;
  for (std::size_t i = first; i < candidates_.size() && source.check != nothing; ++i) {
    take(source, candidates_[i]);
    bool holds = false;
    if (!evaluate_condition(source.check, candidates_[i], holds)) return false;
    if (holds) continue;
    fail("the check (" + std::string(program_.expressions[source.check].program.text()) + ") does not hold", "business-rule");
    if (!go_on()) return false;
  }
  for (std::size_t i = first; i < candidates_.size() && source.log != nothing && environment_->observer != nullptr; ++i) {
    slot(source.slot) = candidates_[i];
    if (!write_log(source, candidates_[i])) return false;
  }
  return true;
}

bool Machine::select_list(const SourceCode& source, std::size_t first) {
  using enum syntax::SourceList;
  std::size_t count = candidates_.size() - first;
  if (source.list == OnlyOne && count > 1)
    return fail("the source has " + std::to_string(count) + " elements, but only_one is allowed");
  if (count == 0) return true;
  auto begin = candidates_.begin() + static_cast<std::ptrdiff_t>(first);
  if (source.list == First) candidates_.resize(first + 1);
  if (source.list == NotFirst) candidates_.erase(begin);
  if (source.list == Last) candidates_.erase(begin, candidates_.end() - 1);
  if (source.list == NotLast) candidates_.pop_back();
  return true;
}

/// A failing log expression does not fail the message: the failure is logged instead.
bool Machine::write_log(const SourceCode& source, const Slot& item) {
  if (!evaluate(source.log, item, result_)) {
    environment_->observer->logged(rule_, failure_.says);
    failure_ = {};
    fault_ = {};
    return true;
  }
  for (const fhirpath::Value& value : result_) {
    std::optional<std::string> text = fhirpath::to_string(value, definitions_);
    if (text) environment_->observer->logged(rule_, *text);
  }
  return true;
}

bool Machine::call(const CallCode& call) {
  std::size_t base = slots_.size();
  slots_.resize(base + call.arguments.count);
  for (Index i = 0; i < call.arguments.count; ++i) {
    const ArgumentCode& argument = program_.arguments[call.arguments.first + i];
    Slot value;
    if (!argument_slot(argument, value)) {
      if (!go_on()) return false;
      value = {};
      ++tainted_;
    }
    slots_[base + i] = value;
  }
  bool ran = run_group(call.group, base);
  slots_.resize(base);
  return ran;
}

}  // namespace vardbron::mapping
