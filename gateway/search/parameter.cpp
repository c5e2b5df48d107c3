#include "gateway/search/parameter.h"

namespace vardbron::search {

std::optional<KeyKind> key_kind(const fhir::SearchParameter& parameter) {
  if (parameter.code == "phonetic") return std::nullopt;
  if (parameter.type == "token") return KeyKind::Token;
  if (parameter.type == "reference") return KeyKind::Reference;
  if (parameter.type == "date") return KeyKind::Date;
  if (parameter.type == "string") return KeyKind::String;
  if (parameter.type == "uri") return KeyKind::Uri;
  return std::nullopt;
}

bool is_known_by_store(std::string_view parameter) { return parameter == "_id" || parameter == "_lastUpdated"; }

}  // namespace vardbron::search
