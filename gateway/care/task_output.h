#pragma once

// Tested by tests/care/task_output_test.cpp.

#include "gateway/care/chain/notice.h"
#include "gateway/tree/document.h"

#include <string>

namespace vardbron::care {

/// Is the current version of this Task one that asks for a fast vårdkontakt?
bool asks_for_contact(tree::Item task);

/// Does the Identifier name that organisation, and nothing else?
bool names_organisation(tree::Item identifier, const std::string& organisation);

/// Whom the current version of the Task proposes: a contact of the party in another case of the patient, which it confirms as it
/// completes the Task. Nothing: it proposes nobody.
std::optional<Contact> read_proposed(tree::Item task);

}  // namespace vardbron::care
