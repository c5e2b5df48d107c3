#pragma once

// Tested by tests/care/plan/plan_speakers_test.cpp.

#include "gateway/care/person/person_view.h"
#include "gateway/care/plan/plan_facts.h"
#include "gateway/care/plan/plan_participants.h"

#include <string>

namespace vardbron::care::plan {

/// A consent to something else permits no plan.
bool is_of_plan(const Consent& consent);

/// Who may say what of a plan, by what the gateway knows of an organisation. What an organisation calls itself decides nothing.
class PlanSpeakers {
 public:
  PlanSpeakers(Facts& facts, const PersonView& person, const PlanParticipants& participants)
      : facts_(facts), person_(person), participants_(participants) {}

  /// Why nothing of the notice counts, in a sentence; "": it does. Of a stranger nothing counts, and it learns nothing.
  std::string why_withheld(const Notice& notice) const;
  /// Why the notice does not make this move, whatever the state of the plan is, in words; "": it may.
  std::string why_not(Move move, const Notice& notice) const;
  /// Why the consent of the notice does not count, in a sentence; "": it does. An organisation that is no huvudman records what
  /// the person decides of that organisation alone.
  std::string why_not_consent(const Notice& notice) const;
  /// A consent that begins no plan: a plan of that identity may be another organisation's, and its sender be called to it later.
  bool takes_back_nothing(const Notice& notice) const;
  /// The warning for its sender, when the person is dead; "": the person lives, or nobody is asked for anything.
  std::string why_nobody_is_asked(const Notice& notice) const;
  /// A unit of a huvudman has said what the others of its notice are.
  void vouch(const Notice& notice);

 private:
  const Kind& kind() const { return kind_of(facts_.key.kind); }
  const StayView* stay_of(const Notice& notice) const;
  /// By the organisationsnummer of its HSA-id, a stay in it, or the word of a unit of a huvudman.
  Huvudman known(const Party& party) const;

  Facts& facts_;
  const PersonView& person_;
  const PlanParticipants& participants_;
};

}  // namespace vardbron::care::plan
