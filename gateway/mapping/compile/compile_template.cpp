#include "gateway/fhir/primitive.h"
#include "gateway/mapping/compile/program.h"
#include "gateway/mapping/compile/structures.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace vardbron::mapping {

namespace {

using Way = DirectCode::Way;

/// Collects the parts of one template, in the order of the targets.
class TemplateMaker {
 public:
  explicit TemplateMaker(Program& program) : program_(program) {}

  /// Adds one more target; false if it does not belong to the branch, or is not known at compile time.
  bool take(const TargetCode& target) {
    const std::size_t before = parts_.size();
    const bool taken = parts_.empty() ? take_top(target) : take_below(target);
    if (!taken) parts_.resize(before);
    if (taken) ++targets_;
    return taken;
  }

  std::size_t parts() const { return parts_.size(); }
  Index targets() const { return targets_; }
  TemplateCode finish();

 private:
  bool take_top(const TargetCode& target) {
    const bool has_parts = target.direct.way == Way::Create || target.direct.way == Way::Structure;
    return has_parts && add(target, nothing);
  }

  bool take_below(const TargetCode& target) {
    const DirectCode& direct = target.direct;
    const Index parent = part_of(direct.context);
    if (direct.way == Way::None || direct.way == Way::Text || parent == nothing) return false;
    const bool is_element = parts_[parent].kind == tree::Kind::Object && direct.of != 0 && direct.of == parts_[parent].type;
    return is_element && (direct.repeats || !has_child(parent, direct.order)) && add(target, parent);
  }

  bool add(const TargetCode& target, Index parent);
  bool add_structure(const TargetCode& target, Index top);
  bool set_argument(const ArgumentCode& argument, TemplatePart& part) const;

  /// The part that a variable refers to; nothing if none.
  Index part_of(Index slot) const {
    for (auto at = parts_.size(); at > 0; --at) {
      if (parts_[at - 1].slot == slot && slot != nothing) return static_cast<Index>(at - 1);
    }
    return nothing;
  }

  bool has_child(Index parent, std::uint16_t order) const {
    return std::any_of(parts_.begin(), parts_.end(),
                       [&](const TemplatePart& part) { return part.parent == parent && part.order == order; });
  }

  Program& program_;
  std::vector<TemplatePart> parts_;
  Index targets_ = 0;
  bool has_moment_ = false;
};

bool TemplateMaker::add(const TargetCode& target, Index parent) {
  const DirectCode& direct = target.direct;
  TemplatePart part{.parent = parent,
                    .name = direct.name,
                    .kind = direct.kind,
                    .repeats = direct.repeats,
                    .order = direct.order,
                    .type = direct.type,
                    .slot = direct.slot};
  if (direct.way == Way::Literal) part.text = direct.value;
  if (direct.way == Way::Copy) part.value = direct.value;
  if (part.value != nothing && part_of(part.value) != nothing) return false;
  has_moment_ = has_moment_ || direct.is_moment;
  const auto made = static_cast<Index>(parts_.size());
  parts_.push_back(part);
  if (direct.way == Way::Create && direct.value != nothing)
    parts_.push_back({.parent = made, .name = program_.names.resource_type, .kind = tree::Kind::String, .text = direct.value});
  return direct.way != Way::Structure || add_structure(target, made);
}

/// Empty literals and variables of the template itself are left to the general path.
bool TemplateMaker::set_argument(const ArgumentCode& argument, TemplatePart& part) const {
  if (argument.kind == ArgumentCode::Kind::Literal) part.text = argument.index;
  if (argument.kind == ArgumentCode::Kind::Slot) part.value = argument.index;
  if (part.text != nothing) return !program_.texts[part.text].empty();
  return part.value != nothing && part_of(part.value) == nothing;
}

bool TemplateMaker::add_structure(const TargetCode& target, Index top) {
  const Index given = target.arguments.count;
  const bool is_whole = given == 1 && target.operation != Operation::Cc;  // parsed at run time
  if (is_whole) return false;
  std::array<Index, 8> places;
  const std::span<const StructurePart> parts = structure_parts(target.operation, given);
  for (Index i = 0; i < parts.size(); ++i) {
    const StructurePart& code = parts[i];
    // Nested parts are created for the last argument only.
    const bool is_missing = code.argument != nothing ? code.argument >= given : target.operation == Operation::Id && given < 3;
    if (is_missing) continue;
    const Index parent = code.parent == nothing ? top : places[code.parent];
    const fhir::TypeId of = parts_[parent].type;
    const fhir::Step step = program_.definitions->step(of, program_.names.*code.name);
    if (!step || step.type == 0) return false;
    const auto order = step.element - program_.definitions->elements(of).data() + 1;
    TemplatePart part{.parent = parent,
                      .name = program_.names.*code.name,
                      .kind = code.kind,
                      .repeats = code.repeats,
                      .order = static_cast<std::uint16_t>(order),
                      .type = step.type};
    if (code.argument != nothing && !set_argument(program_.arguments[target.arguments.first + code.argument], part)) return false;
    if (!code.constant.empty()) {
      part.text = static_cast<Index>(program_.texts.size());
      program_.texts.emplace_back(code.constant);
    }
    if (part.text != nothing && !fhir::fits_kind(part.kind, program_.texts[part.text])) return false;
    places[i] = static_cast<Index>(parts_.size());
    parts_.push_back(part);
  }
  return true;
}

/// Sorts the parts by depth, then by definition order.
TemplateCode TemplateMaker::finish() {
  std::vector<Index> depth(parts_.size()), order(parts_.size()), place(parts_.size());
  for (std::size_t i = 1; i < parts_.size(); ++i) depth[i] = depth[parts_[i].parent] + 1;
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return depth[a] != depth[b] ? depth[a] < depth[b] : parts_[a].order < parts_[b].order;
  });
  for (Index i = 0; i < order.size(); ++i) place[order[i]] = i;
  TemplateCode out;
  out.targets = targets_;
  out.has_moment = has_moment_;
  out.parts = {static_cast<Index>(program_.template_parts.size()), static_cast<Index>(parts_.size())};
  for (Index at : order) {
    TemplatePart part = parts_[at];
    if (part.parent != nothing) part.parent = place[part.parent];
    program_.template_parts.push_back(part);
  }
  return out;
}

}  // namespace

void mark_templates(Program& program) {
  for (const RuleCode& rule : program.rules) {
    for (Index i = 0; i < rule.targets.count;) {
      TemplateMaker maker(program);
      const Index first = rule.targets.first + i;
      while (i < rule.targets.count && maker.take(program.targets[rule.targets.first + i])) ++i;
      if (maker.targets() == 0) ++i;
      if (maker.parts() < 2) continue;
      program.targets[first].branch_template = static_cast<Index>(program.branch_templates.size());
      program.branch_templates.push_back(maker.finish());
    }
  }
}

}  // namespace vardbron::mapping
