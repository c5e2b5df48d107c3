#include "gateway/base/check.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/formats/xml/write.h"
#include "gateway/tree/compare.h"

#include <cstddef>
#include <cstdint>
#include <string>

/// What is accepted is written and read back as the same tree, compact and pretty.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vardbron;
  const tree::Names names;
  const std::string body(reinterpret_cast<const char*>(data), size);
  (void)xml::parse(body, names, {.keep_mixed = true}).ok();
  Result<tree::Document> document = xml::parse(body, names, {.positions = true});
  if (!document) {
    CHECK(!document.failure().says.empty());
    return 0;
  }
  for (const bool pretty : {false, true}) {
    const std::string written = xml::write(*document, {.pretty = pretty});
    Result<tree::Document> back = xml::parse(written, names);
    CHECK(back.ok());
    CHECK(tree::differences(*document, *back).empty());
    CHECK(xml::write(*back, {.pretty = pretty}) == written);
  }
  return 0;
}
