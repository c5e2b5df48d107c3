#pragma once

#include "gateway/base/uuid.h"

#include <string_view>

namespace vardbron::care {

/// The UUID from which all ids of a case are derived.
Uuid case_id(std::string_view case_key);
/// Id of something in a case: its first 48 bits are the case's, so that the resources of a case are adjacent wherever ids are
/// ordered; the rest is a hash of the name (RFC 9562 5.8).
Uuid id_in_case(const Uuid& of_case, std::string_view name);

}  // namespace vardbron::care
