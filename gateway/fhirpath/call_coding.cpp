#include "gateway/fhirpath/coding.h"
#include "gateway/fhirpath/evaluation.h"

namespace vardbron::fhirpath {

bool call_coding(Call& call) {
  std::optional<std::string_view> text, format;
  if (!call.one_text(text) || !call.text_argument(0, format)) return false;
  if (!text || !format) return true;
  std::optional<std::string> result;
  switch (call.node.function) {
    case Function::Encode: result = encode(*text, *format); break;
    case Function::Decode: result = decode(*text, *format); break;
    case Function::Escape: result = escape(*text, *format); break;
    default: result = unescape(*text, *format); break;
  }
  return !result || call.give_text(*result);
}

}  // namespace vardbron::fhirpath
