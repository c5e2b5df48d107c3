#pragma once

#include "gateway/access/caller.h"
#include "gateway/store/store.h"

#include <string>
#include <string_view>

namespace vardbron::access {

/// Rows of the access log, one builder per thing that can happen, so that no door invents its own words. `subject` is
/// "Type/id"; a person's number never goes in. Source: HSLF-FS 2016:40, 4 kap. 9 §.
store::AuditRow intake(const Caller& caller, std::string_view case_key, std::string_view says);
store::AuditRow shown(const Caller& caller, std::string_view subject, std::string_view case_key);
store::AuditRow searched(const Caller& caller, std::string_view type, std::size_t matches);
store::AuditRow updated(const Caller& caller, std::string_view subject, std::string_view case_key);
store::AuditRow operated(const Caller& caller, std::string_view subject, std::string_view says);
/// Nobody called: time alone changed a case.
store::AuditRow time_passed(std::string_view case_key, std::string_view says);
/// Somebody known was refused, e.g. {"read", "Encounter/1"}: no party of the case.
store::AuditRow refused(const Caller& caller, std::string_view action, std::string_view subject, std::string_view says);
/// Nobody we know stood at the door; one row for so many requests from there (access/strangers.h).
store::AuditRow turned_away(std::string_view method, std::string_view network, std::int64_t refusals);

}  // namespace vardbron::access
