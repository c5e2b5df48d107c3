#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/structure.h"

#include <filesystem>
#include <vector>

namespace vardbron::fhir {

/// Logical models of HL7 v2 out of the npm package hl7-dictionary: one per message structure, segment and data type, named as
/// v2_names.h says.
///  * Version 2.5.1, and what 2.7.1 appended to it: fields, components, segments, messages. HL7 appends, so numbers keep their
///    meaning; a field that 2.7.1 withdrew keeps what 2.5.1 said.
///  * A message's segments are elements by their names, its groups are elements with children. A segment that stands at several
///    places of one group is one element that repeats.
///  * Fields are f1, f2 .., components c1, c2 .., sub-components s1, s2 ..: PID-5.1.1 is PID.f5.c1.s1.
///  * TS, DTM, DT, TM, NM and SI are dateTime, date, time, decimal and integer; other plain types are string.
/// Broken: the package is not there or is not what it was.
Result<std::vector<StructureDraft>> read_v2_models(const std::filesystem::path& package);

}  // namespace vardbron::fhir
