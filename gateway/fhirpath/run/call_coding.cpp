// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/fhirpath/values/coding.h"

namespace vardbron::fhirpath {

namespace {

template <std::optional<std::string> (*change)(std::string_view text, std::string_view format)>
bool recode(Call& call) {
  std::optional<std::string_view> text, format;
  if (!call.one_text(text) || !call.text_argument(0, format)) return false;
  if (!text || !format) return true;
  std::optional<std::string> result = change(*text, *format);
  return !result || call.give_text(*result);
}

}  // namespace

FunctionTable coding_functions() {
  static constexpr Function table[] = {
      {"encode", {1, 1, {a_text}}, Takes::OneText, Gives::Text, recode<encode>, folds},
      {"decode", {1, 1, {a_text}}, Takes::OneText, Gives::Text, recode<decode>, folds},
      {"escape", {1, 1, {a_text}}, Takes::OneText, Gives::Text, recode<escape>, folds},
      {"unescape", {1, 1, {a_text}}, Takes::OneText, Gives::Text, recode<unescape>, folds},
  };
  return table;
}

}  // namespace vardbron::fhirpath
