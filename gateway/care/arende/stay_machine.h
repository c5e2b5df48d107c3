#pragma once

// Tested by tests/care/project_test.cpp and tests/care/plausible_test.cpp.

#include "gateway/care/arende/facts.h"

#include <string>

namespace vardbron::care {

/// The stay of a case: what its notices say of it, leaves, and how it ends.
class StayMachine {
 public:
  explicit StayMachine(Facts& facts) : facts_(facts) {}

  /// What the notice says of the stay; a receiver's word of it does not count.
  void take(const Notice& notice);
  /// Why the stay as it is by now forbids what the state of the case allows; empty: it does not.
  std::string_view why_not(const Notice& notice) const;
  void start_leave(const std::string& at) { facts_.leaves.push_back({at, ""}); }
  void end_leave(const std::string& at);
  void discharge(const Notice& notice);
  void die(const Notice& notice);
  void note_death(const Notice& notice);

 private:
  /// Is a planned discharge before the admission?
  bool is_before_admission(const std::string& date) const;
  bool is_discharged() const { return !facts_.stay.period_end.empty(); }

  Facts& facts_;
};

}  // namespace vardbron::care
