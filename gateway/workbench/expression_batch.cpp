#include "gateway/workbench/expression_batch.h"

#include "gateway/base/text.h"
#include "gateway/formats/json/composer.h"

#include <utility>

namespace vardbron::workbench {

namespace {

using json::Value;
using Kind = Value::Kind;

/// `id`: its JSON text, unchanged.
std::string shown(std::string_view id, const Answer& answer) {
  json::Composer json;
  json.begin_object().raw("id", id);
  if (answer.fault) {
    json.begin_object("error").text("kind", to_string(answer.fault->kind)).text("says", visible(answer.fault->says));
    json.text("at", visible(answer.fault->at)).end_object();
    return json.end_object().finish();
  }
  json.begin_list("result");
  for (const AnswerItem& item : answer.items) {
    json.begin_object().text("type", item.type).raw("value", item.json);
    if (!item.text.empty()) json.text("text", item.text);
    json.end_object();
  }
  return json.end_list().end_object().finish();
}

Answer refused(AnswerFault::Kind kind, const Failure& failure) {
  Answer answer;
  answer.fault = AnswerFault{kind, failure.says, failure.where};
  return answer;
}

bool is_given(const Value* part) { return part != nullptr && !part->is(Kind::Null); }

Failure invalid(std::string says, std::string where) { return {Cause::Invalid, std::move(says), std::move(where)}; }

/// A line with a member of the wrong type is an error, whatever its expression.
std::optional<Failure> misshapen_part(const Value& request) {
  const Value *file = request.find("file"), *model = request.find("model"), *strict = request.find("strict"),
              *variables = request.find("variables");
  if (is_given(file) && !file->is(Kind::Text)) return invalid("\"file\" is a text.", "file");
  if (is_given(model) && !find_model(to_lower(model->text))) return invalid("\"model\" is r4, r5 or none.", "model");
  if (is_given(strict) && !strict->is(Kind::Boolean)) return invalid("\"strict\" is true or false.", "strict");
  if (is_given(variables) && !variables->is(Kind::Object)) return invalid("\"variables\" is an object.", "variables");
  return std::nullopt;
}

/// Of null the tree keeps a node, of an empty list none; FHIR JSON has no empty list at all.
void make_empty_lists_null(Value& value) {
  if (value.is(Kind::List) && value.items.empty()) value.kind = Kind::Null;
  for (Value& item : value.items) make_empty_lists_null(item);
  for (Value::Member& member : value.members) make_empty_lists_null(member.value);
}

}  // namespace

std::string ExpressionBatch::answer(std::string_view line) {
  Result<Value> request = json::read_value(line);
  if (request && !request->is(Kind::Object)) request = invalid("A document is an object.", "1:1");
  if (!request) {
    Failure failure = std::move(request).failure();
    failure.says = "The line is not a JSON object: " + failure.says;
    return shown("null", refused(AnswerFault::Kind::Syntax, failure));
  }
  const Value* id = request->find("id");
  const std::string_view written = id == nullptr ? "null" : id->written;
  make_empty_lists_null(*request);
  return shown(written, answer_to(*request));
}

Answer ExpressionBatch::answer_to(const Value& request) {
  if (std::optional<Failure> misshapen = misshapen_part(request)) return refused(AnswerFault::Kind::Syntax, *misshapen);
  const Value* expression = request.find("expression");
  if (expression == nullptr || !expression->is(Kind::Text))
    return refused(AnswerFault::Kind::Syntax, invalid("The line needs an \"expression\", a text.", ""));
  expressions_.forget_variables();
  Result<Question> question = read_question(request);
  if (!question) return refused(AnswerFault::Kind::Execution, question.failure());
  return expressions_.ask(*question);
}

Result<Question> ExpressionBatch::read_question(const Value& request) {
  Question question;
  question.expression = request.text_of("expression");
  if (const Value* model = request.find("model"); is_given(model))
    question.model = find_model(to_lower(model->text)).value_or(question.model);
  question.strict = request.text_of("strict") == "true";
  if (Result<void> taken = take_input(request, question); !taken) return std::move(taken).failure();
  if (const Value* variables = request.find("variables"); is_given(variables)) {
    Result<std::vector<GivenVariable>> read = expressions_.read_variables(*variables, question.model);
    if (!read) return std::move(read).failure();
    question.variables = *std::move(read);
  }
  return question;
}

Result<void> ExpressionBatch::take_input(const Value& request, Question& question) {
  if (const Value* resource = request.find("resource"); is_given(resource)) {
    std::string body = resource->is(Kind::Text) ? resource->text : json::compact(*resource);
    Result<tree::Document> document = expressions_.read(std::move(body), question.model);
    if (!document) return Failure{document.failure().cause, document.failure().says, "resource:" + document.failure().where};
    inline_document_.emplace(*std::move(document));
    question.document = &*inline_document_;
    return done();
  }
  const std::string_view file = request.text_of("file");
  if (file.empty()) return done();
  Result<const tree::Document*> document = expressions_.open(std::string(file), question.model);
  if (!document) return std::move(document).failure();
  question.document = *document;
  return done();
}

}  // namespace vardbron::workbench
