// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/no_value_test.cpp.

#include "gateway/fhirpath/run/evaluation.h"

namespace vardbron::fhirpath {

bool Call::argument(std::size_t place, std::optional<Value>& value) {
  value.reset();
  if (!has_argument(place)) return true;
  List values;
  if (!argument(place, values)) return false;
  if (values.size > 1) {
    return run.fail(run.code().nodes[node.arguments[place]],
                    node.text + "() takes one item here, and there are " + std::to_string(values.size) + ".", values.data);
  }
  if (values.empty() || run.lacks_value(values[0])) return true;
  value = run.system(values[0]);
  if (!value) value = values[0];
  return true;
}

bool Call::text_argument(std::size_t place, std::optional<std::string_view>& text) {
  std::optional<Value> value;
  text.reset();
  if (!argument(place, value)) return false;
  if (!value) return true;
  if (value->kind() != ValueKind::String)
    return run.fail(run.code().nodes[node.arguments[place]], node.text + "() takes a text here.");
  text = value->text();
  run.charge(text->size());
  return true;
}

bool Call::integer_argument(std::size_t place, std::optional<std::int64_t>& number) {
  std::optional<Value> value;
  number.reset();
  if (!argument(place, value)) return false;
  if (!value) return true;
  if (value->kind() != ValueKind::Integer && value->kind() != ValueKind::Long) {
    return run.fail(run.code().nodes[node.arguments[place]], node.text + "() takes a whole number here.");
  }
  number = value->integer();
  return true;
}

bool Call::one(std::optional<Value>& value) {
  value.reset();
  if (input.size > 1) return fail(node.text + "() works on one item, and there are " + std::to_string(input.size) + ".");
  if (input.empty() || run.lacks_value(input[0])) return true;
  value = run.system(input[0]);
  if (!value) value = input[0];
  return true;
}

bool Call::one_text(std::optional<std::string_view>& text) {
  std::optional<Value> value;
  text.reset();
  if (!one(value)) return false;
  if (!value) return true;
  if (value->kind() != ValueKind::String) return fail(node.text + "() works on a text.");
  text = value->text();
  run.charge(text->size());
  return true;
}

}  // namespace vardbron::fhirpath
