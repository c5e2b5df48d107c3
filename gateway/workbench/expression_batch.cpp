#include "gateway/workbench/expression_batch.h"

#include "gateway/base/text.h"
#include "gateway/formats/json/member_text.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <utility>

namespace vardbron::workbench {

namespace {

/// {"id": with the original JSON text of the id, open for more members.
std::string begin_of(std::string_view line) {
  const std::string_view id = json::member_text(line, "id");
  return "{\"id\":" + (id.empty() ? "null" : std::string(id)) + ",";
}

std::string shown(const std::string& begin, const Answer& answer) {
  std::string line = begin;
  if (answer.fault) {
    line.append("\"error\":{\"kind\":\"").append(to_string(answer.fault->kind)).append("\",\"says\":");
    line += json_quoted(visible(answer.fault->says)) + ",\"at\":" + json_quoted(visible(answer.fault->at)) + "}}";
    return line;
  }
  line += "\"result\":[";
  for (const AnswerItem& item : answer.items) {
    if (&item != answer.items.data()) line += ',';
    line += "{\"type\":" + json_quoted(item.type) + ",\"value\":" + item.json;
    if (!item.text.empty()) line += ",\"text\":" + json_quoted(item.text);
    line += '}';
  }
  return line + "]}";
}

Answer refused(AnswerFault::Kind kind, const Failure& failure) {
  Answer answer;
  answer.fault = AnswerFault{kind, failure.says, failure.where};
  return answer;
}

bool is_given(tree::Item part) { return part && part.kind() != tree::Kind::Null; }

Failure invalid(std::string says, std::string where) { return {Cause::Invalid, std::move(says), std::move(where)}; }

/// A line with a member of the wrong type is an error, whatever its expression.
std::optional<Failure> misshapen_part(tree::Item request) {
  const tree::Item file = request.child("file"), model = request.child("model"), strict = request.child("strict"),
                   variables = request.child("variables");
  if (is_given(file) && file.kind() != tree::Kind::String) return invalid("\"file\" is a text.", "file");
  if (is_given(model) && !find_model(to_lower(model.text()))) return invalid("\"model\" is r4, r5 or none.", "model");
  if (is_given(strict) && strict.kind() != tree::Kind::Boolean) return invalid("\"strict\" is true or false.", "strict");
  if (is_given(variables) && variables.kind() != tree::Kind::Object) return invalid("\"variables\" is an object.", "variables");
  return std::nullopt;
}

}  // namespace

namespace {

/// An empty list is replaced by null, of which the tree keeps a node: the variable exists and has no value.
std::string with_nulls_for_empty_lists(std::string line) {
  std::string changed;
  std::size_t kept = 0;
  bool in_text = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\' && in_text)
      ++at;
    else if (line[at] == '"')
      in_text = !in_text;
    if (in_text || at >= line.size() || line[at] != '[') continue;
    const std::size_t behind = line.find_first_not_of(" \t\r\n", at + 1);
    if (behind == std::string::npos || line[behind] != ']') continue;
    changed.append(line, kept, at - kept).append("null");
    kept = behind + 1;
    at = behind;
  }
  return kept == 0 ? std::move(line) : changed.append(line, kept);
}

/// JSON of one member, which may be a list (several nodes here) or a single value.
std::string json_of(tree::Item request, std::string_view name) {
  tree::Document only(request.document->names());
  for (tree::Item each = request.first_child(); each; each = each.next()) {
    if (each.name_text() == name) only.copy(0, *request.document, each.node, 0, request.document->in_list(each.node));
  }
  const std::string text = json::write(only, {.fhir = false});  // {"name":..}
  const std::size_t colon = text.find(':');
  return text.substr(colon + 1, text.size() - colon - 2);
}

}  // namespace

std::string ExpressionBatch::answer(std::string line) {
  const tree::Names names;
  Result<tree::Document> request = json::parse(with_nulls_for_empty_lists(line), names, {.fhir = false});
  if (!request) {
    Failure failure = std::move(request).failure();
    failure.says = "The line is not a JSON object: " + failure.says;
    return shown(begin_of({}), refused(AnswerFault::Kind::Syntax, failure));
  }
  return shown(begin_of(line), answer_to(tree::root(*request)));
}

Answer ExpressionBatch::answer_to(tree::Item request) {
  tree::Item expression = request.child("expression");
  if (!expression || expression.kind() != tree::Kind::String)
    return refused(AnswerFault::Kind::Syntax, invalid("The line needs an \"expression\", a text.", ""));
  if (std::optional<Failure> misshapen = misshapen_part(request)) return refused(AnswerFault::Kind::Syntax, *misshapen);
  expressions_.forget_variables();
  Result<Question> question = read_question(request);
  if (!question) return refused(AnswerFault::Kind::Execution, question.failure());
  return expressions_.ask(*question);
}

Result<Question> ExpressionBatch::read_question(tree::Item request) {
  Question question;
  question.expression = request.text_of("expression");
  if (tree::Item model = request.child("model"); is_given(model))
    question.model = find_model(to_lower(model.text())).value_or(question.model);
  question.strict = request.text_of("strict") == "true";
  if (Result<void> taken = take_input(request, question); !taken) return std::move(taken).failure();
  if (tree::Item variables = request.child("variables"); is_given(variables)) {
    Result<std::vector<GivenVariable>> read = expressions_.read_variables(variables, question.model);
    if (!read) return std::move(read).failure();
    question.variables = *std::move(read);
  }
  return question;
}

Result<void> ExpressionBatch::take_input(tree::Item request, Question& question) {
  if (tree::Item resource = request.child("resource");
      is_given(resource) || (resource && resource.document->in_list(resource.node))) {
    const bool is_text = resource.kind() == tree::Kind::String && !resource.document->in_list(resource.node);
    std::string body = is_text ? std::string(resource.text()) : json_of(request, "resource");
    Result<tree::Document> document = expressions_.read(std::move(body), question.model);
    if (!document) return Failure{document.failure().cause, document.failure().says, "resource:" + document.failure().where};
    inline_document_.emplace(*std::move(document));
    question.document = &*inline_document_;
    return done();
  }
  tree::Item file = request.child("file");
  if (!file || file.text().empty()) return done();
  Result<const tree::Document*> document = expressions_.open(std::string(file.text()), question.model);
  if (!document) return std::move(document).failure();
  question.document = *document;
  return done();
}

}  // namespace vardbron::workbench
