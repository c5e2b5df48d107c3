#pragma once

#include "gateway/care/facts.h"
#include "gateway/care/policy.h"

namespace vardbron::care {

/// Goes through an arranged chain in event order and says what is true at its end. The result points into the chain.
Facts fold(Arranged arranged, const Policy& policy, WallTime now);

/// Root of all ids of a case.
Uuid case_id(std::string_view case_key);
/// Id of something in a case: its first 48 bits are the case's, so that what a case brings lies together wherever ids are
/// ordered; the rest is of the name (RFC 9562 5.8).
Uuid id_in_case(const Uuid& of_case, std::string_view name);

/// All organisations that any of the hospital's notices was for, sorted; it only grows with the chain.
std::vector<std::string> everybody_addressed(const std::vector<Placed>& links);

/// Only the unit where the patient lies may say this.
bool is_hospitals_own(Event event);

}  // namespace vardbron::care
