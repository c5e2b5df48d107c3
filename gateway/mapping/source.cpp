#include "gateway/mapping/source.h"

#include "gateway/fhir/model_xml.h"
#include "gateway/fhir/v2_shape.h"
#include "gateway/fhir/xml_shape.h"
#include "gateway/formats/read.h"

#include <utility>

namespace vardbron::mapping {

Result<tree::Document> read_source(std::string_view content_type, std::string body, const fhir::Definitions& definitions,
                                   std::vector<std::string>* notes) {
  const formats::Format format = formats::guess(content_type, body);
  if (format == formats::Format::Unknown) {
    return Failure{Cause::Unsupported,
                   "This is neither JSON nor XML nor an HL7 v2 message; CSV is told by Content-Type or by a file's name (.csv).",
                   ""};
  }
  formats::ReadOptions options;
  options.positions = true;
  options.notes = notes;
  options.charset = formats::charset_parameter(content_type);
  const std::string text = format == formats::Format::Xml ? body : std::string();  // the reader changes what it is given
  Result<tree::Document> document = formats::read(format, std::move(body), definitions.names(), options);
  if (!document) return document;
  if (format == formats::Format::Hl7v2) return fhir::from_v2(*document, definitions, notes);
  if (format != formats::Format::Xml) return document;
  if (document->namespace_of(0) == "http://hl7.org/fhir") return fhir::from_xml(*document, definitions);
  if (fhir::is_model_instance(*document, definitions)) return fhir::from_model_xml(*document, text, definitions);
  return document;
}

}  // namespace vardbron::mapping
