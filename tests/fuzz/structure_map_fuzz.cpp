#include "gateway/base/check.h"
#include "gateway/fhir/plain_conversion.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/mapping/map.h"
#include "gateway/mapping/syntax/parse.h"
#include "gateway/mapping/syntax/print.h"
#include "gateway/mapping/syntax/structure_map.h"
#include "r4.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace vardbron;

class NothingElse : public mapping::Loader {
 public:
  std::vector<const mapping::syntax::Map*> maps(std::string_view) const override { return {}; }
  std::shared_ptr<const mapping::ConceptMap> concept_map(std::string_view) const override { return nullptr; }
};

Result<mapping::syntax::Map> read(const std::string& text) {
  const tree::Names& names = r4().names();
  if (!text.starts_with('<')) {
    Result<tree::Document> resource = json::parse(text, names, {.fhir = true, .positions = true});
    if (!resource) return std::move(resource).failure();
    return mapping::from_structure_map("fuzz.json", text, *resource);
  }
  xml::ParseOptions options;
  options.positions = true;
  Result<tree::Document> plain = xml::parse(text, names, options);
  if (!plain) return std::move(plain).failure();
  return mapping::from_structure_map("fuzz.xml", text, fhir::from_plain_xml(*plain, text, names));
}

}  // namespace

/// Any StructureMap is read, compiled, printed and written again, or refused with a message. The output is valid JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Result<mapping::syntax::Map> map = read(std::string(reinterpret_cast<const char*>(data), size));
  if (!map) {
    CHECK(!map.failure().says.empty());
    return 0;
  }
  const NothingElse loader;
  Result<mapping::Map> compiled = mapping::compile(*map, r4(), loader, {.unknown_models_are_untyped = true});
  if (!compiled) {
    CHECK(!compiled.failure().says.empty());
    CHECK(!compiled.failure().where.empty());
  }
  (void)mapping::parse("printed.fml", mapping::print(*map));
  Result<tree::Document> resource = mapping::to_structure_map(*map, r4());
  if (!resource) {
    CHECK(!resource.failure().says.empty());
    return 0;
  }
  const std::string written = json::write(*resource);
  CHECK(json::parse(written, r4().names()).ok());
  (void)read(written);
  return 0;
}
