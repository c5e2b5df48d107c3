// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/fhirpath/values/pattern.h"

#include <re2/re2.h>

namespace vardbron::fhirpath {

namespace {

using Text = std::optional<std::string_view>;

/// The pattern of a call: compiled with the expression, or now.
class Pattern {
 public:
  explicit Pattern(Call& call) : call_(call), compiled_(call.node.pattern) {}

  /// False: no regular expression, or its work on this text exceeds the limit.
  bool prepare(std::string_view pattern, Text flags, std::string_view text) {
    if (compiled_ == nullptr) {
      Result<std::shared_ptr<const re2::RE2>> made = kept_pattern(pattern, flags.value_or(""));
      if (!made) return call_.fail(made.failure().says);
      own_ = *std::move(made);
      compiled_ = own_.get();
      if (!call_.run.step(call_.node, size())) return false;
    }
    // In the worst case each byte visits each instruction of the pattern.
    return call_.run.step(call_.node, text.size() * size() / 256);
  }
  const re2::RE2& operator*() const { return *compiled_; }

 private:
  std::size_t size() const { return static_cast<std::size_t>(compiled_->ProgramSize()); }

  Call& call_;
  const re2::RE2* compiled_;
  std::shared_ptr<const re2::RE2> own_;
};

bool test(Call& call, bool whole) {
  Text text, pattern, flags;
  if (!call.one_text(text) || !call.text_argument(0, pattern) || !call.text_argument(1, flags)) return false;
  if (!text || !pattern) return true;
  Pattern compiled(call);
  return compiled.prepare(*pattern, flags, *text) && call.give(matches(*compiled, *text, whole));
}

bool matches_part(Call& call) { return test(call, false); }
bool matches_full(Call& call) { return test(call, true); }

bool replace(Call& call) {
  Text text, pattern, substitution, flags;
  if (!call.one_text(text) || !call.text_argument(0, pattern)) return false;
  if (!call.text_argument(1, substitution) || !call.text_argument(2, flags)) return false;
  if (!text || !pattern || !substitution) return true;
  if (pattern->empty()) return call.give(Value::of(*text));
  Pattern compiled(call);
  return compiled.prepare(*pattern, flags, *text) &&
         call.give_text(replace_matches(*compiled, *text, *substitution, limits::evaluation_bytes_max));
}

}  // namespace

FunctionTable pattern_functions() {
  static constexpr Function table[] = {
      {"matches", {1, 2, {a_pattern, a_text}}, Takes::OneText, Gives::Boolean, matches_part, folds},
      {"matchesFull", {1, 2, {a_pattern, a_text}}, Takes::OneText, Gives::Boolean, matches_full, folds},
      {"replaceMatches", {2, 3, {a_pattern, a_text, a_text}}, Takes::OneText, Gives::Text, replace, folds},
  };
  return table;
}

}  // namespace vardbron::fhirpath
