#include "gateway/base/check.h"
#include "gateway/fhir/narrative.h"
#include "gateway/formats/xml/parse.h"

#include <cstddef>
#include <cstdint>
#include <string>

/// An accepted narrative is exactly one element in XML, whatever surrounds it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vardbron;
  const std::string div(reinterpret_cast<const char*>(data), size);
  (void)fhir::markup_fault(div);
  if (!fhir::narrative_fault(div).empty()) return 0;
  const tree::Names names;
  Result<tree::Document> document = xml::parse("<text xmlns=\"http://hl7.org/fhir\">" + div + "</text>", names);
  if (!document) {
    // Only documents that JSON cannot hold, or that exceed the XML parser's limits.
    const std::string& says = document.failure().says;
    CHECK(says.find("UTF-8") != std::string::npos || document.failure().cause == Cause::TooLarge);
    return 0;
  }
  const tree::Item only = tree::root(*document).first_child();
  CHECK(only && !only.next() && only.kind() == tree::Kind::Xhtml);
  return 0;
}
