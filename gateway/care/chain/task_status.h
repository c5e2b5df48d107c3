#pragma once

#include "gateway/base/result.h"

#include <string_view>

namespace vardbron::care {

/// May the owner of a Task move it from one status to another? Conflict: the reason. The same status again is allowed and changes
/// nothing. Allowed targets: received, accepted, rejected, in-progress, on-hold, completed, failed. Source: FHIR R4 task.html
/// state machine; Shared Care Planning: requested may jump to completed.
Result<void> may_move(std::string_view from, std::string_view to);

/// True while somebody still has to do something: neither completed, rejected, cancelled, failed nor entered in error.
bool is_open_status(std::string_view status);

}  // namespace vardbron::care
