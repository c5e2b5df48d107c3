#pragma once

// Tested by tests/care/plan/plan_fold_test.cpp.

#include "gateway/base/uuid.h"
#include "gateway/care/chain/chain.h"
#include "gateway/care/plan/plan_key.h"
#include "gateway/care/plan/plan_kind.h"
#include "gateway/care/plan/plan_machine.h"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::care::plan {

enum class Sharing : std::uint8_t {
  NotAsked,
  Permitted,
  Denied  ///< refused or withdrawn
};

/// Who takes part now, or took part.
struct Participant {
  std::string name;  ///< unique in the plan: the unit's id, or role and name of a person
  Party party;       ///< without id: no organisation
  PlanParticipant said;
  std::string since, until;             ///< FHIR dateTimes; no `until`: takes part now
  Sharing sharing = Sharing::NotAsked;  ///< by what the person said of this unit alone
  std::string denied;                   ///< FHIR dateTime since which the person denies it; or empty
  bool was_shared_with = false;         ///< it has been able to read the plan

  bool takes_part() const { return until.empty() && sharing != Sharing::Denied; }
};

/// A meeting to which the participants are called.
struct Meeting {
  enum class Status : std::uint8_t { Booked, Held, Cancelled };
  std::string name;  ///< "" for the first; of a later one the root of the notice that called to it first
  SentTime called;   ///< the first call to it
  PlanMeeting at;    ///< as it was called last
  int rebooked = 0;
  Status status = Status::Booked;
};

/// The first call to a meeting of the plan. Source: LUS 4:3.
struct Call {
  SentTime at;
  Party by;
  bool operator==(const Call&) const = default;
};

/// One version of the plan: one CarePlan. The first exists from the beginning, as a draft.
struct Edition {
  std::string name;  ///< "" for the first; of a later one the root of the notice that revised the plan
  enum class Status : std::uint8_t { Draft, Active, Replaced } status = Status::Draft;
  std::optional<SentTime> agreed;
  PlanContent content;
  std::string by;                  ///< id of the Party that drew it up
  std::set<std::string> approved;  ///< ids of the Parties that have approved it
};

/// A Task of a unit: an insats, or a follow-up.
struct PlanTask {
  std::string name;    ///< unique in the plan; its id is made of it
  std::string status;  ///< FHIR Task.status
  std::string reason;
  std::string owner;      ///< id of the Party
  std::string requester;  ///< id of the Party that is notified when it is late: the main responsible
  std::optional<WallTime> deadline;
  bool is_late = false;
  WallTime authored{}, modified{};
  std::vector<Note> notes{};
};

struct ActivityTask : PlanTask {
  PlanActivity activity;
  bool is_draft = true;  ///< of a plan that is not agreed
};

struct FollowUpTask : PlanTask {
  PlanFollowUp follow_up;
  std::string held;  ///< FHIR dateTime; empty: not yet
};

/// What the person, or somebody for the person, said of the plan, or of sharing it with one unit.
struct PlanConsent {
  Consent consent;
  std::string by;  ///< id of the Party whose notice has it
  SentTime at;
};

/// Who is notified of a link, and as what.
struct LinkNews {
  std::vector<std::string> audience;      ///< ids of organisations, sorted, without its sender; none: nobody is
  Event shown = Event::PlanParticipants;  ///< what happened, as they may know it
};

/// The state of a plan, from which its resources are written. Points into the chain.
struct Facts {
  PlanKey key;
  Uuid id;                           ///< root of all ids of the plan
  std::optional<Identity> identity;  ///< as its notices have it; none: it is that of an ärende
  State state = State::None;
  Person person;
  Protection protection = Protection::None;  ///< that other cases of the person know of, too
  std::string opener;                        ///< id of the Party that sent the first notice that counts
  std::string source;                        ///< id of who coordinates: the main responsible, else who called, else the opener
  std::string wished_by;
  std::optional<Identity> stay;         ///< identity of the ärende that the plan is made in; none: there is no stay
  std::string encounter;                ///< id of the Encounter of that stay, if all viewers may read it
  Sharing consent = Sharing::NotAsked;  ///< to the plan
  std::map<std::string, PlanConsent, std::less<>> consents;  ///< by unit; "" is that to the plan
  std::vector<Participant> participants;                     ///< in the order in which they came
  std::map<std::string, Huvudman, std::less<>> vouched;      ///< by id: what units of the huvudmän call it
  std::vector<std::string> changes;                          ///< FHIR dateTimes at which the participants changed, sorted
  std::optional<Call> first_call;
  std::vector<Meeting> meetings;
  std::vector<Edition> editions;
  std::vector<ActivityTask> activities;
  std::vector<FollowUpTask> follow_ups;
  std::vector<PlanGoal> goals;  ///< of all editions, as said last
  std::string ended;            ///< why the plan is over, in words
  std::vector<ChainEntry> links;
  std::vector<LinkNews> news;  ///< one per link
  /// FHIR dateTimes at which an organisation acknowledged a link, by the link's index and the organisation's id.
  std::map<std::pair<std::size_t, std::string>, std::string> received;
  WallTime person_said{};  ///< when the newest notice that counts happened
  std::vector<Finding> findings;
  std::vector<std::string> viewers;   ///< ids of the organisations that may read it now, sorted
  std::vector<std::string> informed;  ///< those that may have read it once, sorted
  std::optional<WallTime> next_change;

  // Names of what any link may make, effective or not: what was written once does not vanish.
  std::set<std::string> edition_names, meeting_names, activity_names, goal_names, follow_up_names, consent_units;

  const Edition& edition() const { return editions.back(); }  ///< the newest
  /// The person does not consent to a plan that needs it: that there is none is all that others may know.
  bool is_silent() const { return consent == Sharing::Denied && kind_of(key.kind).needs_consent; }
  /// The one that holds: the last that is active or was; else the last one.
  const Edition& current() const;
  int follow_ups_held() const;
  const Participant* find(std::string_view name) const;
};

/// What the ärende and others read of a plan.
struct PlanView {
  PlanKey key;
  State state = State::None;
  bool is_refused = false;  ///< the person does not consent: no call is asked for
  std::optional<Call> first_call;
  std::optional<std::chrono::local_days> follow_up;  ///< the next one
  std::vector<std::string> participants;             ///< ids of organisations, sorted
  bool operator==(const PlanView&) const = default;
};

PlanView view_of(const Facts& facts);

/// Names of goals and activities: the sender's, else made of their words.
std::string name_of(const PlanGoal& goal);
std::string name_of(const PlanActivity& activity);
/// Id of something in the plan.
std::string id_of(const Facts& facts, std::string_view type, std::string_view name);

}  // namespace vardbron::care::plan
