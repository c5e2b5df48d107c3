#pragma once

#include "gateway/care/project.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// One event of a case for one party. Its topics and who subscribes to them: gateway/subscription (topic.h, matcher.h).
struct CaseEvent {
  /// Code of CodeSystem/notice-event, "task", or "update": another case of the patient says something else.
  std::string event;
  std::string about;                  ///< `corrected`, `nullified`: event code of the notice it is about; else ""
  bool is_history = false;            ///< it came late and changes no current state
  std::string party;                  ///< id of the organisation; nobody else is notified
  std::string case_key;               ///< Projection::case_key
  std::vector<std::string> kommuner;  ///< Projection::kommuner
  std::string plan_kind{};            ///< Projection::plan_kind
  std::string focus;                  ///< Projection::focus(), or "Task/<id>" for the event task
  /// The party's Communication, the Patient, the Tasks of the party, the charges, the CareTeams of contacts and the Appointments
  /// that changed, and the CareTeam that the notice is about.
  std::vector<std::string> context;
  bool operator==(const CaseEvent&) const = default;
};

/// The events between two projections of a case, in event order. `before` is the projection without the new link, or at an
/// earlier time (an empty Projection for a new case), and with what the patient's other cases say now. A party is notified only
/// of what it may see in `after`. That a Task is late, or no longer late, is an event for its owner and its requester.
std::vector<CaseEvent> case_events(const Projection& before, const Projection& after);

/// The events of what the patient's other cases change: `before` is the projection with what they said when the case was
/// computed last, `after` with what they say now, of the same links at the same time. Parties that may read the patient are
/// notified of a death, of one that is taken back, of a protected identity and an earlier stay, and of contacts; of a Task its
/// owner and its requester.
std::vector<CaseEvent> events_of_other_cases(const Projection& before, const Projection& after);
/// The same for the access log: "another ärende of the patient: the patient died, 2 Tasks changed".
std::string what_other_cases_changed(const Projection& before, const Projection& after);

/// Indices into after.resources of those that are new or differ from `before`.
std::vector<std::size_t> what_changed(const Projection& before, const Projection& after);

}  // namespace vardbron::care
