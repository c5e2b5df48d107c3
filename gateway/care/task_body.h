#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/chain/write.h"
#include "gateway/tree/document.h"

#include <string>
#include <string_view>

namespace vardbron::care {

/// A Task's current version, and the earlier version that the party read before it wrote, if it did.
struct TaskVersions {
  const tree::Document& current;
  const tree::Document* read = nullptr;
};

/// Forbidden, with the reason: a Task is written by its owner.
Result<void> check_owner(const tree::Document& task, std::string_view organisation);

/// Reads a PUT of a Task as a Write. A Task of a case is projected, not stored: a party writes its status, its statusReason and
/// notes. What the body leaves out stays as it is, and what it holds beside these must be as it was read.
/// Notes are added, never changed or removed: the body holds all earlier ones and new ones, or new ones only. One without author
/// or time is the organisation's, of `at`; sent again it is recognised without them.
/// The Task that asks for a fast vårdkontakt is completed with the name of one (task_output.h).
/// Invalid: no Task, or no status. Unsupported: the first element that would not be kept, and why.
Result<Write> read_task(const tree::Document& task, TaskVersions known, std::string organisation, WallTime at);

}  // namespace vardbron::care
