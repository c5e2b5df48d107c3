#include "gateway/workbench/assertion.h"

#include "gateway/base/text.h"

#include <array>
#include <span>
#include <utility>

namespace vardbron::workbench {

namespace {

/// Where the comment of a line begins, npos if it has none. A // in quotes, as in urls, is none.
std::size_t comment_in(std::string_view line) {
  char quote = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (quote != 0 && line[at] == '\\')
      ++at;
    else if (quote != 0 && line[at] == quote)
      quote = 0;
    else if (quote == 0 && (line[at] == '\'' || line[at] == '"' || line[at] == '`'))
      quote = line[at];
    else if (quote == 0 && line.substr(at, 2) == "//")
      return at;
  }
  return std::string_view::npos;
}

Result<Assertion> compile_line(std::string_view expression, std::string name, std::string where, std::uint32_t line,
                               const fhir::Definitions& definitions, AssertionTypes types) {
  fhirpath::CompileOptions options{definitions};
  options.context = types.target;
  options.variables = {{"source", types.source}};
  options.offset = {line, 1};
  Result<fhirpath::Program> program = fhirpath::compile(expression, options);
  if (!program) {
    Failure failure = std::move(program).failure();
    const std::string file = where.substr(0, where.rfind(':'));
    return Failure{Cause::Invalid, "The assertion is no FHIRPath: " + failure.says, file + ":" + failure.where};
  }
  if (name.empty()) name = std::string(expression);
  return Assertion{std::move(name), std::move(where), types, std::move(*program)};
}

fhirpath::Value value_of(tree::Item item, fhir::TypeId type, const fhir::Definitions& definitions) {
  if (type == 0 || definitions.is_abstract(type)) return fhirpath::element(item, definitions);
  return fhirpath::Value::of(item, type);
}

std::string in_words(const fhirpath::Collection& result, const fhir::Definitions& definitions) {
  if (result.empty()) return "it is empty";
  std::string words = "it is ";
  for (std::size_t at = 0; at < result.size() && at < 3; ++at) {
    if (at > 0) words += ", ";
    words += fhirpath::to_string(result[at], definitions).value_or("an element");
  }
  return words + (result.size() > 3 ? ".." : "");
}

}  // namespace

Result<std::vector<Assertion>> read_assertions(std::string_view file, std::string_view text, const fhir::Definitions& definitions,
                                               AssertionTypes types) {
  std::vector<Assertion> assertions;
  std::string name;
  std::uint32_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    const std::size_t comment = comment_in(line);
    const std::string_view words = comment == std::string_view::npos ? "" : trim(line.substr(comment + 2));
    const std::string_view expression = trim(line.substr(0, comment));
    if (!words.empty()) name = std::string(words);
    if (expression.empty()) continue;
    const std::string where = std::string(file) + ":" + std::to_string(number);
    Result<Assertion> compiled = compile_line(expression, std::exchange(name, ""), where, number, definitions, types);
    if (!compiled) return std::move(compiled).failure();
    assertions.push_back(std::move(*compiled));
  }
  return assertions;
}

std::optional<std::string> objection(const Assertion& assertion, tree::Item source, tree::Item output,
                                     const fhir::Definitions& definitions, WallTime now) {
  const std::array<fhirpath::Value, 1> sources{value_of(source, assertion.types.source, definitions)};
  const std::array<std::span<const fhirpath::Value>, 1> variables{std::span<const fhirpath::Value>(sources)};
  fhirpath::Environment environment;
  environment.variables = variables;
  environment.now = now;
  Result<fhirpath::Collection> result =
      fhirpath::run(assertion.program, value_of(output, assertion.types.target, definitions), environment);
  if (!result) return "it cannot be evaluated: " + result.failure().says;
  const std::span<const fhirpath::Value> values{result->begin(), result->size()};
  Result<std::optional<bool>> holds = fhirpath::to_boolean(values, definitions);
  if (holds && holds->value_or(false)) return std::nullopt;
  return in_words(*result, definitions);
}

}  // namespace vardbron::workbench
