#pragma once

// Tested by tests/care/charges_test.cpp.

#include "gateway/care/arende/case_writer.h"

#include <string_view>

namespace vardbron::care {

/// Writes what a municipality pays as a ChargeItem: the status says what may be billed, the quantity is in days, each condition
/// of the law is an extension, and what is missing is a note. Visible to the hospital's side and the payer's own units only. Not
/// a Task: nobody has to act for days to pass. Not in the Encounter: all parties read it.
Projected charge_item(const Facts& facts, const CaseWriter& case_writer, const Charge& charge);

}  // namespace vardbron::care
