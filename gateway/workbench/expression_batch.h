#pragma once

#include "gateway/workbench/expressions.h"

#include <string>
#include <string_view>

namespace vardbron::workbench {

/// Evaluates expressions for other programs, one JSON object per line:
///   {"id": .., "file": path | "resource": JSON or its text, "expression": .., "variables": {..}, "model": "r4"|"r5"|"none",
///    "strict": true|false}
/// All members but the expression are optional. The answer is one line without line feed:
///   {"id": .., "result": [{"type": "date", "value": "2020-01-01", "text": "@2020-01-01"}, ..]}
///   {"id": .., "error": {"kind": "syntax"|"semantic"|"execution", "says": .., "at": ..}}
/// A malformed line is answered with an error too; the batch continues.
class ExpressionBatch {
 public:
  explicit ExpressionBatch(Expressions& expressions) : expressions_(expressions) {}

  std::string answer(std::string_view line);

 private:
  Answer answer_to(const json::Value& request);
  Result<Question> read_question(const json::Value& request);
  Result<void> take_input(const json::Value& request, Question& question);

  Expressions& expressions_;
  std::optional<tree::Document> inline_document_;
};

}  // namespace vardbron::workbench
