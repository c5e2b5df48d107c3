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
  fhir::TypeId model = 0;        ///< type of the map's source; an HL7 v2 model lists the message's own segments. 0 = unknown
  tree::Notes* notes = nullptr;  ///< gets deviations tolerated in an HL7 v2 message or CSV; may be null
  std::optional<formats::Charset> charset = {};  ///< charset of HL7 v2 or CSV if the message does not name it
  bool* is_ill_formed = nullptr;                 ///< set if the format's reader refuses the body; its texts quote nothing of it
};

/// Parses a body to a tree for maps and expressions: JSON, FHIR XML as FHIR, XML of a model that names its namespace as the model
/// has it (fhir/model_xml.h), any other XML as a plain tree, an HL7 v2 message as the tree of its structure (fhir/v2_shape.h),
/// CSV as records (formats/csv). Positions are kept. The content type may be "" (then the body's beginning decides, except for
/// CSV) and may name a charset. Unsupported: the format cannot be determined.
Result<tree::Document> read_source(std::string_view content_type, std::string body, const fhir::Definitions& definitions,
                                   const SourceOptions& asked = {});

/// Why a message is not of the type a map takes, in a sentence: a resource of another type, or XML with another root; "" if it
/// may be. JSON without resourceType and CSV may be anything, and so may an HL7 v2 message, whose structures are alike.
/// `expected` may be 0.
std::string misfit(tree::Item message, fhir::TypeId expected, const fhir::Definitions& definitions);

}  // namespace vardbron::mapping
