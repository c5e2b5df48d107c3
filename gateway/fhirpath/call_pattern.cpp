#include "gateway/base/limits.h"
#include "gateway/fhirpath/evaluation.h"
#include "gateway/fhirpath/pattern.h"

#include <re2/re2.h>

namespace vardbron::fhirpath {

bool call_pattern(Call& call) {
  bool replaces = call.node.function == Function::ReplaceMatches;
  std::optional<std::string_view> text, pattern, substitution, flags;
  if (!call.one_text(text) || !call.text_argument(0, pattern)) return false;
  if (replaces && !call.text_argument(1, substitution)) return false;
  if (!call.text_argument(replaces ? 2 : 1, flags)) return false;
  if (!text || !pattern || (replaces && !substitution)) return true;
  if (replaces && pattern->empty()) return call.give(Value::of(*text));
  const re2::RE2* compiled = call.node.pattern;
  std::unique_ptr<re2::RE2> own;
  if (compiled == nullptr) {
    Result<std::unique_ptr<re2::RE2>> made = compile_pattern(*pattern, flags.value_or(""));
    if (!made) return call.fail(made.failure().says);
    own = *std::move(made);
    compiled = own.get();
    if (!call.run.step(call.node, static_cast<std::size_t>(compiled->ProgramSize()))) return false;
  }
  // In the worst case each byte asks each instruction of the pattern.
  if (!call.run.step(call.node, text->size() * static_cast<std::size_t>(compiled->ProgramSize()) / 256)) return false;
  if (!replaces) return call.give(matches(*compiled, *text, call.node.function == Function::MatchesFull));
  return call.give_text(replace_matches(*compiled, *text, *substitution, limits::evaluation_bytes_max));
}

}  // namespace vardbron::fhirpath
