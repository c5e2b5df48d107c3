#pragma once

#include "gateway/base/uuid.h"

#include <string_view>

namespace vardbron::care {

/// Root of all ids of a case.
Uuid case_id(std::string_view case_key);
/// Id of something in a case: its first 48 bits are the case's, so that what a case brings lies together wherever ids are
/// ordered; the rest is of the name (RFC 9562 5.8).
Uuid id_in_case(const Uuid& of_case, std::string_view name);

}  // namespace vardbron::care
