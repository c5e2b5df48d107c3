#include "gateway/fhirpath/values/text_form.h"

namespace vardbron::fhirpath {

std::optional<std::string> text_form(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Boolean: return value.boolean() ? "true" : "false";
    case ValueKind::Integer:
    case ValueKind::Long: return std::to_string(value.integer());
    case ValueKind::Decimal: return value.decimal().to_string();
    case ValueKind::String: return std::string(value.text());
    case ValueKind::Date:
    case ValueKind::DateTime:
    case ValueKind::Time: return value.moment().to_string();
    case ValueKind::Quantity: {
      const Quantity& quantity = value.quantity();
      std::string unit(quantity.unit);
      return quantity.value.to_string() + (quantity.is_calendar ? " " + unit : " '" + unit + "'");
    }
    case ValueKind::Element:
    case ValueKind::TypeInfo: break;
  }
  return std::nullopt;
}

}  // namespace vardbron::fhirpath
