#include "gateway/workbench/inverse.h"

#include "gateway/base/wildcard.h"
#include "gateway/mapping/syntax/print.h"
#include "gateway/workbench/inverse_path.h"
#include "gateway/workbench/lint_names.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace vardbron::workbench {

namespace syntax = mapping::syntax;

namespace {

using syntax::Argument;
using syntax::Name;
using syntax::Rule;
using syntax::Target;

/// Variables that a rule of the inverse can read (the targets) and write (the sources).
struct Scope {
  std::set<std::string> readable, writable;
};

bool is_dropped(const syntax::Parameter& parameter) {
  return parameter.is_source && is_primitive_name(parameter.type.text);  // a computed value is not in the message
}

using Maps = std::vector<const syntax::Map*>;

/// The map itself and all it imports, transitively.
Maps visible_from(const syntax::Map& map, std::span<const syntax::Map* const> others) {
  Maps all{&map};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const Name& canonical : all[i]->imports) {
      for (const syntax::Map* other : others) {
        const bool is_known = std::any_of(all.begin(), all.end(), [&](const syntax::Map* known) {
          return known == other || (!other->url().empty() && known->url() == other->url());
        });
        if (!is_known && fits_wildcard(canonical.text, other->url())) all.push_back(other);
      }
    }
  }
  return all;
}

bool has_identity(const std::vector<Rule>& rules) {
  return std::any_of(rules.begin(), rules.end(), [](const Rule& rule) { return rule.is_identity || has_identity(rule.rules); });
}

class Inverter {
 public:
  Inverter(const syntax::Map& map, const Refused& refused, std::span<const syntax::Map* const> others)
      : map_(&map), refused_(refused), others_(others) {}

  Inverse run() {
    syntax::Map& out = out_.map;
    out.file = "inverse.fml";
    out.metadata = {{"url", std::string(map_->url()) + "-inverse", 0, 0}, {"name", std::string(map_->name()) + "Inverse", 0, 0}};
    for (const syntax::Map* map : visible_from(*map_, others_)) {
      for (const syntax::Group& group : map->groups) name_rules(*map, group.rules);
    }
    for (const syntax::Group& group : map_->groups) (void)inverse_name(*map_, group);
    offset_ = 1;
    for (std::size_t at = 0; at < wanted_.size(); ++at) {
      map_ = wanted_[at].map;
      const syntax::Group& group = *wanted_[at].group;
      surround();
      if (has_identity(group.rules)) want_default_groups();
      out.groups.push_back(inverted(group));
    }
    drop_unused_codes();
    return std::move(out_);
  }

 private:
  struct Wanted {
    const syntax::Map* map;
    const syntax::Group* group;
  };

  /// Name of a group's inverse; the call makes it part of the inverse map.
  std::string inverse_name(const syntax::Map& map, const syntax::Group& group) {
    auto known = group_names_.find(&group);
    if (known != group_names_.end()) return known->second;
    std::string name = group.name.text + "Inverse";
    for (int i = 2; !taken_groups_.insert(name).second; ++i) name = group.name.text + "Inverse" + std::to_string(i);
    group_names_.emplace(&group, name);
    wanted_.push_back({&map, &group});
    return name;
  }

  /// Own groups hide imported ones.
  Wanted find_group(std::string_view name) const {
    for (const syntax::Map* map : visible_from(*map_, others_)) {
      for (const syntax::Group& group : map->groups) {
        if (group.name.text == name) return {map, &group};
      }
    }
    return {nullptr, nullptr};
  }

  /// A rule `a.x -> b.y` may use any default group, by types known to the models only.
  void want_default_groups() {
    for (const syntax::Map* map : visible_from(*map_, others_)) {
      for (const syntax::Group& group : map->groups) {
        if (group.mode != syntax::TypeMode::None) (void)inverse_name(*map, group);
      }
    }
  }

  /// Copies the models, constants and code lists of the current group's map, once.
  void surround() {
    if (!surrounded_.insert(map_).second) return;
    syntax::Map& out = out_.map;
    for (const syntax::EmbeddedConceptMap& codes : map_->concept_maps) {
      std::string id = codes.id.text;
      for (int i = 2; !taken_codes_.insert(id).second; ++i) id = codes.id.text + "-" + std::to_string(i);
      out.concept_maps.push_back(turned(codes));
      out.concept_maps.back().id.text = id;
      code_names_[{map_, codes.id.text}] = id;
    }
    for (const syntax::Uses& uses : map_->uses) {
      const bool is_known = std::any_of(out.uses.begin(), out.uses.end(),
                                        [&](const syntax::Uses& known) { return known.alias.text == uses.alias.text; });
      if (!is_known || !uses.alias) out.uses.push_back(turned(uses));
    }
    for (syntax::Constant constant : map_->constants) {
      const bool is_known = std::any_of(out.constants.begin(), out.constants.end(),
                                        [&](const syntax::Constant& known) { return known.name.text == constant.name.text; });
      constant.name.offset = 0;
      if (!is_known) out.constants.push_back(std::move(constant));
    }
  }

  static syntax::Uses turned(syntax::Uses uses) {
    using Mode = syntax::ModelMode;
    const bool was_source = uses.mode == Mode::Source || uses.mode == Mode::Queried;
    const bool is_main = uses.mode == Mode::Source || uses.mode == Mode::Target;
    uses.mode = was_source ? (is_main ? Mode::Target : Mode::Produced) : (is_main ? Mode::Source : Mode::Queried);
    uses.canonical.offset = 0;
    return uses;
  }

  static syntax::EmbeddedConceptMap turned(const syntax::EmbeddedConceptMap& codes) {
    syntax::EmbeddedConceptMap out;
    out.id = {codes.id.text, 0};
    for (const auto& [prefix, system] : codes.prefixes) out.prefixes.push_back({{prefix.text, 0}, {system.text, 0}});
    for (const syntax::CodePair& pair : codes.pairs) {
      if (!pair.target_code) continue;  // no equivalent: nothing to invert
      out.pairs.push_back({{pair.target_prefix.text, 0},
                           {pair.target_code.text, 0},
                           {pair.source_prefix.text, 0},
                           {pair.source_code.text, 0},
                           pair.relation,
                           pair.target_display,
                           pair.source_display});
    }
    return out;
  }

  void drop_unused_codes() {
    const std::string text = mapping::print(out_.map);
    std::vector<syntax::EmbeddedConceptMap>& all = out_.map.concept_maps;
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const syntax::EmbeddedConceptMap& codes) {
                               return text.find("'#" + codes.id.text + "'") == std::string::npos;
                             }),
              all.end());
  }

  syntax::Group inverted(const syntax::Group& group) {
    syntax::Group out;
    out.name = {inverse_name(*map_, group), offset_++};
    out.mode = group.mode;
    const Wanted extended = group.extends ? find_group(group.extends.text) : Wanted{nullptr, nullptr};
    if (extended.group != nullptr) out.extends = {inverse_name(*extended.map, *extended.group), 0};
    Scope scope;
    for (const bool was_source : {false, true}) {
      for (const syntax::Parameter& parameter : group.parameters) {
        if (parameter.is_source != was_source || is_dropped(parameter)) continue;
        out.parameters.push_back({!was_source, {parameter.name.text, 0}, {parameter.type.text, 0}});
        (was_source ? scope.writable : scope.readable).insert(parameter.name.text);
      }
    }
    out.rules = inverted(group.rules, scope, group.name.text);
    out.close = offset_++;
    return out;
  }

  std::vector<Rule> inverted(const std::vector<Rule>& rules, const Scope& scope, const std::string& path) {
    std::vector<Rule> out;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const std::string own = rules[i].name.empty() ? std::to_string(i + 1) : rules[i].name;
      for (Rule& rule : inverted(rules[i], scope, path + "/" + own)) out.push_back(std::move(rule));
    }
    return out;
  }

  /// Names all rules, also those a refused rule leaves out: a rule has the same name whatever is refused.
  void name_rules(const syntax::Map& map, const std::vector<Rule>& rules) {
    for (const Rule& rule : rules) {
      (void)name_of(map, rule);
      name_rules(map, rule.rules);
    }
  }

  const std::string& name_of(const syntax::Map& map, const Rule& rule) {
    std::string& name = rule_names_[{&map, rule.offset}];
    if (name.empty()) name = unique_name(map, rule);
    return name;
  }

  std::string unique_name(const syntax::Map& map, const Rule& rule) {
    std::string base = rule.name.empty() ? "line" + std::to_string(map.position(rule.offset).line) : rule.name;
    std::replace(base.begin(), base.end(), '/', '-');
    std::string name = base;
    for (int i = 2; !names_.insert(name).second; ++i) name = base + "-" + std::to_string(i);
    return name;
  }

  std::vector<Rule> lost(std::size_t verdict, std::string why) {
    Verdict& rule = out_.rules[verdict];
    rule.kind = Verdict::Kind::Lost;
    rule.says = std::move(why);
    out_.map.comments.push_back({"// lost: " + rule.path + " (" + rule.where + "): " + rule.says, offset_++});
    return {};
  }

  std::vector<Rule> inverted(const Rule& rule, const Scope& scope, const std::string& path) {
    const std::size_t verdict = out_.rules.size();
    out_.rules.push_back({Verdict::Kind::Inverted, name_of(*map_, rule), map_->where(rule.offset), path, {}, false});
    const std::string name = out_.rules[verdict].name;
    auto refused = refused_.find(name);
    if (refused != refused_.end()) return lost(verdict, refused->second);
    for (const syntax::Source& source : rule.sources) {
      out_.rules[verdict].filters |= static_cast<bool>(source.where);
      if (source.list != syntax::SourceList::All) return lost(verdict, "a list mode leaves out items of the list");
      if (source.default_value) return lost(verdict, "a default cannot be told from a value that was there");
      if (scope.writable.count(source.path[0].text) == 0 && source.path.size() > 1)
        return lost(verdict, "'" + source.path[0].text + "' has no place in the message");
    }
    if (rule.is_identity) return identity(rule, scope, verdict);
    return general(with_lifted(rule, path), scope, path, verdict);
  }

  /// A nested rule that only names a variable always fires with its parent: its targets count as the parent's.
  Rule with_lifted(const Rule& rule, const std::string& path) {
    Rule out = rule;
    out.rules.clear();
    for (std::size_t i = 0; i < rule.rules.size(); ++i) {
      const Rule& inner = rule.rules[i];
      const bool is_bare = inner.sources.size() == 1 && inner.sources[0].path.size() == 1 && !inner.sources[0].where &&
                           !inner.sources[0].alias && !inner.sources[0].default_value && inner.calls.empty() &&
                           inner.rules.empty() && !inner.is_identity;
      if (!is_bare) {
        out.rules.push_back(inner);
        continue;
      }
      out.targets.insert(out.targets.end(), inner.targets.begin(), inner.targets.end());
      const std::string own = inner.name.empty() ? std::to_string(i + 1) : inner.name;
      out_.rules.push_back({Verdict::Kind::Constant, name_of(*map_, inner), map_->where(inner.offset), path + "/" + own,
                            "taken back with the rule around it", false});
    }
    return out;
  }

  std::vector<Rule> identity(const Rule& rule, const Scope& scope, std::size_t verdict) {
    if (rule.sources[0].path.size() < 2 || rule.targets[0].path.size() < 2) return constant(verdict);
    if (scope.readable.count(rule.targets[0].path[0].text) == 0) return lost(verdict, "its target cannot be found again");
    out_.rules[verdict].says = "copy";
    return {made(out_.rules[verdict].name, {rule.targets[0].path, {}, {}, {}}, {target_of(rule.sources[0])}, {}, {})};
  }

  std::vector<Rule> constant(std::size_t verdict) {
    out_.rules[verdict].kind = Verdict::Kind::Constant;
    out_.rules[verdict].says = "it writes nothing of the message";
    return {};
  }

  static Target target_of(const syntax::Source& source) {
    Target out;
    out.path = source.path;
    return out;
  }

  /// A rule of the inverse that reads one level.
  Rule made(const std::string& name, const Level& level, std::vector<Target> targets, std::vector<syntax::Call> calls,
            std::vector<Rule> rules) {
    Rule out;
    out.name = name;
    out.offset = offset_++;
    syntax::Source& source = out.sources.emplace_back();
    source.path = level.path;
    source.offset = out.offset;
    source.type = {level.type, 0};
    source.where = {level.where, 0};
    source.alias = {level.alias, 0};
    out.targets = std::move(targets);
    for (Target& target : out.targets) target.offset = offset_++;
    out.calls = std::move(calls);
    out.rules = std::move(rules);
    out.close = offset_++;
    out.is_identity = !source.type && !source.where && !source.alias && out.targets.size() == 1 && !out.targets[0].alias &&
                      out.targets[0].kind == Target::Kind::Create && out.calls.empty() && out.rules.empty();
    return out;
  }

  /// Nested rules, one per level.
  Rule nested(const std::string& name, const std::vector<Level>& levels, std::vector<Target> targets,
              std::vector<syntax::Call> calls, std::vector<Rule> rules) {
    const syntax::Offset first = offset_;  // a wrapper begins before its content
    offset_ += static_cast<syntax::Offset>(levels.size());
    Rule out = made(name, levels.back(), std::move(targets), std::move(calls), std::move(rules));
    for (std::size_t i = levels.size() - 1; i-- > 0;) {
      std::vector<Rule> inner;
      inner.push_back(std::move(out));
      out = made(name + "-way", levels[i], {}, {}, std::move(inner));
      out.offset = out.sources[0].offset = first + static_cast<syntax::Offset>(i);
    }
    return out;
  }

  static std::string texts_below(const Rule& rule) {
    std::string out;
    for (const syntax::Call& call : rule.calls) out += mapping::print_call(call) + "\n";
    for (const Rule& inner : rule.rules) out += all_texts(inner);
    return out;
  }

  static bool is_complex(const Rule& rule, const std::string& alias) {
    if (alias.empty()) return false;
    for (const syntax::Call& call : rule.calls) {
      for (const Argument& argument : call.arguments) {
        if (argument.kind == Argument::Kind::Path && argument.path[0].text == alias) return true;
      }
    }
    return reads_below(rule.rules, alias);
  }

  static bool reads_below(const std::vector<Rule>& rules, const std::string& alias) {
    return std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) {
      const bool here = std::any_of(rule.sources.begin(), rule.sources.end(), [&](const syntax::Source& source) {
        return source.path.size() > 1 && source.path[0].text == alias;
      });
      return here || is_complex(rule, alias) || reads_below(rule.rules, alias);
    });
  }

  std::vector<Rule> general(const Rule& rule, const Scope& scope, const std::string& path, std::size_t verdict) {
    const std::string name = out_.rules[verdict].name;
    const InversePaths inverse_paths(*map_, rule);
    const std::string below = texts_below(rule);
    std::vector<Rule> leaves;
    std::vector<Target> created;
    Scope inner = scope;
    std::string how, why;
    for (const syntax::Source& source : rule.sources) {
      if (source.path.size() < 2) {
        if (source.alias && scope.writable.count(source.path[0].text) > 0 && is_complex(rule, source.alias.text))
          return lost(verdict, "a second name for '" + source.path[0].text + "' cannot be written to");
        continue;
      }
      if (is_complex(rule, source.alias.text)) {
        created.push_back(target_of(source));
        created.back().alias = {source.alias.text, 0};
        inner.writable.insert(source.alias.text);
        continue;
      }
      const std::string fresh = source.alias ? source.alias.text : "value";
      std::optional<InversePath> inverse_path = source.alias ? inverse_paths.find(source.alias.text, fresh, why) : std::nullopt;
      if (!inverse_path) return lost(verdict, why.empty() ? "nothing is written of it" : why);
      if (scope.readable.count(inverse_path->levels[0].path[0].text) == 0)
        return lost(verdict, "its target cannot be found again");
      inverse_path->value.path = source.path;
      if (inverse_path->value.function.text == "translate") {
        std::string& list = inverse_path->value.arguments[1].text;
        list = "#" + code_names_[{map_, list.substr(1)}];
      }
      how = inverse_path->how;
      leaves.push_back(nested(name, inverse_path->levels, {inverse_path->value}, {}, {}));
    }
    std::vector<Level> levels = levels_for(inverse_paths, rule, below, inner);
    if (below.empty()) {
      if (leaves.empty()) return created.empty() ? constant(verdict) : lost(verdict, "nothing is written of it");
      out_.rules[verdict].says = how;
      return leaves;
    }
    return block(rule, {std::move(levels), std::move(leaves), std::move(created)}, inner, path, verdict);
  }

  /// Paths to all elements that this rule creates and nested rules or calls use.
  static std::vector<Level> levels_for(const InversePaths& inverse_paths, const Rule& rule, const std::string& below,
                                       Scope& inner) {
    std::vector<Level> levels;
    for (const Target& target : rule.targets) {
      if (!target.alias || !has_word(below, target.alias.text)) continue;
      for (const Level& level : inverse_paths.way_to(target.alias.text)) {
        const bool is_known = inner.readable.count(level.alias) > 0;
        if (is_known || inner.readable.count(level.path[0].text) == 0) continue;
        levels.push_back(level);
        inner.readable.insert(level.alias);
      }
    }
    return levels;
  }

  struct Parts {
    std::vector<Level> levels;
    std::vector<Rule> leaves;
    std::vector<Target> created;
  };

  std::vector<Rule> block(const Rule& rule, Parts parts, const Scope& inner, const std::string& path, std::size_t verdict) {
    const std::string name = out_.rules[verdict].name;
    std::vector<syntax::Call> calls;
    std::string first_why;
    for (const syntax::Call& call : rule.calls) {
      std::string why;
      std::optional<syntax::Call> turned = turned_call(call, inner, why);
      if (turned)
        calls.push_back(std::move(*turned));
      else
        lose_call(rule, call, path, why);
      if (first_why.empty()) first_why = std::move(why);
    }
    std::vector<Rule> rules = inverted(rule.rules, inner, path);
    if (calls.empty() && rules.empty() && parts.leaves.empty())
      return first_why.empty() ? constant(verdict) : lost(verdict, first_why);
    out_.rules[verdict].says = parts.levels.empty() ? "the way to what is below" : "element by element";
    std::vector<Rule> out = std::move(parts.leaves);
    if (calls.empty() && rules.empty()) return out;
    if (parts.levels.empty() && parts.created.empty() && calls.empty()) {
      for (Rule& each : rules) out.push_back(std::move(each));
      return out;
    }
    if (parts.levels.empty()) parts.levels.push_back({{{*inner.readable.begin(), 0}}, {}, {}, {}});
    out.push_back(nested(name, parts.levels, std::move(parts.created), std::move(calls), std::move(rules)));
    return out;
  }

  /// If other parts of a rule can be inverted, its call is still reported as lost.
  void lose_call(const Rule& rule, const syntax::Call& call, const std::string& path, const std::string& why) {
    if (rule.calls.size() == 1 && rule.rules.empty() && rule.targets.empty() && rule.sources.empty()) return;
    out_.rules.push_back(
        {Verdict::Kind::Lost, unique_name(*map_, rule), map_->where(rule.offset), path + "/" + call.group.text, why, false});
    out_.map.comments.push_back(
        {"// lost: " + path + "/" + call.group.text + " (" + map_->where(rule.offset) + "): " + why, offset_++});
  }

  std::optional<syntax::Call> turned_call(const syntax::Call& call, const Scope& scope, std::string& why) {
    const Wanted found = find_group(call.group.text);
    const syntax::Group* group = found.group;
    if (group == nullptr || group->parameters.size() != call.arguments.size()) {
      why = "the group '" + call.group.text + "' stands neither in this map nor in what it imports";
      return std::nullopt;
    }
    syntax::Call out;
    for (const bool was_source : {false, true}) {
      for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        if (group->parameters[i].is_source != was_source || is_dropped(group->parameters[i])) continue;
        const Argument& argument = call.arguments[i];
        const bool is_known = argument.kind == Argument::Kind::Path && argument.path.size() == 1 &&
                              (was_source ? scope.writable : scope.readable).count(argument.path[0].text) > 0;
        if (!is_known) {
          why = "'" + mapping::print_argument(argument) + "' cannot be found again for the group '" + call.group.text + "'";
          return std::nullopt;
        }
        out.arguments.push_back(argument);
      }
    }
    out.group = {inverse_name(*found.map, *group), 0};
    return out;
  }

  const syntax::Map* map_;  // the map of the current group: the map itself, or one it imports
  const Refused& refused_;
  std::span<const syntax::Map* const> others_;
  std::vector<Wanted> wanted_;
  std::map<const syntax::Group*, std::string> group_names_;
  std::map<std::pair<const syntax::Map*, std::string>, std::string> code_names_;
  std::map<std::pair<const syntax::Map*, syntax::Offset>, std::string> rule_names_;
  std::set<std::string> taken_groups_, taken_codes_;
  std::set<const syntax::Map*> surrounded_;
  Inverse out_;
  std::set<std::string> names_;
  syntax::Offset offset_ = 1;
};

}  // namespace

Inverse invert(const syntax::Map& map, const Refused& refused, std::span<const syntax::Map* const> others) {
  return Inverter(map, refused, others).run();
}

}  // namespace vardbron::workbench
