#include "gateway/base/check.h"
#include "gateway/mapping/concept_map.h"
#include "gateway/mapping/syntax/parse.h"

#include <cstddef>
#include <cstdint>
#include <string>

/// FML texts and code lists: any input is parsed, or refused with a message and a position.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vardbron;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Result<mapping::syntax::Map> map = mapping::parse("fuzz.fml", text);
  if (!map) {
    CHECK(!map.failure().says.empty());
    CHECK(!map.failure().where.empty());
  } else {
    for (const mapping::syntax::EmbeddedConceptMap& embedded : map->concept_maps) {
      Result<mapping::ConceptMap> codes = mapping::ConceptMap::from_fml(*map, embedded);
      if (codes) (void)codes->translate("s", "a");
    }
  }
  Result<mapping::ConceptMap> codes = mapping::ConceptMap::from_csv("http://fuzz", "fuzz.csv", text);
  if (codes) (void)codes->translate("s", "a");
  return 0;
}
