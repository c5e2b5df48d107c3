#include "gateway/workbench/inverse_path.h"

#include "gateway/mapping/syntax/print.h"
#include "gateway/workbench/lint_names.h"

#include <algorithm>
#include <map>

namespace vardbron::workbench {

namespace syntax = mapping::syntax;

namespace {

using syntax::Argument;
using syntax::Name;
using syntax::Target;

Argument variable_argument(const std::string& name) {
  Argument out;
  out.kind = Argument::Kind::Path;
  out.path = {{name, 0}};
  return out;
}

Argument text_argument(const std::string& text) {
  Argument out;
  out.literal = syntax::LiteralKind::String;
  out.text = text;
  return out;
}

Target copy_of_variable(const std::string& name) {
  Target out;
  out.kind = Target::Kind::Copy;
  out.arguments = {variable_argument(name)};
  return out;
}

std::vector<Name> below(const std::string& variable, std::string_view element) {
  return {{variable, 0}, {std::string(element), 0}};
}

std::string path_text(const std::vector<Name>& path, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < path.size(); ++i) out += (out.empty() ? "" : ".") + path[i].text;
  return out;
}

bool is_variable(const Argument& argument, std::string_view name) {
  return argument.kind == Argument::Kind::Path && argument.path.size() == 1 && argument.path[0].text == name;
}

}  // namespace

bool is_primitive_name(std::string_view type) { return !type.empty() && type[0] >= 'a' && type[0] <= 'z'; }

InversePaths::InversePaths(const syntax::Map& map, const syntax::Rule& rule) : map_(map), rule_(rule) {}

const Target* InversePaths::maker_of(std::string_view alias) const {
  for (const Target& target : rule_.targets) {
    if (target.alias.text == alias && !alias.empty()) return &target;
  }
  return nullptr;
}

bool InversePaths::makes(std::string_view variable) const { return maker_of(variable) != nullptr; }

std::optional<std::string> InversePaths::constant(const syntax::Expression& expression) const {
  for (const BareName& name : head_names(expression.text)) {
    const bool is_constant = std::any_of(map_.constants.begin(), map_.constants.end(),
                                         [&](const syntax::Constant& each) { return each.name.text == name.name; });
    if (!is_constant) return std::nullopt;
  }
  return "(" + mapping::in_one_line(expression.text) + ")";
}

std::optional<std::string> InversePaths::constant(const Argument& argument) const {
  if (argument.kind == Argument::Kind::Literal) return mapping::print_argument(argument);
  if (argument.kind == Argument::Kind::Expression) return constant(argument.expression);
  return constant(syntax::Expression{mapping::print_argument(argument), 0});
}

/// Distinguishes the elements that a rule created: by the constants it wrote into them.
std::string InversePaths::guard_of(std::string_view alias) const {
  std::string out;
  auto add = [&](const std::string& condition) { out += (out.empty() ? "" : " and ") + condition; };
  for (const Target& target : rule_.targets) {
    if (target.path.size() < 2 || target.path[0].text != alias) continue;
    const std::string element = path_text(target.path, 1);
    std::optional<std::string> value;
    if (target.kind == Target::Kind::Literal) value = constant(target.arguments[0]);
    if (target.kind == Target::Kind::Expression) value = constant(target.expression);
    if (value) add(element + " = " + *value);
    const bool is_coded = target.kind == Target::Kind::Call && (target.function.text == "cc" || target.function.text == "c");
    if (!is_coded || target.arguments.size() < 2) continue;
    const std::optional<std::string> system = constant(target.arguments[0]), code = constant(target.arguments[1]);
    if (system && code)
      add(element + (target.function.text == "cc" ? ".coding" : "") + ".exists(system = " + *system + " and code = " + *code +
          ")");
  }
  return out;
}

std::vector<Level> InversePaths::way_to(std::string_view alias) const {
  std::vector<Level> out;
  std::string at(alias);
  for (std::size_t i = 0; i <= rule_.targets.size(); ++i) {
    const Target* maker = maker_of(at);
    if (maker == nullptr) return out;
    if (maker->path.size() < 2) return {};
    Level level{maker->path, {}, guard_of(at), at};
    if (maker->kind == Target::Kind::Call) {
      if (maker->function.text != "create" || maker->arguments.size() != 1) return {};
      level.type = maker->arguments[0].text;
    } else if (maker->kind != Target::Kind::Create) {
      return {};
    }
    out.insert(out.begin(), level);
    at = maker->path[0].text;
  }
  return {};
}

bool InversePaths::is_one_to_one(std::string_view id, std::string& why) const {
  for (const syntax::EmbeddedConceptMap& codes : map_.concept_maps) {
    if (codes.id.text != id) continue;
    std::map<std::string, std::string> sources;
    for (const syntax::CodePair& pair : codes.pairs) {
      auto [known, is_new] = sources.emplace(pair.target_code.text, pair.source_code.text);
      const bool is_alike = pair.relation == "==" || pair.relation == "=" || pair.relation == "-";
      if (!is_alike) why = "the code '" + pair.source_code.text + "' is only near to '" + pair.target_code.text + "'";
      if (!is_new)
        why = "the codes '" + known->second + "' and '" + pair.source_code.text + "' both become '" + pair.target_code.text + "'";
      if (!is_alike || !is_new) return false;
    }
    if (!codes.unmapped.empty()) why = "unlisted codes pass through the concept map";
    return codes.unmapped.empty();
  }
  why = "the concept map is not one of this map";
  return false;
}

std::optional<InversePaths::Conversion> InversePaths::convert(const Argument& argument, std::string_view variable,
                                                              const std::string& fresh, std::string& why) const {
  if (is_variable(argument, variable)) return Conversion{copy_of_variable(fresh), {}, "copy"};
  return argument.transform.empty() ? std::nullopt : convert(argument.transform.front(), variable, fresh, why);
}

std::optional<InversePaths::Conversion> InversePaths::convert(const Target& target, std::string_view variable,
                                                              const std::string& fresh, std::string& why) const {
  const std::vector<Argument>& arguments = target.arguments;
  if (target.kind == Target::Kind::Copy) return convert(arguments[0], variable, fresh, why);
  if (target.kind != Target::Kind::Call || arguments.empty()) return std::nullopt;
  const std::string& function = target.function.text;
  const bool is_ours = is_variable(arguments[0], variable);
  if ((function == "cast" || function == "copy") && is_ours) return Conversion{copy_of_variable(fresh), {}, function};
  if (function == "translate" && is_ours && arguments.size() > 1) {
    const std::string& url = arguments[1].text;
    if (url.empty() || url[0] != '#' || (arguments.size() > 2 && arguments[2].text != "code")) {
      why = "only a concept map of this map that gives a code can be turned round";
      return std::nullopt;
    }
    if (!is_one_to_one(std::string_view(url).substr(1), why)) return std::nullopt;
    Conversion out{{}, {}, "code list"};
    out.value.kind = Target::Kind::Call;
    out.value.function = {"translate", 0};
    out.value.arguments = {variable_argument(fresh), text_argument(url), text_argument("code")};
    return out;
  }
  if (function == "append" && arguments.size() == 2 && is_variable(arguments[1], variable) &&
      arguments[0].kind == Argument::Kind::Literal) {
    Conversion out{{}, "$this.startsWith(" + mapping::print_argument(arguments[0]) + ")", "prefix"};
    out.value.kind = Target::Kind::Expression;
    out.value.expression.text = "%" + fresh + ".substring(" + mapping::print_argument(arguments[0]) + ".length())";
    return out;
  }
  if (is_ours) why = "nothing undoes " + function;
  return std::nullopt;
}

std::optional<InversePath> InversePaths::carry(const Target& target, std::string_view variable, const std::string& fresh,
                                               std::string& why) const {
  if (target.path.size() < 2) return std::nullopt;
  InversePath out;
  const std::string& function = target.function.text;
  const bool is_pair = target.kind == Target::Kind::Call && target.arguments.size() >= 2;
  const bool is_coding = is_pair && (function == "cc" || function == "c");
  const bool is_parted = is_coding || (is_pair && (function == "id" || function == "cp"));
  std::optional<Conversion> conversion =
      is_parted ? convert(target.arguments[1], variable, fresh, why) : convert(target, variable, fresh, why);
  if (!conversion) return std::nullopt;
  if (makes(target.path[0].text)) {
    out.levels = way_to(target.path[0].text);
    if (out.levels.empty()) {
      why = "the element it is written to cannot be found again";
      return std::nullopt;
    }
  }
  if (is_parted) {
    const std::optional<std::string> system = constant(target.arguments[0]);
    const std::string guard = system ? "system = " + *system : "";
    const bool is_concept = function == "cc";
    out.levels.push_back({target.path, {}, is_concept ? "" : guard, fresh + "_in"});
    if (is_concept) out.levels.push_back({below(fresh + "_in", "coding"), {}, guard, fresh + "_at"});
    out.levels.push_back(
        {below(is_concept ? fresh + "_at" : fresh + "_in", is_coding ? "code" : "value"), {}, conversion->where, fresh});
  } else if (target.path.size() == 2 && target.path[1].text == "value" && !out.levels.empty() &&
             is_primitive_name(out.levels.back().type)) {
    out.levels.back().alias = fresh;  // `.value` of a primitive is the primitive itself
  } else {
    out.levels.push_back({target.path, {}, conversion->where, fresh});
  }
  out.value = std::move(conversion->value);
  out.how = is_parted && conversion->how == "copy" ? "copy out of " + function : conversion->how;
  return out;
}

std::optional<InversePath> InversePaths::find(std::string_view variable, const std::string& fresh, std::string& why) const {
  for (const Target& target : rule_.targets) {
    std::optional<InversePath> inverse_path = carry(target, variable, fresh, why);
    if (inverse_path) return inverse_path;
  }
  if (!why.empty()) return std::nullopt;
  std::string texts;
  for (const Target& target : rule_.targets) texts += mapping::print_target(target) + "\n";
  for (const syntax::Call& call : rule_.calls) texts += mapping::print_call(call) + "\n";
  for (const syntax::Rule& rule : rule_.rules) texts += all_texts(rule);
  const bool is_read = has_word(texts, variable);
  why = is_read ? "it is only part of an expression" : "nothing is written of it";
  return std::nullopt;
}

}  // namespace vardbron::workbench
