// Tested by tests/workbench/lint_test.cpp.

#include "gateway/mapping/syntax/print.h"
#include "gateway/workbench/lint_names.h"

#include <algorithm>

namespace vardbron::workbench {

namespace syntax = mapping::syntax;

namespace {

/// Why other engines cannot run a transform; "" if they can. As of HAPI core 6.10 (StructureMapUtilities).
std::string_view trouble_of(const syntax::Target& target) {
  const std::string_view name = target.function.text;
  if (name == "escape") return "HAPI's engine throws on escape";
  if (name == "qty" || name == "id" || name == "cp")
    return "HAPI's engine does not know this transform: write the parts as rules of their own";
  if (name == "cc" && target.arguments.size() == 1)
    return "HAPI's engine wants system and code: write concept.text as a target of its own";
  if (name == "cast" && target.arguments.size() == 1) return "HAPI's engine wants the type as second argument";
  if (name == "pointer" || name == "reference") return "other engines invent a random id here, so that two runs differ";
  if (name.substr(0, 2) == "to" || name.substr(0, 4) == "unix") return "HAPI's engine has no such transform: it came after R5";
  return {};
}

class Engines {
 public:
  Engines(const syntax::Map& map, Lints& out) : map_(map), out_(out) {}

  void run() {
    if (map_.text.find("\nmap \"") != std::string::npos || map_.text.rfind("map \"", 0) == 0)
      out_.add("r4-text", map_, 0, "`map \"..\" = \"..\"` is R4's header: `vardbron format --write` writes R5's.");
    const syntax::Group* entry = map_.groups.empty() ? nullptr : &map_.groups.front();
    if (entry != nullptr) {
      const auto sources = std::count_if(entry->parameters.begin(), entry->parameters.end(),
                                         [](const syntax::Parameter& parameter) { return parameter.is_source; });
      if (sources > 1)
        out_.add("several-sources", map_, entry->name.offset,
                 "HAPI's engine refuses a first group with two sources: wrap them in one.");
    }
    for (const syntax::Group& group : map_.groups) rules(group.rules);
  }

 private:
  void rules(const std::vector<syntax::Rule>& rules) {
    for (const syntax::Rule& each : rules) {
      rule(each);
      this->rules(each.rules);
    }
  }

  void rule(const syntax::Rule& rule) {
    if (rule.sources.size() > 1)
      out_.add("several-sources", map_, rule.sources[1].offset,
               "All elements of the sources are combined (LANGUAGE.md, Several sources); HAPI's engine refuses this: put a rule "
               "inside a rule.");
    if (!rule.calls.empty() && !rule.rules.empty())
      out_.add("calls-and-rules", map_, rule.calls[0].group.offset,
               "HAPI's engine runs only the inline rules of such a rule: make the call a rule of its own.");
    if (rule.is_identity && !rule.sources.empty() && rule.offset != rule.sources[0].offset)
      out_.add("batch-identity", map_, rule.offset, "`a -> b: x, y` is younger than R5: other engines may not read it.");
    for (const syntax::Source& each : rule.sources) source(each);
    for (const syntax::Target& each : rule.targets) target(each);
  }

  void source(const syntax::Source& source) {
    if (source.has_cardinality)
      out_.add("cardinality", map_, source.offset,
               "HAPI's engine reads the cardinality and does not check it: add a check (..) if it must hold there too.");
    if (source.default_value && source.default_value.text[0] != '\'')
      out_.add("default-value", map_, source.default_value.offset,
               "HAPI's engine takes the default as a text and does not evaluate it.");
    if (source.list != syntax::SourceList::All && source.where)
      out_.add("source-list-mode", map_, source.where.offset,
               "Here `where` filters before the list mode chooses (LANGUAGE.md, where, check, log and the list mode); the "
               "standard does not say.");
    for (const syntax::Expression* clause : {&source.where, &source.check, &source.log}) {
      if (*clause && !is_in_parentheses(*clause))
        out_.add("r4-text", map_, clause->offset, "FHIRPath without parentheses is R4 text: put ( ) around it.");
    }
  }

  bool is_in_parentheses(const syntax::Expression& expression) const {
    std::size_t at = std::min<std::size_t>(expression.offset, map_.text.size());
    while (at > 0 && (map_.text[at - 1] == ' ' || map_.text[at - 1] == '\n' || map_.text[at - 1] == '\t')) --at;
    return map_.text.empty() || (at > 0 && map_.text[at - 1] == '(') || map_.text.compare(expression.offset, 1, "(") == 0;
  }

  void target(const syntax::Target& target) {
    using List = syntax::TargetList;
    if (target.list == List::First || target.list == List::Last || target.list == List::Single)
      out_.add("target-list-mode", map_, target.offset,
               "Only `share` does anything in HAPI's engine; ours is LANGUAGE.md, `first`, `last` and `single`.");
    if (target.kind != syntax::Target::Kind::Call) return;
    if (target.function.text == "dateOp")
      out_.add("own-date-op", map_, target.function.offset,
               "The standard names dateOp and defines nothing; ours is LANGUAGE.md, dateOp: other engines refuse it.");
    const std::string_view trouble = trouble_of(target);
    if (!trouble.empty())
      out_.add("rare-transform", map_, target.function.offset, target.function.text + ": " + std::string(trouble) + ".");
    for (const syntax::Argument& argument : target.arguments) nested(argument);
  }

  void nested(const syntax::Argument& argument) {
    if (argument.transform.empty()) return;
    out_.add("own-nested-transform", map_, argument.offset,
             "A transform as an argument is ours alone (LANGUAGE.md, Transform as an argument): for other engines give it a rule "
             "of its own.");
  }

  const syntax::Map& map_;
  Lints& out_;
};

}  // namespace

void lint_engines(const syntax::Map& map, Lints& out) { Engines(map, out).run(); }

}  // namespace vardbron::workbench
