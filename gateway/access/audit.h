#pragma once

#include "gateway/access/caller.h"
#include "gateway/store/store.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::access {

/// Rows of the access log, one builder per action, so that all use the same words. `subject` is "Type/id"; never a person's
/// number. Source: HSLF-FS 2016:40, 4 kap. 9 §.
store::AuditRow intake(const Caller& caller, std::string_view case_key, std::string_view says);
store::AuditRow shown(const Caller& caller, std::string_view subject, std::string_view case_key);
store::AuditRow searched(const Caller& caller, std::string_view type, std::size_t matches);
/// What a search, a history or $everything showed: a row for each case that it showed something of, in the order of their keys,
/// so that each person's rows are found; and one for what is of no case, or when it showed nothing.
std::vector<store::AuditRow> searched(const Caller& caller, std::string_view type, const store::Page& page);
/// A list of what was done with a person's data was made for the person.
store::AuditRow extracted(const Caller& caller, std::string_view subject, std::string_view case_key, std::size_t rows);
store::AuditRow updated(const Caller& caller, std::string_view subject, std::string_view case_key);
store::AuditRow operated(const Caller& caller, std::string_view subject, std::string_view says);
/// No caller: time alone changed a case.
store::AuditRow time_passed(std::string_view case_key, std::string_view says);
/// A known caller was refused, e.g. {"read", "Encounter/1"}: not a party of the case.
store::AuditRow refused(const Caller& caller, std::string_view action, std::string_view subject, std::string_view says);
/// Requests of unknown callers; one row for several requests from one network (access/strangers.h).
store::AuditRow turned_away(std::string_view method, std::string_view network, std::int64_t refusals);

}  // namespace vardbron::access
