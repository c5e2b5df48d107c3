#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"
#include "gateway/tree/notes.h"

namespace vardbron::fhir {

/// An HL7 v2 message as the plain tree of formats/hl7v2 becomes a tree of its logical model: the message structure that MSH-9
/// names (else the one of its event), with the definitions that fhir/compiler makes of the v2 dictionary.
///  * Segments stand in their groups. Those that `model` says are the message's own (extension v2-of-message) stand at its root,
///    wherever they were sent. Another one that is not where the structure has it is put into the nearest open group that knows
///    its name, whatever the order; else, as Z-segments are, at the end of the group at hand.
///  * A field has its type's form: a composite always has c1, c2 .., a plain one is a value. What has more parts than its type
///    keeps them, and the value is the first (HL7 v2.5.1, 2.11). Fields and segments the model does not know are of the types
///    Varies and Segment.
///  * Times are written as FHIR writes them: 20261122101500+0100 becomes 2026-11-22T10:15:00+01:00 (v2_value.h).
/// `notes`, if given, gets one for each segment out of its place, and a doubt for each date, time or number that is none.
/// Invalid: the message names no type in MSH-9. The result's names are the definitions'; positions are kept.
Result<tree::Document> from_v2(const tree::Document& message, const Definitions& definitions, tree::Notes* notes = nullptr,
                               TypeId model = 0);

}  // namespace vardbron::fhir
