#pragma once

// Tested by tests/fhir/v2_conversion_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/structure.h"

#include <filesystem>
#include <vector>

namespace vardbron::fhir {

/// Generates logical models of HL7 v2 from the npm package hl7-dictionary: one per message structure, segment and data type,
/// named as in v2_names.h.
///  * Version 2.5.1, and what 2.7.1 appended to it: fields, components, segments, messages. HL7 appends, so numbers keep their
///    meaning; a field that 2.7.1 withdrew is as in 2.5.1.
///  * A message's segments are elements by their names, its groups are elements with children. A segment that occurs at several
///    positions of one group is one element that repeats.
///  * Fields are f1, f2 .., components c1, c2 .., sub-components s1, s2 ..: PID-5.1.1 is PID.f5.c1.s1.
///  * TS, DTM, DT, TM, NM and SI are dateTime, date, time, decimal and integer; other plain types are string.
/// Broken: the package is missing or has another form.
Result<std::vector<StructureDraft>> read_v2_models(const std::filesystem::path& package);

}  // namespace vardbron::fhir
