#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/base/wildcard.h"
#include "gateway/mapping/compile/compiler.h"

#include <algorithm>
#include <set>

namespace vardbron::mapping {

Compiler::Compiler(const syntax::Map& map, const fhir::Definitions& definitions, const Loader& loader, CompileOptions options)
    : map_(map), definitions_(definitions), loader_(loader), options_(options) {}

Result<Map> compile(const syntax::Map& map, const fhir::Definitions& definitions, const Loader& loader, CompileOptions options) {
  Result<std::shared_ptr<const Program>> program = Compiler(map, definitions, loader, options).run();
  if (!program) return std::move(program).failure();
  return Map(std::move(*program));
}

Result<std::shared_ptr<const Program>> Compiler::run() {
  program_->definitions = &definitions_;
  program_->url = map_.url();
  program_->name = map_.name();
  const tree::Names& names = definitions_.names();
  program_->names = {.resource_type = names.find("resourceType"),
                     .id = names.find("id"),
                     .system = names.find("system"),
                     .code = names.find("code"),
                     .display = names.find("display"),
                     .text = names.find("text"),
                     .coding = names.find("coding"),
                     .value = names.find("value"),
                     .unit = names.find("unit"),
                     .comparator = names.find("comparator"),
                     .type = names.find("type"),
                     .url = names.find("url"),
                     .full_url = names.find("fullUrl"),
                     .reference = names.find("reference")};
  Result<void> step = read_imports(map_);
  if (step) step = compile_entry();
  if (step) step = compile_waiting();
  if (step) step = compile_unreached();
  if (!step) return std::move(step).failure();
  mark_direct(*program_);
  return std::shared_ptr<const Program>(program_);
}

Failure Compiler::fail(const Scope& scope, syntax::Offset offset, std::string says) const {
  return Failure{Cause::Invalid, std::move(says), scope.map->where(offset)};
}

/// Imports of imports are followed, but only direct imports are visible to a map.
Result<void> Compiler::read_imports(const syntax::Map& map) {
  if (imports_.contains(&map)) return done();
  std::vector<const syntax::Map*>& found = imports_[&map];
  std::vector<const syntax::Map*> all;
  for (const syntax::Name& canonical : map.imports) {
    std::vector<const syntax::Map*> maps = loader_.maps(canonical.text);
    // The map itself need not be loaded for those that it imports.
    const bool names_this = !map_.url().empty() && fits_wildcard(canonical.text, map_.url());
    if (names_this) std::erase_if(maps, [this](const syntax::Map* each) { return each->url() == map_.url(); });
    if (names_this) maps.push_back(&map_);
    bool is_pattern = canonical.text.find('*') != std::string::npos;
    if (maps.empty() && !is_pattern)
      return Failure{Cause::Invalid, "no map '" + canonical.text + "' is loaded", map.where(canonical.offset)};
    for (const syntax::Map* other : maps) {
      if (other != &map && std::find(all.begin(), all.end(), other) == all.end()) all.push_back(other);
    }
  }
  found = all;
  for (const syntax::Map* other : all) {
    Result<void> read = read_imports(*other);
    if (!read) return read;
  }
  return done();
}

std::vector<const syntax::Map*> Compiler::visible_from(const syntax::Map& map) const {
  std::vector<const syntax::Map*> all{&map};
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto imported = imports_.find(all[i]);
    if (imported == imports_.end()) continue;
    for (const syntax::Map* other : imported->second) {
      if (std::find(all.begin(), all.end(), other) == all.end()) all.push_back(other);
    }
  }
  return all;
}

Index Compiler::file_of(const syntax::Map& map) {
  auto [at, is_new] = files_.try_emplace(&map, static_cast<Index>(program_->files.size()));
  if (!is_new) return at->second;
  FileCode file{map.file, {0}};
  for (std::size_t i = 0; i < map.text.size(); ++i) {
    if (map.text[i] == '\n') file.line_starts.push_back(static_cast<syntax::Offset>(i + 1));
  }
  program_->files.push_back(std::move(file));
  return at->second;
}

/// Own groups hide imported ones; the same name in two imported maps is an error where it is used.
Result<Compiler::GroupAt> Compiler::find_group(const syntax::Map& map, const syntax::Name& name) {
  GroupAt found;
  std::vector<std::string_view> known;
  for (const syntax::Map* visible : visible_from(map)) {
    for (const syntax::Group& group : visible->groups) {
      known.push_back(group.name.text);
      if (group.name.text != name.text) continue;
      if (visible == &map) return GroupAt{visible, &group};
      if (found.group != nullptr)
        return Failure{Cause::Invalid,
                       "the group '" + name.text + "' stands in two imported maps: " +
                           found.map->where(found.group->name.offset) + " and " + visible->where(group.name.offset),
                       map.where(name.offset)};
      found = {visible, &group};
    }
  }
  if (found.group != nullptr) return found;
  std::string says = "there is no group '" + name.text + "'";
  std::string_view near = nearest(name.text, known);
  if (!near.empty()) says += "; did you mean '" + std::string(near) + "'?";
  return Failure{Cause::Invalid, says, map.where(name.offset)};
}

Result<Compiler::GroupAt> Compiler::default_group(const syntax::Map& map, fhir::TypeId source, fhir::TypeId target,
                                                  bool any_target, syntax::Offset at) {
  GroupAt found;
  if (source == 0) return found;
  for (const syntax::Map* visible : visible_from(map)) {
    for (const syntax::Group& group : visible->groups) {
      bool usable = any_target ? group.mode == syntax::TypeMode::TypePlus : group.mode != syntax::TypeMode::None;
      if (!usable || group.parameters.size() != 2) continue;
      Result<fhir::TypeId> from = find_type(*visible, group.parameters[0].type);
      Result<fhir::TypeId> to = find_type(*visible, group.parameters[1].type, true);
      if (!from) return std::move(from).failure();
      if (!to) return std::move(to).failure();
      if (*from != source || (!any_target && *to != target)) continue;
      if (found.group != nullptr && found.map == visible)
        return Failure{Cause::Invalid,
                       "two default groups fit from " + name_of(source) + " to " + name_of(target) + ": '" +
                           found.group->name.text + "' and '" + group.name.text + "'",
                       map.where(at)};
      if (found.group == nullptr) found = {visible, &group};
    }
  }
  return found;
}

/// Source types of the default groups.
Result<std::vector<fhir::TypeId>> Compiler::types_with_groups(const syntax::Map& map) {
  std::vector<fhir::TypeId> types;
  for (const syntax::Map* visible : visible_from(map)) {
    for (const syntax::Group& group : visible->groups) {
      if (group.mode == syntax::TypeMode::None || group.parameters.size() != 2) continue;
      Result<fhir::TypeId> type = find_type(*visible, group.parameters[0].type);
      if (!type) return std::move(type).failure();
      if (*type != 0 && std::find(types.begin(), types.end(), *type) == types.end()) types.push_back(*type);
    }
  }
  return types;
}

Index Compiler::request_group(GroupAt at, std::vector<fhir::TypeId> types) {
  auto [known, is_new] = groups_.try_emplace(GroupKey{at.group, types}, static_cast<Index>(program_->groups.size()));
  if (!is_new) return known->second;
  GroupCode& code = program_->groups.emplace_back();
  code.parameters = static_cast<Index>(at.group->parameters.size());
  code.name = text(at.group->name.text);
  waiting_.push_back({at, std::move(types), known->second});
  return known->second;
}

/// A declared type wins over the type of what is passed; an undeclared parameter has the type that is passed.
Result<std::vector<fhir::TypeId>> Compiler::parameter_types(GroupAt at, const std::vector<fhir::TypeId>& given) {
  std::vector<fhir::TypeId> types;
  for (std::size_t i = 0; i < at.group->parameters.size(); ++i) {
    const syntax::Parameter& parameter = at.group->parameters[i];
    if (!parameter.type) {
      types.push_back(i < given.size() ? given[i] : 0);
      continue;
    }
    Result<fhir::TypeId> type = find_type(*at.map, parameter.type, !parameter.is_source);
    if (!type) return std::move(type).failure();
    // BackboneElement and its like do not define the elements below.
    bool narrower =
        i < given.size() && given[i] != 0 && *type != 0 && (definitions_.is_a(given[i], *type) || is_open_type(*type));
    types.push_back(narrower ? given[i] : *type);
  }
  return types;
}

/// A first group with several targets is called by a generated group whose target is Parameters, with one parameter per target,
/// named after it.
void Compiler::wrap_entry(const syntax::Group& group) {
  const auto name = [&](std::string_view text) { return syntax::Name{std::string(text), group.name.offset}; };
  const auto variable = [&](const syntax::Name& of) {
    syntax::Argument argument;
    argument.kind = syntax::Argument::Kind::Path;
    argument.path = {of};
    argument.offset = of.offset;
    return argument;
  };
  const auto literal = [](const syntax::Name& of) {
    syntax::Argument argument;
    argument.literal = syntax::LiteralKind::String;
    argument.text = of.text;
    argument.offset = of.offset;
    return argument;
  };
  syntax::Rule rule;
  rule.name = "targets";
  rule.offset = group.name.offset;
  const auto add = [&](std::vector<syntax::Name> path, syntax::Target::Kind kind, std::vector<syntax::Argument> arguments) {
    syntax::Target& target = rule.targets.emplace_back();
    target.path = std::move(path);
    target.kind = kind;
    target.arguments = std::move(arguments);
    target.offset = group.name.offset;
    return &target;
  };
  using Kind = syntax::Target::Kind;
  syntax::Call call{group.name, {}};
  const syntax::Name result = name("?result"), part = name("?parameter");
  entry_.name = group.name;
  add({result, name("resourceType")}, Kind::Literal, {literal(name("Parameters"))});
  for (const syntax::Parameter& parameter : group.parameters) {
    call.arguments.push_back(variable(parameter.name));
    if (parameter.is_source) {
      entry_.parameters.push_back(parameter);
      if (rule.sources.empty()) rule.sources.emplace_back().path = {parameter.name};
      continue;
    }
    add({result, name("parameter")}, Kind::Create, {})->alias = part;
    add({part, name("name")}, Kind::Literal, {literal(parameter.name)});
    syntax::Target* made = add({part, name("resource")}, Kind::Call, {literal(parameter.type)});
    made->function = name("create");
    made->alias = parameter.name;
  }
  entry_.parameters.push_back({false, result, {}});
  rule.calls.push_back(std::move(call));
  entry_.rules.push_back(std::move(rule));
}

/// The first group with parameters: one without is only extended by others.
const syntax::Group& Compiler::entry_group() const {
  const auto has_parameters = [](const syntax::Group& group) { return !group.parameters.empty(); };
  const auto first = std::find_if(map_.groups.begin(), map_.groups.end(), has_parameters);
  return first == map_.groups.end() ? map_.groups.front() : *first;
}

Result<void> Compiler::compile_entry() {
  const auto is_target = [](const syntax::Parameter& parameter) { return !parameter.is_source; };
  const syntax::Group& first = entry_group();
  const bool has_source = !std::all_of(first.parameters.begin(), first.parameters.end(), is_target);
  const bool wraps = has_source && std::count_if(first.parameters.begin(), first.parameters.end(), is_target) > 1;
  for (const syntax::Parameter& parameter : first.parameters) {
    if (wraps && !parameter.is_source && !parameter.type)
      return Failure{Cause::Invalid,
                     "where the first group has several targets, each needs a type: '" + parameter.name.text + " : ..'",
                     map_.where(parameter.name.offset)};
  }
  if (wraps) wrap_entry(first);
  const syntax::Group& group = wraps ? entry_ : first;
  GroupAt at{&map_, &group};
  Result<std::vector<fhir::TypeId>> types = parameter_types(at, {});
  if (!types) return std::move(types).failure();
  for (Index i = 0; i < group.parameters.size(); ++i) {
    fhir::TypeId type = (*types)[i];
    if (group.parameters[i].is_source) {
      program_->source_types.push_back(type);
      program_->source_slots.push_back(i);
    } else if (program_->target_slot == nothing) {
      program_->target_type = type;
      program_->target_slot = i;
    } else {
      return Failure{Cause::Unsupported, "the first group has more than one target", map_.where(group.parameters[i].name.offset)};
    }
  }
  program_->entry = request_group(at, *types);
  return done();
}

Result<void> Compiler::compile_waiting() {
  while (!waiting_.empty()) {
    Work work = std::move(waiting_.front());
    waiting_.pop_front();
    Result<void> compiled = compile_group(work);
    if (!compiled) return compiled;
  }
  return done();
}

/// Groups that are never called are compiled too, to report errors in them.
Result<void> Compiler::compile_unreached() {
  for (const syntax::Group& group : map_.groups) {
    bool reached =
        std::any_of(groups_.begin(), groups_.end(), [&](const auto& known) { return std::get<0>(known.first) == &group; });
    const bool is_extended = std::any_of(map_.groups.begin(), map_.groups.end(),
                                         [&](const syntax::Group& other) { return other.extends.text == group.name.text; });
    // Rules of a group without parameters use the variables of the groups that extend it, and are checked there.
    if (reached || (group.parameters.empty() && is_extended)) continue;
    GroupAt at{&map_, &group};
    Result<std::vector<fhir::TypeId>> types = parameter_types(at, {});
    if (!types) return std::move(types).failure();
    request_group(at, std::move(*types));
    Result<void> compiled = compile_waiting();
    if (!compiled) return compiled;
  }
  return done();
}

Result<void> Compiler::compile_group(const Work& work) {
  Scope scope;
  scope.map = work.at.map;
  scope.file = file_of(*work.at.map);
  scope.path = work.at.group->name.text;
  for (std::size_t i = 0; i < work.at.group->parameters.size(); ++i) {
    const syntax::Parameter& parameter = work.at.group->parameters[i];
    if (find_variable(scope, parameter.name.text) != nullptr)
      return fail(scope, parameter.name.offset, "two parameters are called '" + parameter.name.text + "'");
    add_variable(scope, parameter.name, work.types[i], !parameter.is_source);
  }
  std::vector<Index> rules;
  Result<void> compiled = compile_group_rules(scope, work.at, rules, 0);
  if (!compiled) return compiled;
  GroupCode& code = program_->groups[work.index];
  code.slots = scope.slots;
  code.rules = append(program_->rule_lists, std::move(rules));
  return done();
}

/// The rules of the group it extends come first, with the same variables.
Result<void> Compiler::compile_group_rules(Scope& scope, GroupAt at, std::vector<Index>& rules, std::size_t depth) {
  if (at.group->extends) {
    if (depth > limits::expression_depth_max)
      return fail(scope, at.group->extends.offset, "the groups extend each other in a circle");
    Result<GroupAt> parent = find_group(*at.map, at.group->extends);
    if (!parent) return std::move(parent).failure();
    for (const syntax::Parameter& parameter : parent->group->parameters) {
      const Variable* own = find_variable(scope, parameter.name.text);
      if (own == nullptr || own->is_target == parameter.is_source)
        return fail(scope, at.group->extends.offset,
                    "'" + parent->group->name.text + "' has a " + (parameter.is_source ? "source" : "target") + " '" +
                        parameter.name.text + "', so a group that extends it needs the same");
    }
    Scope inherited = scope;
    inherited.map = parent->map;
    inherited.file = file_of(*parent->map);
    inherited.path = parent->group->name.text;
    Result<void> compiled = compile_group_rules(inherited, *parent, rules, depth + 1);
    if (!compiled) return compiled;
    scope.slots = inherited.slots;
  }
  Result<std::vector<Index>> own = compile_rules(scope, at.group->rules, scope.path);
  if (!own) return std::move(own).failure();
  rules.insert(rules.end(), own->begin(), own->end());
  return done();
}

}  // namespace vardbron::mapping
