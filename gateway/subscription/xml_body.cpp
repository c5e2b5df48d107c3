// Tested by tests/subscription/wire_test.cpp.

#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/xml/write.h"
#include "gateway/subscription/notification.h"

namespace vardbron::subscription {

Result<std::string> to_xml(std::string_view json, const fhir::Definitions& definitions) {
  Result<tree::Document> document = json::parse(std::string(json), definitions.names());
  if (!document) return Failure{Cause::Broken, document.failure().says, document.failure().where};
  Result<tree::Document> shaped = fhir::to_xml(*document, definitions);
  if (!shaped) return Failure{Cause::Broken, shaped.failure().says, shaped.failure().where};
  xml::WriteOptions options;
  options.declaration = true;
  return xml::write(*shaped, options);
}

}  // namespace vardbron::subscription
