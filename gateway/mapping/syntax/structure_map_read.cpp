// Tested by tests/mapping/structure_map_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/mapping/concept_map.h"
#include "gateway/mapping/syntax/lex.h"
#include "gateway/mapping/syntax/structure_map.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::mapping {

namespace {

using syntax::Argument;
using syntax::LiteralKind;
using syntax::Name;
using tree::Item;

constexpr std::string_view r5_extension = "http://hl7.org/fhir/5.0/StructureDefinition/extension-StructureMap.";
constexpr std::string_view expression_extension = "http://hl7.org/fhir/StructureDefinition/cqf-expression";

template <class Use>
Result<void> each_child(Item parent, std::string_view name, Use use) {
  for (Item child = parent.first_child(); child; child = child.next()) {
    if (child.name_text() != name) continue;
    Result<void> used = use(child);
    if (!used) return used;
  }
  return done();
}

/// The child of a choice element, such as valueString.
Item choice(Item parent, std::string_view stem) {
  for (Item child = parent.first_child(); child; child = child.next()) {
    if (child.name_text().starts_with(stem) && child.name_text().size() > stem.size()) return child;
  }
  return {};
}

Item extension(Item of, std::string_view url) {
  for (Item child = of.first_child(); child; child = child.next()) {
    if (child.name_text() == "extension" && child.text_of("url") == url) return child;
  }
  return {};
}

template <std::size_t n>
std::size_t index_of(const std::array<std::string_view, n>& words, std::string_view word) {
  return static_cast<std::size_t>(std::find(words.begin(), words.end(), word) - words.begin());
}

class Reader {
 public:
  explicit Reader(syntax::Map& map) : map_(map) {
    for (std::size_t at = 0; at < map.text.size(); ++at) {
      if (map.text[at] == '\n') line_starts_.push_back(at + 1);
    }
  }

  Result<void> run(Item root) {
    if (root.text_of("resourceType") != "StructureMap") return fail(root, "expected a StructureMap");
    read_metadata(root, "");
    Result<void> read = each_child(root, "contained", [&](Item child) { return read_contained(child); });
    if (read) read = each_child(root, "structure", [&](Item child) { return read_structure(child); });
    if (read)
      read = each_child(root, "import", [&](Item child) {
        map_.imports.push_back({std::string(child.text()), offset(child)});
        return done();
      });
    if (read) read = each_child(root, "const", [&](Item child) { return read_constant(child); });
    if (read) read = each_child(root, "extension", [&](Item child) { return read_constant_extension(child); });
    if (read) read = each_child(root, "group", [&](Item child) { return read_group(child); });
    if (read && map_.groups.empty()) return fail(root, "a map needs at least one group");
    return read;
  }

 private:
  syntax::Offset offset(Item item) const {
    const tree::Position position = item.document->position(item.node);
    if (position.line == 0 || position.line > line_starts_.size()) return 0;
    return static_cast<syntax::Offset>(line_starts_[position.line - 1] + position.column - 1);
  }

  Failure fail(Item at, std::string says) const { return Failure{Cause::Invalid, std::move(says), map_.where(offset(at))}; }

  Name name_at(Item item) const { return item ? Name{std::string(item.text()), offset(item)} : Name{}; }
  Name name_of(Item parent, std::string_view child) const { return name_at(parent.child(child)); }

  Result<Name> needed(Item parent, std::string_view child) const {
    Name name = name_of(parent, child);
    if (!name) return fail(parent, "'" + std::string(child) + "' is missing here");
    return name;
  }

  /// Converts R4's double-quoted strings to FHIRPath's, like the parser of the text form.
  static syntax::Expression expression_of(std::string_view text, syntax::Offset offset) {
    const std::string closed = "(" + std::string(text) + "\n)";
    Lexer lexer(closed);
    syntax::Expression expression;
    if (!lexer.cut_parentheses(expression)) expression.text = text;
    expression.text = trim(expression.text);
    expression.offset = offset;
    return expression;
  }

  syntax::Expression expression_of(Item item) const {
    return item ? expression_of(item.text(), offset(item)) : syntax::Expression{};
  }

  // Elements that describe the map become metadata lines; a list gives several lines of one path.
  void read_metadata(Item parent, const std::string& before) {
    static constexpr std::array<std::string_view, 10> others{"resourceType", "structure", "import", "const",         "group",
                                                             "contained",    "text",      "meta",   "fhir_comments", "extension"};
    for (Item child = parent.first_child(); child; child = child.next()) {
      const std::string path = before.empty() ? std::string(child.name_text()) : before + "." + std::string(child.name_text());
      if (index_of(others, child.name_text()) < others.size()) continue;
      if (child.has_value())
        map_.metadata.push_back({path, std::string(child.text())});
      else
        read_metadata(child, path);
    }
  }

  Result<void> read_contained(Item resource) {
    if (resource.text_of("resourceType") != "ConceptMap") return done();
    Result<Name> id = needed(resource, "id");
    if (!id) return std::move(id).failure();
    Result<ConceptMap> codes = ConceptMap::from_fhir(resource, "#" + id->text);
    if (!codes) return fail(resource, codes.failure().where + ": " + codes.failure().says);
    map_.contained.push_back({id->text, std::make_shared<const ConceptMap>(std::move(*codes))});
    syntax::EmbeddedConceptMap out;
    out.id = std::move(*id);
    for (Item group = resource.first_child(); group; group = group.next()) {
      if (group.name_text() == "group") read_codes(group, out);
    }
    map_.concept_maps.push_back(std::move(out));
    return done();
  }

  Name prefix(syntax::EmbeddedConceptMap& out, std::string_view letter, Name system) {
    for (const auto& [known, url] : out.prefixes) {
      if (url.text == system.text && known.text.starts_with(letter)) return known;
    }
    Name name{std::string(letter) + (out.prefixes.empty() ? "" : std::to_string(out.prefixes.size())), system.offset};
    out.prefixes.emplace_back(name, std::move(system));
    return name;
  }

  /// Rows as FML's text form can express them; the precise ones are in `contained`.
  void read_codes(Item group, syntax::EmbeddedConceptMap& out) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> relations{
        {{"equivalent", "=="},
         {"equal", "=="},
         {"wider", "<="},
         {"subsumes", "<="},
         {"source-is-narrower-than-target", "<="},
         {"narrower", ">="},
         {"specializes", ">="},
         {"source-is-broader-than-target", ">="},
         {"unmatched", "!="},
         {"disjoint", "!="},
         {"not-related-to", "!="},
         {"relatedto", "~"}}};
    const Name source = prefix(out, "s", name_of(group, "source"));
    const Name target = prefix(out, "t", name_of(group, "target"));
    for (Item element = group.first_child(); element; element = element.next()) {
      if (element.name_text() != "element") continue;
      const std::string display(element.text_of("display"));
      if (element.text_of("noMap") == "true") out.pairs.push_back({source, name_of(element, "code"), {}, {}, "!=", display, {}});
      for (Item to = element.first_child(); to; to = to.next()) {
        if (to.name_text() != "target") continue;
        std::string_view said = to.text_of("equivalence");
        if (said.empty()) said = to.text_of("relationship");
        std::string_view relation = said.empty() ? "-" : "~";
        for (const auto& [word, sign] : relations) {
          if (word == said) relation = sign;
        }
        const Name code = name_of(to, "code");
        out.pairs.push_back({source, name_of(element, "code"), code ? target : Name{}, code, std::string(relation), display,
                             std::string(to.text_of("display"))});
      }
    }
    const std::string_view mode = group.child("unmapped").text_of("mode");
    if (mode == "provided" || mode == "use-source-code") out.unmapped.emplace_back(source, "provided");
  }

  Result<void> read_structure(Item structure) {
    static constexpr std::array<std::string_view, 4> modes{"source", "queried", "target", "produced"};
    syntax::Uses uses;
    Result<Name> url = needed(structure, "url");
    if (!url) return std::move(url).failure();
    uses.canonical = std::move(*url);
    uses.alias = name_of(structure, "alias");
    const std::size_t mode = index_of(modes, structure.text_of("mode"));
    if (mode == modes.size()) return fail(structure, "mode is source, queried, target or produced");
    uses.mode = static_cast<syntax::ModelMode>(mode);
    map_.uses.push_back(std::move(uses));
    return done();
  }

  Result<void> add_constant(Item at, Name name, syntax::Expression value) {
    if (!name || !value) return fail(at, "a constant needs a name and a value");
    map_.constants.push_back({std::move(name), std::move(value)});
    return done();
  }

  Result<void> read_constant(Item constant) {
    return add_constant(constant, name_of(constant, "name"), expression_of(constant.child("value")));
  }

  Result<void> read_constant_extension(Item extended) {
    if (extended.text_of("url") != std::string(r5_extension) + "const") return done();
    const Item name = extension(extended, "name"), value = extension(extended, "value");
    return add_constant(extended, name_at(choice(name, "value")), expression_of(choice(value, "value")));
  }

  Result<void> read_group(Item from) {
    syntax::Group group;
    Result<Name> name = needed(from, "name");
    if (!name) return std::move(name).failure();
    group.name = std::move(*name);
    group.extends = name_of(from, "extends");
    const std::string_view mode = from.text_of("typeMode");
    if (mode == "types") group.mode = syntax::TypeMode::Types;
    if (mode == "type-and-types") group.mode = syntax::TypeMode::TypePlus;
    Result<void> read = each_child(from, "input", [&](Item input) {
      syntax::Parameter parameter;
      parameter.is_source = input.text_of("mode") != "target";
      parameter.name = name_of(input, "name");
      parameter.type = name_of(input, "type");
      if (!parameter.name) return Result<void>(fail(input, "an input needs a name"));
      group.parameters.push_back(std::move(parameter));
      return done();
    });
    if (read && group.parameters.empty()) return fail(from, "a group needs an input");
    if (read) read = read_rules(from, group.rules, 0);
    if (!read) return read;
    map_.groups.push_back(std::move(group));
    return done();
  }

  Result<void> read_rules(Item parent, std::vector<syntax::Rule>& out, std::size_t depth) {
    if (depth > limits::expression_depth_max) return fail(parent, "rules stand inside rules deeper than expression_depth_max");
    return each_child(parent, "rule", [&](Item child) { return read_rule(child, out, depth); });
  }

  Result<void> read_rule(Item from, std::vector<syntax::Rule>& out, std::size_t depth) {
    syntax::Rule rule;
    rule.offset = offset(from);
    rule.name = from.text_of("name");
    Result<void> read = each_child(from, "source", [&](Item child) { return read_source(child, rule.sources.emplace_back()); });
    if (read) read = each_child(from, "target", [&](Item child) { return read_target(child, rule.targets.emplace_back()); });
    if (read) read = each_child(from, "dependent", [&](Item child) { return read_call(child, rule.calls); });
    if (read) read = read_rules(from, rule.rules, depth + 1);
    if (!read) return read;
    if (rule.sources.empty()) return fail(from, "a rule needs a source");
    settle_identity(rule);
    out.push_back(std::move(rule));
    return done();
  }

  /// `a.x -> b.y` is written with a generated variable, and by some tools with a call of a placeholder group.
  static void settle_identity(syntax::Rule& rule) {
    constexpr std::string_view unnamed = "vvv", default_group = "DefaultMappingGroupAnonymousAlias";
    if (rule.sources.size() != 1 || rule.targets.size() != 1 || !rule.rules.empty()) return;
    syntax::Source& source = rule.sources[0];
    syntax::Target& target = rule.targets[0];
    const bool calls_default = rule.calls.size() == 1 && rule.calls[0].group.text == default_group;
    if (!rule.calls.empty() && !calls_default) return;
    const bool nameless = (!source.alias || source.alias.text == unnamed) && (!target.alias || target.alias.text == unnamed);
    if (!nameless || target.kind != syntax::Target::Kind::Create || target.list != syntax::TargetList::None) return;
    rule.is_identity = true;
    rule.calls.clear();
    source.alias = target.alias = {};
  }

  /// The context, and the element's name or names below it.
  void read_path(Item from, std::vector<Name>& path) const {
    if (const Name context = name_of(from, "context")) path.push_back(context);
    const Item element = from.child("element");
    if (!element) return;
    std::size_t before = 0;
    for (std::string_view part : split(element.text(), '.')) {
      const std::size_t at = before;
      before += part.size() + 1;
      if (part.ends_with("[x]")) part.remove_suffix(3);
      path.push_back({std::string(part), offset(element) + static_cast<syntax::Offset>(at)});
    }
  }

  Result<void> read_source(Item from, syntax::Source& out) {
    static constexpr std::array<std::string_view, 6> lists{"", "first", "not_first", "last", "not_last", "only_one"};
    out.offset = offset(from);
    read_path(from, out.path);
    if (out.path.empty()) return fail(from, "a source needs a context");
    out.type = name_of(from, "type");
    out.alias = name_of(from, "variable");
    out.where = expression_of(from.child("condition"));
    out.check = expression_of(from.child("check"));
    out.log = expression_of(from.child("logMessage"));
    const std::size_t list = index_of(lists, from.text_of("listMode"));
    if (list == lists.size()) return fail(from.child("listMode"), "listMode is first, not_first, last, not_last or only_one");
    out.list = static_cast<syntax::SourceList>(list);
    read_default(from, out);
    return read_cardinality(from, out);
  }

  Result<void> read_cardinality(Item from, syntax::Source& out) {
    const Item min = from.child("min"), max = from.child("max");
    out.has_cardinality = min || max;
    for (const auto& [item, bound] : {std::pair{min, &out.min}, std::pair{max, &out.max}}) {
      if (!item || item.text() == "*") continue;
      const std::optional<std::int64_t> number = parse_int(item.text());
      if (!number || *number < 0 || *number > INT32_MAX) return fail(item, "expected a number, or '*' as the upper bound");
      *bound = static_cast<std::uint32_t>(*number);
    }
    if (out.max < out.min) return fail(max, "the upper bound is below the lower bound");
    return done();
  }

  /// R4 has a value of any type, R5 a text; an expression is an extension.
  void read_default(Item from, syntax::Source& out) const {
    Item value = choice(from, "defaultValue");
    if (!value) value = from.child("defaultValue");
    if (!value) return;
    if (const Item expression = extension(value, expression_extension)) {
      out.default_value = expression_of(expression.child("valueExpression").child("expression"));
      return;
    }
    const std::string_view name = value.name_text();
    const std::string text(value.text());
    out.default_value.offset = offset(value);
    if (name == "defaultValueBoolean" || name == "defaultValueInteger" || name == "defaultValueDecimal")
      out.default_value.text = text;
    else if (name == "defaultValueDate" || name == "defaultValueDateTime" || name == "defaultValueInstant")
      out.default_value.text = "@" + text;
    else if (name == "defaultValueTime")
      out.default_value.text = "@T" + text;
    else
      out.default_value.text = quoted(text);
  }

  static std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char letter : text) {
      if (letter == '\'' || letter == '\\') out += '\\';
      out += letter;
    }
    return out + "'";
  }

  Result<Argument> read_argument(Item parameter) const {
    static constexpr std::array<std::pair<std::string_view, LiteralKind>, 7> kinds{{{"valueString", LiteralKind::String},
                                                                                    {"valueBoolean", LiteralKind::Boolean},
                                                                                    {"valueInteger", LiteralKind::Integer},
                                                                                    {"valueDecimal", LiteralKind::Decimal},
                                                                                    {"valueDate", LiteralKind::Date},
                                                                                    {"valueDateTime", LiteralKind::DateTime},
                                                                                    {"valueTime", LiteralKind::Time}}};
    const Item value = choice(parameter, "value");
    Argument argument;
    if (!value) return fail(parameter, "a parameter needs a value");
    argument.offset = offset(value);
    if (value.name_text() == "valueId") {
      argument.kind = Argument::Kind::Path;
      for (std::string_view part : split(value.text(), '.')) argument.path.push_back({std::string(part), argument.offset});
      return argument;
    }
    for (const auto& [name, kind] : kinds) {
      if (name == value.name_text()) argument.literal = kind;
    }
    if (argument.literal == LiteralKind::Null)
      return fail(value, "a parameter is an id, a string, a boolean, a number, a date or a time");
    argument.text = value.text();
    return argument;
  }

  Result<void> read_target(Item from, syntax::Target& out) {
    out.offset = offset(from);
    read_path(from, out.path);
    out.alias = name_of(from, "variable");
    out.share = name_of(from, "listRuleId");
    Result<void> read = each_child(from, "listMode", [&](Item mode) {
      static constexpr std::array<std::string_view, 6> modes{"", "first", "last", "share", "single", "collate"};
      const std::size_t found = std::min(index_of(modes, mode.text()), modes.size());
      if (found == 0 || found == modes.size()) return Result<void>(fail(mode, "listMode is first, share, last or single"));
      out.list = static_cast<syntax::TargetList>(std::min<std::size_t>(found, 4));
      return done();
    });
    if (read)
      read = each_child(from, "parameter", [&](Item parameter) {
        Result<Argument> argument = read_argument(parameter);
        if (!argument) return Result<void>(std::move(argument).failure());
        out.arguments.push_back(std::move(*argument));
        return done();
      });
    if (!read) return read;
    if (out.list == syntax::TargetList::Share && !out.share) return fail(from, "listMode share needs a listRuleId");
    if (out.path.size() == 1 && from.child("element") && !from.child("context")) return fail(from, "a target needs a context");
    return settle_transform(from, out);
  }

  Result<void> settle_transform(Item from, syntax::Target& out) {
    const Name transform = name_of(from, "transform");
    if (!transform || (transform.text == "create" && out.arguments.empty())) {
      if (!out.arguments.empty()) return fail(from, "a target with parameters needs a transform");
      if (out.path.empty()) return fail(from, "a target needs a context or a transform");
      return done();
    }
    const bool one = out.arguments.size() == 1;
    if (transform.text == "copy" && one) {
      out.kind = out.arguments[0].kind == Argument::Kind::Path ? syntax::Target::Kind::Copy : syntax::Target::Kind::Literal;
      return done();
    }
    out.kind = syntax::Target::Kind::Call;
    out.function = transform;
    if (transform.text != "evaluate" || out.arguments.empty()) return done();
    Argument& last = out.arguments.back();  // in the resource the expression is a string
    if (last.kind != Argument::Kind::Literal || last.literal != LiteralKind::String) return done();
    last.kind = Argument::Kind::Expression;
    last.expression = expression_of(last.text, last.offset);
    last.text.clear();
    if (!one) return done();
    out.kind = syntax::Target::Kind::Expression;
    out.expression = std::move(last.expression);
    out.arguments.clear();
    out.function = {};
    return done();
  }

  Result<void> read_call(Item from, std::vector<syntax::Call>& out) {
    syntax::Call call;
    Result<Name> group = needed(from, "name");
    if (!group) return std::move(group).failure();
    call.group = std::move(*group);
    auto add = [&](Item parameter) {
      Result<Argument> argument = read_argument(parameter);
      if (!argument) return Result<void>(std::move(argument).failure());
      call.arguments.push_back(std::move(*argument));
      return done();
    };
    Result<void> read = each_child(from, "parameter", add);
    if (read)
      read = each_child(from, "variable", [&](Item variable) {
        if (const Item value = extension(variable, std::string(r5_extension) + "group.rule.dependent.parameter"))
          return add(value);
        Argument argument;
        argument.kind = Argument::Kind::Path;
        argument.offset = offset(variable);
        argument.path.push_back(name_at(variable));
        call.arguments.push_back(std::move(argument));
        return done();
      });
    out.push_back(std::move(call));
    return read;
  }

  syntax::Map& map_;
  std::vector<std::size_t> line_starts_{0};
};

}  // namespace

Result<syntax::Map> from_structure_map(std::string file, std::string text, const tree::Document& resource) {
  syntax::Map map;
  map.file = std::move(file);
  map.text = std::move(text);
  Result<void> read = Reader(map).run(tree::root(resource));
  if (!read) return std::move(read).failure();
  return map;
}

}  // namespace vardbron::mapping
