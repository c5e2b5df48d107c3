#include "gateway/mapping/compile/program.h"

#include <algorithm>
#include <bit>
#include <span>

namespace vardbron::mapping {

namespace {

/// With fewer rules than this each rule searches for its elements itself.
constexpr std::ptrdiff_t rules_min = 3;

/// The variable and element name that a rule reads.
struct Look {
  Index context = nothing;
  tree::NameId name = 0;
};

Look look_of(const Program& program, Index rule) {
  const RuleCode& code = program.rules[rule];
  if (!code.is_plain) return {};
  const SourceCode& source = program.sources[code.sources.first];
  if (source.steps.count != 1) return {};
  const tree::NameId name = program.variants[program.steps[source.steps.first].variants.first].name.id;
  return name != 0 ? Look{source.context, name} : Look{};
}

void add_name(ChildIndexCode& child_index, tree::NameId name, Index place) {
  std::size_t at = child_index.place_of(name);
  while (child_index.entries[at].place != nothing) at = (at + 1) & (child_index.entries.size() - 1);
  child_index.entries[at] = {name, place};
}

/// Every rule of the list and of nested lists.
void gather(const Program& program, Range list, std::vector<Index>& out) {
  for (Index rule : std::span{&program.rule_lists[list.first], list.count}) {
    out.push_back(rule);
    if (program.rules[rule].rules.count != 0) gather(program, program.rules[rule].rules, out);
  }
}

/// `begins` is true of a variable that holds one element throughout the list. The variable that most rules read gets the child
/// index.
template <typename Begins>
void mark_child_index(Program& program, Range list, Begins&& begins) {
  if (list.count == 0) return;
  std::vector<Index> rules, contexts;
  gather(program, list, rules);
  std::erase_if(rules, [&](Index rule) {
    const Index context = look_of(program, rule).context;
    return context == nothing || !begins(context);
  });
  for (Index rule : rules) contexts.push_back(look_of(program, rule).context);
  auto count = [&](Index context) { return std::count(contexts.begin(), contexts.end(), context); };
  const auto most =
      std::max_element(contexts.begin(), contexts.end(), [&](Index left, Index right) { return count(left) < count(right); });
  if (most == contexts.end() || count(*most) < rules_min) return;
  ChildIndexCode child_index;
  child_index.context = *most;
  const auto number = static_cast<Index>(program.child_indexes.size());
  std::vector<tree::NameId> names;
  for (Index rule : rules) {
    const Look look = look_of(program, rule);
    if (look.context != child_index.context) continue;
    const auto place = std::find(names.begin(), names.end(), look.name);
    program.rules[rule].child_index = number;
    program.rules[rule].child_index_place = static_cast<Index>(place - names.begin());
    if (place == names.end()) names.push_back(look.name);
  }
  child_index.names = static_cast<Index>(names.size());
  child_index.entries.resize(std::bit_ceil(2 * names.size()));
  for (Index place = 0; place < names.size(); ++place) add_name(child_index, names[place], place);
  program.list_child_indexes[list.first] = number;
  program.child_indexes.push_back(std::move(child_index));
}

}  // namespace

void mark_child_indexes(Program& program) {
  program.list_child_indexes.assign(program.rule_lists.size() + 1, nothing);
  for (const GroupCode& group : program.groups)
    mark_child_index(program, group.rules, [&](Index slot) { return slot < group.parameters; });
  for (const RuleCode& rule : std::span(program.rules)) {
    const std::span sources{&program.sources[rule.sources.first], rule.sources.count};
    mark_child_index(program, rule.rules, [&](Index slot) {
      return std::any_of(sources.begin(), sources.end(), [&](const SourceCode& source) { return source.slot == slot; });
    });
  }
}

}  // namespace vardbron::mapping
