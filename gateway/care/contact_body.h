#pragma once

// Tested by tests/care/task_output_test.cpp and tests/exchange/act_care_team_test.cpp.

#include "gateway/base/result.h"
#include "gateway/care/chain/notice.h"
#include "gateway/tree/document.h"

#include <string>

namespace vardbron::care {

/// Reads whom a party appoints as it completes the Task that asks for a fast vårdkontakt: Task.output.valueReference by its
/// display, or to a contained PractitionerRole or Practitioner. Unsupported: there is no name, the contact is of a type that does
/// not fulfil LUS 2:5, or the first element that would not be kept.
Result<Contact> read_contact_output(tree::Item task, const std::string& organisation);

/// Reads the contact of a CareTeam that has one participant, as the gateway writes it (contact_writer.h), or with the participant
/// by its display alone. Unsupported: the first element that would not be kept, or nobody is named.
Result<Contact> read_contact_team(tree::Item team, const std::string& organisation);

}  // namespace vardbron::care
