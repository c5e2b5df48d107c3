#pragma once

// Tested by tests/care/plan/plan_kind_test.cpp and tests/care/read_plan_test.cpp.

#include "gateway/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// Kinds of plans. Codes: GetCarePlans 2.0, typeOfCarePlan; fhir-profiles/README.md, plan-typ.
enum class PlanKind : std::uint8_t {
  Sip,         ///< samordnad individuell plan. Source: HSL 16:4, SoL 10:8
  Spu,         ///< samordnad planering vid utskrivning
  SplptLrv,    ///< samordnad vårdplan. Source: LPT 7 a §, LRV 12 a §
  Vp,          ///< a care manager's vårdplan
  Samordning,  ///< a coordination function's mission
};

inline constexpr int plan_kinds_count = 5;

std::string_view code_of(PlanKind kind);  ///< "SIP"
std::optional<PlanKind> find_plan_kind(std::string_view code);

/// Codes of plan-roll: what somebody is in a plan, and who wished for it.
inline constexpr std::array<std::string_view, 15> plan_roles{"patient",
                                                             "narstaende",
                                                             "god-man",
                                                             "fast-vardkontakt",
                                                             "lakare",
                                                             "kommunsjukskoterska",
                                                             "bistandshandlaggare",
                                                             "vardsamordnare",
                                                             "rehabkoordinator",
                                                             "samordningsfunktion",
                                                             "skola",
                                                             "forsakringskassan",
                                                             "arbetsgivare",
                                                             "region",
                                                             "kommun"};

/// Who takes part in a plan: a unit, or a person of one or of none.
struct PlanParticipant {
  std::string organisation;  ///< id of a Party of the notice; empty: it is none
  std::string role;          ///< code of plan-roll: "patient", "narstaende", "fast-vardkontakt" ..; or empty
  std::string name, phone;   ///< of the person, or empty
  std::string answer;        ///< FHIR R4 participationstatus: "accepted", "declined", "tentative"; empty: not said
  bool operator==(const PlanParticipant&) const = default;
};

/// When and where the participants meet.
struct PlanMeeting {
  std::string start, end;         ///< FHIR dateTimes; no end: it is not said
  std::string place, video_link;  ///< or empty
  bool operator==(const PlanMeeting&) const = default;
};

struct PlanGoal {
  std::string key;  ///< the sender's name of it, the same in every version of the plan; empty: its text names it
  std::string text;
  std::string due;             ///< FHIR date, or empty
  bool is_short_term = false;  ///< delmål
  bool is_persons = false;     ///< in the person's own words
  std::string state;           ///< FHIR R4 goal-achievement: "achieved", "in-progress" ..; or empty
  bool operator==(const PlanGoal&) const = default;
};

/// An insats, or a measure that somebody else takes.
struct PlanActivity {
  std::string key;  ///< as PlanGoal::key
  std::string text;
  std::string organisation;  ///< id of the Party that is responsible; empty: none
  std::string by;            ///< the person or body that does it, in the sender's words, or empty
  std::string start, due;    ///< FHIR dates or dateTimes, or empty
  std::string status;        ///< FHIR Task.status, when a notice says what became of it; or empty
  std::string outcome;       ///< in words, or empty
  bool operator==(const PlanActivity&) const = default;
};

/// When the plan is followed up.
struct PlanFollowUp {
  std::string due;           ///< FHIR date
  std::string form;          ///< "telefon", "mote" .., or empty
  std::string organisation;  ///< id of the Party that calls it; empty: who coordinates the plan
  bool operator==(const PlanFollowUp&) const = default;
};

/// What a notice says of a plan. Elements that a notice leaves out change nothing, but in `plan.agreed` and `plan.revised`, which
/// hold the whole plan, and in `plan.participants`, which names all who take part.
struct PlanContent {
  std::string system{}, value{};  ///< identity of the plan; no value: it is the SIP of the notice's ärende
  PlanKind kind = PlanKind::Sip;
  std::string wished_by{};  ///< code of plan-roll: who wanted the plan; empty: not said
  std::vector<PlanParticipant> participants{};
  std::optional<PlanMeeting> meeting{};
  std::string need{};       ///< which insatser are needed
  std::string decision{};   ///< on the insatser. Source: LPT 7 a §
  std::string attitude{};   ///< the person's, to the insatser. Source: LPT 7 a §
  std::string own_words{};  ///< what is important to the person
  std::vector<PlanGoal> goals{};
  std::vector<PlanActivity> activities{};
  bool nobody_else_acts = false;   ///< said: nobody but region and municipality takes measures
  std::string main_responsible{};  ///< id of the Party; empty: not said
  std::string if_worse{};          ///< what to do if it gets worse
  std::optional<PlanFollowUp> follow_up{};
  std::string begun_by{};  ///< id of the Party that began the plan of that identity; empty: not said
  bool operator==(const PlanContent&) const = default;
};

}  // namespace vardbron::care
