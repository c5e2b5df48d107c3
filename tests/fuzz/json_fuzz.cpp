#include "gateway/base/check.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/tree/compare.h"

#include <cstddef>
#include <cstdint>
#include <string>

/// What is accepted is written and read back as the same tree, compact and pretty, as FHIR and as any schema.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vardbron;
  const tree::Names names;
  for (const bool fhir : {true, false}) {
    Result<tree::Document> document =
        json::parse(std::string(reinterpret_cast<const char*>(data), size), names, {.fhir = fhir, .positions = true});
    if (!document) {
      CHECK(!document.failure().says.empty());
      continue;
    }
    const std::string compact = json::write(*document, {.fhir = fhir});
    Result<tree::Document> back = json::parse(compact, names, {.fhir = fhir});
    CHECK(back.ok());
    CHECK(tree::differences(*document, *back).empty());
    CHECK(json::write(*back, {.fhir = fhir}) == compact);
    Result<tree::Document> from_pretty =
        json::parse(json::write(*document, {.pretty = true, .fhir = fhir}), names, {.fhir = fhir});
    CHECK(from_pretty.ok());
    CHECK(tree::differences(*document, *from_pretty).empty());
  }
  return 0;
}
