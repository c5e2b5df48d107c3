#pragma once

// Tested by tests/care/project_test.cpp and tests/exchange/case_clock_test.cpp.

#include "gateway/care/arende/facts.h"
#include "gateway/care/chain/policies.h"

#include <string>
#include <string_view>

namespace vardbron::care {

/// Which Tasks the notices of a case open for whom, and until when.
class TaskOpenings {
 public:
  TaskOpenings(Facts& facts, const Policies& policies, const PersonView& person)
      : facts_(facts), policies_(policies), person_(person) {}

  /// Before the fold: creates every Task that any notice asks for, effective or not.
  void note(const ChainEntry& link);
  /// The Tasks that every new party gets.
  void greet(std::string_view party, const ChainEntry& link);
  /// kalla-till-sip, from when the party knows that the patient is ready.
  void ask_for_call(std::string_view party, const std::string& cause, const ChainEntry& link, WallTime ready);
  /// ta-over-patient, until a municipality becomes liable by a clock that starts then.
  void ask_to_take_over(std::string_view party, const std::string& cause, const ChainEntry& link, WallTime started);
  /// informationsoverforing, of the unit that the patient has left, until the end of that day. Source: LUS 3:2. Long after it the
  /// Task is asked for no more, so that a case that was stored before there was such a Task gets none that is late.
  void ask_for_information(const std::string& unit, const ChainEntry& link);
  /// The planned discharge has changed.
  void move_deadline_of_contact();
  /// The terms that hold for the case as it is known.
  const Policy& policy_at(WallTime at) const;

 private:
  void note_admission(const std::string& party, const ChainEntry& link);
  void note_discharge(const ChainEntry& link);
  void note_handover(const std::string& cause, const ChainEntry& link);

  Facts& facts_;
  const Policies& policies_;
  const PersonView& person_;
};

}  // namespace vardbron::care
