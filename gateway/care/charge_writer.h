#pragma once

// Tested by tests/care/charges_test.cpp.

#include "gateway/care/case_writer.h"

#include <string_view>

namespace vardbron::care {

/// Writes the clock of a municipality as a ChargeItem: the status says what may be billed, the quantity is in days, no price.
/// Visible to the hospital's side and the municipality's own units only. Not a Task: nobody has to act for days to pass. Not in
/// the Encounter: all parties read it, and a case may concern more than one municipality.
Projected charge_item(const Facts& facts, const CaseWriter& case_writer, const Charge& charge, std::string_view agreement);

}  // namespace vardbron::care
