#pragma once

#include "gateway/care/project.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// One thing one party is told. Which topics it belongs to is subscription's catalogue (gateway/subscription/topic.h).
struct CaseEvent {
  std::string event;                 ///< code of CodeSystem/notice-event, or "task"
  std::string about;                 ///< `corrected`, `nullified`: event code of the notice it is about; else ""
  bool is_history = false;           ///< it came late and changes nothing that is true now: an update, never news of its own
  std::string party;                 ///< id of the organisation
  std::string focus;                 ///< "Encounter/<id>", or "Task/<id>" for the event task
  std::vector<std::string> context;  ///< the party's Communication, the Patient, the Tasks of the party that changed
  bool operator==(const CaseEvent&) const = default;
};

/// What the step from one projection of a case to the next tells, in event order. `before` is the projection without the new
/// link, or at an earlier time (an empty Projection for a new case). A party is told only what it may see in `after`.
/// That a Task got late is told to who has to do it and to who asked for it; so is that one is not late after all.
std::vector<CaseEvent> case_events(const Projection& before, const Projection& after);

/// Resources of `after` that are new or differ from `before`: indices into after.resources.
std::vector<std::size_t> what_changed(const Projection& before, const Projection& after);

}  // namespace vardbron::care
