#pragma once

#include <map>
#include <string>
#include <string_view>

namespace vardbron::rest {

/// A value of the type that no resource of these tests has; "" = none.
inline std::string sample(std::string_view type) {
  static const std::map<std::string_view, std::string> samples = {
      {"id", R"("prov")"},
      {"string", R"("prov")"},
      {"markdown", R"("prov")"},
      {"code", R"("proposal")"},
      {"boolean", "true"},
      {"positiveInt", "7"},
      {"uri", R"("urn:prov")"},
      {"canonical", R"("urn:prov")"},
      {"dateTime", R"("2026-03-01T10:00:00Z")"},
      {"Meta", R"({"source":"urn:prov"})"},
      {"Narrative", R"({"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">prov</div>"})"},
      {"Extension", R"({"url":"urn:prov","valueString":"prov"})"},
      {"Identifier", R"({"value":"prov"})"},
      {"Reference", R"({"display":"prov"})"},
      {"CodeableConcept", R"({"text":"prov"})"},
      {"Coding", R"({"display":"prov"})"},
      {"Period", R"({"start":"2026-03-01"})"},
      {"Annotation", R"({"text":"prov"})"},
      {"Resource", R"({"resourceType":"Basic","id":"prov","code":{"text":"prov"}})"}};
  const auto found = samples.find(type);
  return found == samples.end() ? std::string() : found->second;
}

}  // namespace vardbron::rest
