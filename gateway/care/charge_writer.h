#pragma once

#include "gateway/care/case_writer.h"

#include <string_view>

namespace vardbron::care {

/// Writes what a municipality's clock shows, as a ChargeItem: its status says what may be billed, its quantity how many days. A
/// price is not ours to name. The hospital's side and the municipality's own units may see it, nobody else.
/// Why no Task: nobody has to do anything for days to pass. Why not the Encounter: all parties read that one, and a case may
/// concern more than one municipality.
Projected charge_item(const Facts& facts, const CaseWriter& case_writer, const Charge& charge, std::string_view agreement);

}  // namespace vardbron::care
