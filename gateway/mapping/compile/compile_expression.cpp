// Tested by tests/mapping/run_test.cpp and tests/mapping/compile_test.cpp.

#include "gateway/base/text.h"
#include "gateway/mapping/compile/compiler.h"

#include <algorithm>

namespace vardbron::mapping {

namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Words that may be variables: not after a dot, not a function's name, not inside a string. `%name` and names in back-ticks are
/// included.
std::vector<std::string_view> candidate_names(std::string_view text) {
  std::vector<std::string_view> names;
  char before = ' ';
  for (std::size_t at = 0; at < text.size();) {
    char c = text[at];
    std::size_t end = at + 1;
    if (c == '\'' || c == '`' || c == '"') {
      while (end < text.size() && text[end] != c) end += text[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, text.size());
      if (c == '`' && before != '.') names.push_back(text.substr(at + 1, end - at - 2));
      before = c;
    } else if (is_word(c)) {
      while (end < text.size() && is_word(text[end])) ++end;
      std::size_t behind = text.find_first_not_of(" \t\r\n", end);
      bool is_function = behind != std::string_view::npos && text[behind] == '(';
      if (before != '.' && !is_function) names.push_back(text.substr(at, end - at));
      before = 'a';
    } else if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      before = c;
    }
    at = end;
  }
  return names;
}

/// "2:5" of a FHIRPath failure becomes "file:2:5".
Failure in_file(const syntax::Map& map, Failure failure) {
  failure.where = map.file + ":" + failure.where;
  return failure;
}

}  // namespace

Result<Index> Compiler::compile_expression(const Scope& scope, const syntax::Expression& expression, fhir::TypeId focus) {
  fhirpath::CompileOptions options{.definitions = definitions_, .context = focus, .variables = {}};
  options.bare_names_may_be_variables = true;
  options.takes_choice_names = true;
  options.offset = scope.map->position(expression.offset);
  std::vector<VariableRef> refs;
  for (std::string_view name : candidate_names(expression.text)) {
    bool known =
        std::any_of(options.variables.begin(), options.variables.end(), [&](const auto& one) { return one.name == name; });
    if (known) continue;
    if (const Variable* variable = find_variable(scope, name)) {
      options.variables.push_back({std::string(name), variable->type});
      refs.push_back({.slot = variable->slot});
    } else if (const syntax::Constant* constant = find_constant(*scope.map, name)) {
      Result<Index> compiled = compile_constant(*scope.map, *constant);
      if (!compiled) return compiled;
      fhir::TypeId type = program_->expressions[program_->constants[*compiled].expression].program.result_type();
      options.variables.push_back({std::string(name), type});
      refs.push_back({.constant = *compiled});
    }
  }
  Result<fhirpath::Program> compiled = fhirpath::compile(expression.text, options);
  if (!compiled) return in_file(*scope.map, std::move(compiled).failure());
  options.strict = true;
  Result<fhirpath::Program> strict = fhirpath::compile(expression.text, options);
  if (!strict) program_->lints.push_back(in_file(*scope.map, std::move(strict).failure()));
  Range variables = append(program_->variables, std::move(refs));
  const bool names_resource =
      expression.text.find("%resource") != std::string::npos || expression.text.find("%rootResource") != std::string::npos;
  program_->expressions.push_back({std::move(*compiled), variables, expression.offset, scope.file, names_resource});
  return static_cast<Index>(program_->expressions.size() - 1);
}

const syntax::Constant* Compiler::find_constant(const syntax::Map& map, std::string_view name) const {
  for (const syntax::Map* visible : visible_from(map)) {
    for (const syntax::Constant& constant : visible->constants) {
      if (constant.name.text == name) return &constant;
    }
  }
  return nullptr;
}

Result<Index> Compiler::compile_constant(const syntax::Map& map, const syntax::Constant& constant) {
  auto [known, is_new] = constants_.try_emplace(&constant, nothing);
  if (!is_new && known->second != nothing) return known->second;
  const syntax::Map* home = &map;
  for (const syntax::Map* visible : visible_from(map)) {
    bool here =
        !visible->constants.empty() && &constant >= &visible->constants.front() && &constant <= &visible->constants.back();
    if (here) home = visible;
  }
  if (!is_new)
    return Failure{Cause::Invalid, "the constant '" + constant.name.text + "' needs itself", home->where(constant.name.offset)};
  Scope scope;
  scope.map = home;
  scope.file = file_of(*home);
  Result<Index> compiled = compile_expression(scope, constant.value, 0);
  if (!compiled) return compiled;
  program_->constants.push_back({*compiled});
  return constants_[&constant] = static_cast<Index>(program_->constants.size() - 1);
}

Result<Index> Compiler::find_concept_map(const Scope& scope, const std::string& url, syntax::Offset at) {
  std::string key = url.empty() || url[0] != '#' ? url : scope.map->file + url;
  for (const auto& [known, index] : program_->concept_map_urls) {
    if (known == key) return index;
  }
  std::shared_ptr<const ConceptMap> found;
  std::vector<std::string_view> ids;  // of the map's embedded concept maps
  if (!url.empty() && url[0] == '#') {
    for (const syntax::Map* visible : visible_from(*scope.map)) {
      for (const syntax::ContainedConceptMap& contained : visible->contained) {
        if (!found && contained.id == std::string_view(url).substr(1)) found = contained.codes;
      }
      for (const syntax::EmbeddedConceptMap& embedded : visible->concept_maps) {
        ids.push_back(embedded.id.text);
        if (found || embedded.id.text != std::string_view(url).substr(1)) continue;
        Result<ConceptMap> compiled = ConceptMap::from_fml(*visible, embedded);
        if (!compiled) return std::move(compiled).failure();
        found = std::make_shared<const ConceptMap>(std::move(*compiled));
      }
    }
  } else {
    found = loader_.concept_map(url);
  }
  if (!found) {
    const std::string_view near = nearest(std::string_view(url).substr(ids.empty() ? 0 : 1), ids);
    const std::string meant = near.empty() ? "" : "; did you mean '#" + std::string(near) + "'?";
    return fail(scope, at, "no concept map '" + url + "' is loaded" + meant);
  }
  program_->concept_maps.push_back(found);
  Index index = static_cast<Index>(program_->concept_maps.size() - 1);
  program_->concept_map_urls.emplace_back(key, index);
  // Maps that this one refers to for unlisted codes are loaded with it.
  for (std::string_view url_of_other : found->others()) {
    Result<Index> other = find_concept_map(scope, std::string(url_of_other), at);
    if (!other) return other;
  }
  return index;
}

}  // namespace vardbron::mapping
