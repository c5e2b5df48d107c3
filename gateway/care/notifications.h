#pragma once

#include "gateway/care/project.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// One event of a case for one party. Its topics and who subscribes to them: gateway/subscription (topic.h, matcher.h).
struct CaseEvent {
  std::string event;                  ///< code of CodeSystem/notice-event, or "task"
  std::string about;                  ///< `corrected`, `nullified`: event code of the notice it is about; else ""
  bool is_history = false;            ///< it came late and changes no current state
  std::string party;                  ///< id of the organisation; nobody else is notified
  std::string case_key;               ///< Projection::case_key
  std::vector<std::string> kommuner;  ///< Projection::kommuner
  std::string focus;                  ///< "Encounter/<id>", or "Task/<id>" for the event task
  /// The party's Communication, the Patient, the Tasks of the party, the charges and the CareTeams that changed, and the CareTeam
  /// that the notice is about.
  std::vector<std::string> context;
  bool operator==(const CaseEvent&) const = default;
};

/// The events between two projections of a case, in event order. `before` is the projection without the new link, or at an
/// earlier time (an empty Projection for a new case). A party is notified only of what it may see in `after`. That a Task is
/// late, or no longer late, is an event for its owner and its requester.
std::vector<CaseEvent> case_events(const Projection& before, const Projection& after);

/// Indices into after.resources of those that are new or differ from `before`.
std::vector<std::size_t> what_changed(const Projection& before, const Projection& after);

}  // namespace vardbron::care
