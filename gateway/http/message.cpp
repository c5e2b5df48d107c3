#include "gateway/http/message.h"

#include "gateway/base/text.h"

namespace vardbron::http {

std::string_view find(const Fields& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (equal_without_case(field.name, name)) return field.value;
  }
  return "";
}

}  // namespace vardbron::http
