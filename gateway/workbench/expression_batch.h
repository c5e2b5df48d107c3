#pragma once

#include "gateway/workbench/expressions.h"

#include <string>
#include <string_view>

namespace vardbron::workbench {

/// Questions of other programs, one JSON object per line:
///   {"id": .., "file": path | "resource": JSON or its text, "expression": .., "variables": {..}, "model": "r4"|"r5"|"none",
///    "strict": true|false}
/// Everything but the expression may be missing. The answer is one line without its line feed:
///   {"id": .., "result": [{"type": "date", "value": "2020-01-01", "text": "@2020-01-01"}, ..]}
///   {"id": .., "error": {"kind": "syntax"|"semantic"|"execution", "says": .., "at": ..}}
/// A line that is no such question is answered by an error too; nothing ends the batch.
class ExpressionBatch {
 public:
  explicit ExpressionBatch(Expressions& expressions) : expressions_(expressions) {}

  std::string answer(std::string line);

 private:
  Answer answer_to(tree::Item request);
  Result<Question> read_question(tree::Item request);
  Result<void> take_input(tree::Item request, Question& question);

  Expressions& expressions_;
  std::optional<tree::Document> inline_document_;
};

}  // namespace vardbron::workbench
