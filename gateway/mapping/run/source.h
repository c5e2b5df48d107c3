#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/formats/charset.h"
#include "gateway/tree/document.h"
#include "gateway/tree/notes.h"

#include <optional>
#include <string>
#include <string_view>

namespace vardbron::mapping {

struct SourceOptions {
  fhir::TypeId model = 0;  ///< what the map takes; a model of HL7 v2 says which segments are the message's own. 0 = not told
  tree::Notes* notes = nullptr;                  ///< gets what was tolerated in an HL7 v2 message or CSV; null = nobody asks
  std::optional<formats::Charset> charset = {};  ///< what the sender of HL7 v2 or CSV really writes, where nothing else says it
  bool* is_ill_formed = nullptr;  ///< set where the body is refused by the reader of its format, whose texts quote none of it
};

/// A body in the form that maps and expressions work on: JSON, FHIR XML as FHIR, XML of a model that names its namespace as
/// the model has it (fhir/model_xml.h), any other XML as the plain tree it is, an HL7 v2 message as the tree of its structure
/// (fhir/v2_shape.h), CSV as records (formats/csv). Positions are kept. The content type may be "" (then the body's beginning
/// tells, which CSV's does not) and may name a charset. Unsupported: nothing says which of these it is.
Result<tree::Document> read_source(std::string_view content_type, std::string body, const fhir::Definitions& definitions,
                                   const SourceOptions& asked = {});

/// Why a message is not what a map takes, in a sentence: a resource of another type, or XML with another root. "" when it may be.
/// What says nothing of itself (JSON without resourceType, CSV) may be anything, and so may an HL7 v2 message, whose structures
/// are alike. `expected` may be 0.
std::string misfit(tree::Item message, fhir::TypeId expected, const fhir::Definitions& definitions);

}  // namespace vardbron::mapping
