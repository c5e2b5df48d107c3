#include "gateway/base/check.h"
#include "gateway/fhir/v2_conversion.h"
#include "gateway/formats/hl7v2/parse.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/tree/compare.h"
#include "r4.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// A message that is read finds its structure or is refused with a sentence; its tree is one that JSON can carry there and back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vardbron;
  tree::Notes notes;
  Result<tree::Document> message =
      hl7v2::parse(std::string(reinterpret_cast<const char*>(data), size), r4().names(), {.positions = true, .notes = &notes});
  if (!message) {
    CHECK(!message.failure().says.empty());
    return 0;
  }
  Result<tree::Document> shaped = fhir::from_v2(*message, r4(), &notes);
  if (!shaped) {
    CHECK(!shaped.failure().says.empty());
    return 0;
  }
  const std::string written = json::write(*shaped, {.fhir = true});
  Result<tree::Document> back = json::parse(written, r4().names(), {.fhir = true});
  CHECK(back.ok());
  return 0;
}
