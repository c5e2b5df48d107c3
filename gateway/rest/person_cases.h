#pragma once

// Tested by tests/rest/audit_events_test.cpp.

#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/care/chain/notice.h"
#include "gateway/rest/service.h"
#include "gateway/store/store.h"

#include <map>
#include <string>
#include <vector>

namespace vardbron::rest {

/// The keys of the chains that the access log names for a person: of each of the person's numbers, and of each stay and plan that
/// names one of them now. Empty: nothing is known of the number.
Task<Result<std::vector<std::string>>> cases_of_person(const ServiceParts& parts, std::vector<care::Identity> numbers);

/// The numbers of a Patient, as an operator reads it; none: there is no such Patient.
Task<Result<std::vector<care::Identity>>> numbers_of_patient(const ServiceParts& parts, std::string id);

/// "Patient/id" of whom the cases of these rows are about now, by case_key.
Task<Result<std::map<std::string, std::string>>> patients_of(const ServiceParts& parts, const std::vector<store::AuditRow>& rows);

}  // namespace vardbron::rest
