#pragma once

#include "gateway/care/plan/plan_fold.h"
#include "tests/care/scenario.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care::plan {

/// Builds a plan notice by notice; the cast is that of the scenarios. Times are Stockholm's, of 2026.
struct PlanStory : Story {
  /// A notice of a party to others, about the SIP of the ärende unless it says another plan.
  Notice& says(const Party& by, Event event, std::string_view at, std::vector<Party> receivers = {});
  Notice& need(std::string_view at = "2026-03-12T11:00:00");
  /// The person's decision of the plan, or of sharing it with these units.
  Notice& consent(Consent::Decision decision, std::string_view at, std::vector<Party> units = {});
  Notice& call(std::string_view at, std::string_view start);
  Notice& agreed(std::string_view at, Event event = Event::PlanAgreed);
  /// Need, consent, a call and the meeting: all but the plan.
  void until_meeting();

  Facts fold(std::string_view now = "2026-04-01T12:00:00") const;
};

/// One whose plan is agreed.
PlanStory agreed_story();
/// A SIP with the four points: an insats of each huvudman, a goal and a follow-up.
PlanContent sip();
std::string state_of(const Facts& facts);
bool has_finding(const Facts& facts, std::string_view code, std::string_view words = {});
/// Of the insats with that key: "requested" .., or "none".
std::string activity_status(const Facts& facts, std::string_view key);

/// The whole state as text, for comparison byte by byte.
std::string to_text(const Facts& facts);

}  // namespace vardbron::care::plan
