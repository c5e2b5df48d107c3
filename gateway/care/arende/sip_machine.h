#pragma once

// Tested by tests/care/scenario_b_test.cpp and tests/care/scenario_plan_test.cpp.

#include "gateway/care/arende/facts.h"

#include <cstddef>

namespace vardbron::care {

/// The calls to a SIP that the notices of a case hold, and the Task that asks for one. Source: LUS 4:3.
class SipMachine {
 public:
  explicit SipMachine(Facts& facts) : facts_(facts) {}

  void call(std::size_t index);
  /// The stay was interrupted or the patient died: what was called to is off. A later call begins another.
  void revoke() { facts_.sip_is_revoked = !facts_.sip_calls.empty(); }
  /// After the fold: what the ärende's plan is, if it is an aggregate of its own. A samordnad vårdplan takes the place of the SIP
  /// (LUS 4:1 st 2), and one to which the person does not consent is not made (4:2): then no call is asked for.
  void follow(const StayView& plan, const Policy& policy);

 private:
  Facts& facts_;
};

}  // namespace vardbron::care
