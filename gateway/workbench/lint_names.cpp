#include "gateway/workbench/lint_names.h"

#include "gateway/base/wildcard.h"
#include "gateway/mapping/syntax/print.h"

#include <algorithm>
#include <map>
#include <set>

namespace vardbron::workbench {

namespace syntax = mapping::syntax;

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word_part(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

void add_texts(const std::vector<syntax::Argument>& arguments, std::string& out) {
  for (const syntax::Argument& argument : arguments) out += mapping::print_argument(argument) + "\n";
}

void add_texts(const syntax::Rule& rule, std::string& out) {
  for (const syntax::Source& source : rule.sources) out += mapping::print_source(source) + "\n";
  for (const syntax::Target& target : rule.targets) out += mapping::print_target(target) + "\n";
  for (const syntax::Call& call : rule.calls) add_texts(call.arguments, out);
  for (const syntax::Rule& inner : rule.rules) add_texts(inner, out);
}

std::string texts_of(const syntax::Map& map) {
  std::string out;
  for (const syntax::Group& group : map.groups) {
    for (const syntax::Rule& rule : group.rules) add_texts(rule, out);
  }
  for (const syntax::Constant& constant : map.constants) out += constant.value.text + "\n";
  return out;
}

void collect_calls(const std::vector<syntax::Rule>& rules, std::set<std::string, std::less<>>& out) {
  for (const syntax::Rule& rule : rules) {
    for (const syntax::Call& call : rule.calls) out.insert(call.group.text);
    collect_calls(rule.rules, out);
  }
}

using Maps = std::span<const syntax::Map* const>;

void lint_groups(Maps maps, Lints& out) {
  std::set<std::string, std::less<>> used;
  for (const syntax::Map* map : maps) {
    for (const syntax::Group& group : map->groups) {
      collect_calls(group.rules, used);
      if (group.extends) used.insert(group.extends.text);
    }
  }
  for (const syntax::Map* map : maps) {
    for (std::size_t i = 1; i < map->groups.size(); ++i) {
      const syntax::Group& group = map->groups[i];
      if (group.mode != syntax::TypeMode::None || used.count(group.name.text) > 0) continue;
      out.add("unused-group", *map, group.name.offset,
              "No rule calls the group '" + group.name.text + "' and no group extends it: call it or take it out.");
    }
  }
}

bool is_import_used(const syntax::Map& map, const syntax::Map& imported, const std::string& texts) {
  std::set<std::string, std::less<>> called;
  for (const syntax::Group& group : map.groups) {
    collect_calls(group.rules, called);
    if (group.extends) called.insert(group.extends.text);
  }
  for (const syntax::Group& group : imported.groups) {
    if (called.count(group.name.text) > 0 || group.mode != syntax::TypeMode::None) return true;
  }
  for (const syntax::Constant& constant : imported.constants) {
    if (has_word(texts, constant.name.text)) return true;
  }
  for (const syntax::EmbeddedConceptMap& codes : imported.concept_maps) {
    if (texts.find("'#" + codes.id.text + "'") != std::string::npos) return true;
  }
  return !imported.imports.empty();  // its imports are visible too
}

void lint_declarations(const syntax::Map& map, Maps maps, Lints& out) {
  const std::string texts = texts_of(map);
  std::string around = texts;  // constants and concept maps may be used by importing maps
  for (const syntax::Map* other : maps) {
    for (const syntax::Name& import : other->imports) {
      if (fits_wildcard(import.text, map.url())) around += texts_of(*other);
    }
  }
  for (const syntax::Name& import : map.imports) {
    const bool is_used = std::any_of(maps.begin(), maps.end(), [&](const syntax::Map* other) {
      return other != &map && fits_wildcard(import.text, other->url()) && is_import_used(map, *other, texts);
    });
    if (!is_used)
      out.add("unused-import", map, import.offset, "Nothing of '" + import.text + "' is used here: take the import out.");
  }
  for (const syntax::Constant& constant : map.constants) {
    if (!has_word(around, constant.name.text))
      out.add("unused-constant", map, constant.name.offset,
              "No expression names the constant '" + constant.name.text + "': take it out.");
  }
  std::set<std::string, std::less<>> ids;
  for (const syntax::EmbeddedConceptMap& codes : map.concept_maps) {
    if (!ids.insert(codes.id.text).second)
      out.add("duplicate-concept-map", map, codes.id.offset,
              "The concept map '" + codes.id.text + "' stands twice; only the first one counts.");
    if (around.find("'#" + codes.id.text + "'") == std::string::npos)
      out.add("unused-concept-map", map, codes.id.offset,
              "No translate names the concept map '#" + codes.id.text + "': take it out.");
    std::map<std::pair<std::string, std::string>, std::string> targets;
    for (const syntax::CodePair& pair : codes.pairs) {
      auto [known, is_new] = targets.emplace(std::pair(pair.source_prefix.text, pair.source_code.text), pair.target_code.text);
      if (!is_new && known->second != pair.target_code.text)
        out.add("duplicate-code", map, pair.source_prefix.offset,
                "The code '" + pair.source_code.text + "' is listed twice with different targets; say which one is meant.");
    }
  }
}

void lint_uses(const syntax::Map& map, Lints& out) {
  std::string texts = texts_of(map);
  for (const syntax::Group& group : map.groups) {
    for (const syntax::Parameter& parameter : group.parameters) texts += parameter.type.text + "\n";
  }
  for (const syntax::Uses& uses : map.uses) {
    const std::size_t slash = uses.canonical.text.rfind('/');
    const std::string last = slash == std::string::npos ? uses.canonical.text : uses.canonical.text.substr(slash + 1);
    if (has_word(texts, uses.alias ? uses.alias.text : last) || has_word(texts, last)) continue;
    out.add("unused-uses", map, uses.canonical.offset,
            "No parameter, source type or create names '" + (uses.alias ? uses.alias.text : last) + "': take the line out.");
  }
}

using Scope = std::vector<std::string>;

void lint_rules(const syntax::Map& map, const std::vector<syntax::Rule>& rules, const Scope& scope, Lints& out);

void declare(const syntax::Map& map, const syntax::Name& alias, Scope& scope, Lints& out) {
  if (!alias) return;
  const bool is_constant = std::any_of(map.constants.begin(), map.constants.end(),
                                       [&](const syntax::Constant& constant) { return constant.name.text == alias.text; });
  if (std::find(scope.begin(), scope.end(), alias.text) != scope.end())
    out.add("shadowed-name", map, alias.offset,
            "The variable '" + alias.text + "' hides an outer one of the same name: give it a name of its own.");
  else if (is_constant)
    out.add("shadowed-name", map, alias.offset,
            "The variable '" + alias.text + "' hides the constant: give it a name of its own.");
  scope.push_back(alias.text);
}

bool is_read(const syntax::Rule& rule, const std::string& name, const syntax::Name& own) {
  std::string texts = all_texts(rule);
  // Its declaration has it once after `as`.
  const std::string declaration = "as " + own.text;
  for (std::size_t at = texts.find(declaration); at != std::string::npos; at = texts.find(declaration, at)) {
    const std::size_t end = at + declaration.size();
    if (end < texts.size() && is_word_part(texts[end])) {
      at = end;
      continue;
    }
    texts.erase(at, declaration.size());
    break;
  }
  return has_word(texts, name);
}

void lint_rule(const syntax::Map& map, const syntax::Rule& rule, Scope scope, Lints& out) {
  if (rule.name.empty())
    out.add("missing-rule-name", map, rule.offset, "Give the rule a name: reports and R4 StructureMaps ask for it.");
  for (const syntax::Source& source : rule.sources) declare(map, source.alias, scope, out);
  for (const syntax::Target& target : rule.targets) declare(map, target.alias, scope, out);
  auto check = [&](const syntax::Name& alias) {
    if (alias && !is_read(rule, alias.text, alias))
      out.add("unused-variable", map, alias.offset,
              "Nothing reads the variable '" + alias.text + "': take `as " + alias.text + "` out.");
  };
  for (const syntax::Source& source : rule.sources) check(source.alias);
  for (const syntax::Target& target : rule.targets) check(target.alias);
  lint_rules(map, rule.rules, scope, out);
}

void lint_rules(const syntax::Map& map, const std::vector<syntax::Rule>& rules, const Scope& scope, Lints& out) {
  std::set<std::string, std::less<>> names;
  for (const syntax::Rule& rule : rules) {
    if (!rule.name.empty() && !names.insert(rule.name).second)
      out.add("duplicate-rule-name", map, rule.offset,
              "Two rules of this block are called '" + rule.name + "': name them apart.");
    lint_rule(map, rule, scope, out);
  }
}

}  // namespace

std::string all_texts(const syntax::Rule& rule) {
  std::string out;
  add_texts(rule, out);
  return out;
}

bool has_word(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !is_word_part(text[at - 1]);
    const std::size_t end = at + word.size();
    if (begins && (end == text.size() || !is_word_part(text[end]))) return true;
  }
  return false;
}

std::vector<BareName> head_names(std::string_view expression) {
  std::vector<BareName> out;
  char before = ' ';
  for (std::size_t at = 0; at < expression.size();) {
    const char c = expression[at];
    std::size_t end = at + 1;
    if (c == '\'' || c == '`' || c == '"') {
      while (end < expression.size() && expression[end] != c) end += expression[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, expression.size());
      before = c;
    } else if (is_word_part(c)) {
      while (end < expression.size() && is_word_part(expression[end])) ++end;
      std::size_t behind = end;
      while (behind < expression.size() && is_blank(expression[behind])) ++behind;
      const bool is_function = behind < expression.size() && expression[behind] == '(';
      if (before != '.' && before != '$' && before != '@' && !is_function && is_letter(c))
        out.push_back({expression.substr(at, end - at), at, before == '%'});
      before = 'a';
    } else if (!is_blank(c)) {
      before = c;
    }
    at = end;
  }
  return out;
}

void lint_names(Maps maps, Lints& out) {
  lint_groups(maps, out);
  for (const syntax::Map* map : maps) {
    if (map->url().empty() || map->name().empty())
      out.add("missing-header", *map, 0,
              "Write `/// url = '...'` and `/// name = '...'` at the top: others find the map by them.");
    lint_declarations(*map, maps, out);
    lint_uses(*map, out);
    for (const syntax::Group& group : map->groups) {
      Scope scope;
      for (const syntax::Parameter& parameter : group.parameters) declare(*map, parameter.name, scope, out);
      lint_rules(*map, group.rules, scope, out);
    }
  }
}

}  // namespace vardbron::workbench
