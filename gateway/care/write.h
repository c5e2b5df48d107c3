#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/notice.h"
#include "gateway/tree/document.h"

#include <string>

namespace vardbron::care {

/// What a party wrote through the API: it moved a Task. An event of the same chain as the notices.
struct Write {
  std::string identity;      ///< unique in the case; the journal's id of the request will do
  std::string task;          ///< Task.id
  std::string status;        ///< Task.status it is moved to
  std::string reason;        ///< Task.statusReason.text, or empty
  std::string organisation;  ///< id of the Party that wrote; from the Caller, never from the body
  Moment at;
  bool operator==(const Write&) const = default;
};

/// The link's body: a Parameters resource, so that the journal holds FHIR only.
tree::Document to_document(const Write& write, const tree::Names& names);
/// Invalid: not a Parameters resource made by to_document.
Result<Write> read_write(const tree::Document& parameters);
/// True for a Parameters resource: a chain link's body is a Write, else a notice Bundle.
bool is_write(const tree::Document& link);

/// The Task as it stands is what the write wants, and may be said by its owner: nothing would come of it.
bool leaves_as_it_is(const tree::Document& task, const Write& write);

/// The Write that a PUT of a Task means: its status and statusReason; everything else of the body is ignored, because a Task
/// of a case is projected, not stored. Invalid: no Task, or no status.
Result<Write> read_task(const tree::Document& task, std::string organisation, WallTime at);

}  // namespace vardbron::care
