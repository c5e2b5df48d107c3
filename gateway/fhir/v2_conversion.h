#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"
#include "gateway/tree/notes.h"

namespace vardbron::fhir {

/// Converts the plain tree of an HL7 v2 message (formats/hl7v2) to the tree of its logical model: the message structure in MSH-9
/// (else that of its event), by the models that fhir/compiler generates from the v2 dictionary.
///  * Segments are in their groups. Those that `model` declares the message's own (extension v2-of-message) are at its root,
///    wherever they were sent. Another one that is out of place in the structure is put into the nearest open group that has its
///    name, whatever the order; else, like Z-segments, at the end of the current group.
///  * A field has its type's form: a composite always has c1, c2 .., a plain one is a value. What has more parts than its type
///    keeps them, and the value is the first (HL7 v2.5.1, 2.11). Fields and segments outside the model have the types Varies and
///    Segment.
///  * Times are converted to FHIR's format: 20261122101500+0100 becomes 2026-11-22T10:15:00+01:00 (v2_value.h).
/// `notes`, if given, gets one for each segment out of place, and a doubt for each malformed date, time or number.
/// Invalid: the message names no type in MSH-9. The result uses the definitions' names; positions are kept.
Result<tree::Document> from_v2(const tree::Document& message, const Definitions& definitions, tree::Notes* notes = nullptr,
                               TypeId model = 0);

}  // namespace vardbron::fhir
