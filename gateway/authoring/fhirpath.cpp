// Tested by tests/system/app/fhirpath_command_test.cpp.

#include "gateway/authoring/commands.h"
#include "gateway/base/clock.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/value.h"
#include "gateway/workbench/expression_batch.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/print.h"

#include <cstdio>
#include <iostream>
#include <string>
#include <utility>

namespace vardbron::authoring {

namespace {

using workbench::Answer;
using workbench::AnswerItem;
using workbench::Expressions;
using workbench::GivenVariable;
using workbench::Model;
using workbench::Question;

/// Prints trace() on standard error; standard output has the results only.
class ShownTrace final : public fhirpath::Hooks {
 public:
  explicit ShownTrace(const fhir::Definitions& known) : known_(known) {}
  void trace(std::string_view name, std::span<const fhirpath::Value> values) override {
    for (const fhirpath::Value& value : values)
      std::fprintf(stderr, "%.*s: %s\n", static_cast<int>(name.size()), name.data(),
                   fhirpath::describe(value, known_).json.c_str());
  }

 private:
  const fhir::Definitions& known_;
};

/// weight=80 and day={"type":"date","value":"2026-03-01"} are JSON; anything else is a text.
Result<GivenVariable> read_variable(const std::string& given, Model model, Expressions& expressions) {
  const std::size_t equals = given.find('=');
  if (equals == std::string::npos || equals == 0)
    return Failure{Cause::Invalid, "A variable is given as name=value.", given.substr(0, equals)};
  const std::string name = given.substr(0, equals), text = given.substr(equals + 1);
  Result<json::Value> value = json::read_value(text);
  if (!value) {
    value = json::Value();
    value->kind = json::Value::Kind::Text;
    value->text = text;
  }
  json::Value object;
  object.kind = json::Value::Kind::Object;
  object.members.push_back({name, *std::move(value)});
  Result<std::vector<GivenVariable>> read = expressions.read_variables(object, model);
  if (!read) return std::move(read).failure();
  return GivenVariable{name, read->empty() ? fhirpath::Collection() : std::move(read->front().values)};
}

/// Texts and numbers are printed as they are, other values as JSON.
std::string in_words(const AnswerItem& item) {
  if (!item.text.empty()) return item.text;
  if (!item.json.starts_with('"')) return item.json;
  const Result<json::Value> value = json::read_value(item.json);
  return value ? value->text : item.json;
}

int print_answer(const Answer& answer, const FhirPathOptions& options) {
  if (answer.fault) {
    std::fprintf(stderr, "vardbron: %s: %s\n", answer.fault->at.c_str(), visible(answer.fault->says).c_str());
    return workspace::Refused;
  }
  for (const AnswerItem& item : answer.items) {
    if (options.types) std::printf("%-12s ", item.type.c_str());
    workspace::print_result(in_words(item) + "\n");
  }
  return workspace::Done;
}

int answer_lines(Expressions& expressions) {
  workbench::ExpressionBatch batch(expressions);
  bool has_lines = false;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    has_lines = true;
    std::puts(batch.answer(line).c_str());
    std::fflush(stdout);  // the caller may wait for this answer before the next line
  }
  return has_lines ? workspace::Done : workspace::print_failure(workspace::no_lines());
}

Result<Question> read_question(const FhirPathOptions& options, Expressions& expressions) {
  Question question;
  question.expression = options.expression;
  question.strict = options.strict;
  question.model = workbench::find_model(options.model).value_or(Model::R4);
  for (const std::string& given : options.variables) {
    Result<GivenVariable> variable = read_variable(given, question.model, expressions);
    if (!variable) return std::move(variable).failure();
    question.variables.push_back(*std::move(variable));
  }
  return question;
}

}  // namespace

int fhirpath(const FhirPathOptions& options) {
  const RealClock clock;
  Expressions expressions(workspace::share_folder(), clock);
  if (options.batch) return answer_lines(expressions);
  if (options.expression.empty())
    return workspace::print_wrong_use("fhirpath", "Give an expression, and a file to apply it to; or --batch.");
  Result<Question> question = read_question(options, expressions);
  if (!question) return workspace::print_failure(question.failure());
  Result<const fhir::Definitions*> known = expressions.definitions(question->model);
  if (!known) return workspace::print_failure(known.failure());
  std::optional<tree::Document> document;
  if (!options.file.empty()) {
    Result<std::string> body = workspace::read_file(options.file);
    if (!body) return workspace::print_failure(body.failure());
    Result<tree::Document> read =
        expressions.read(*std::move(body), question->model, workspace::content_type_of(options.from, options.file));
    if (!read)
      return workspace::print_failure(
          {read.failure().cause, read.failure().says, workspace::place_in(options.file, read.failure().where)});
    document.emplace(*std::move(read));
    question->document = &*document;
  }
  ShownTrace trace(**known);
  return print_answer(expressions.ask(*question, &trace), options);
}

}  // namespace vardbron::authoring
