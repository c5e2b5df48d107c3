#pragma once

// Tested by tests/care/charges_test.cpp and tests/care/scenario_a_test.cpp.

#include "gateway/care/arende/facts.h"

#include <cstddef>

namespace vardbron::care {

/// What decides a municipality's liability, collected while the chain of a case is folded: who pays, when the patient was ready
/// for discharge, who was party, what hinders the öppenvård. charges_of (care/charges.h) makes the charges of it.
class PaymentMachine {
 public:
  explicit PaymentMachine(Facts& facts) : facts_(facts) {}

  /// Every notice that is sent, whether it changes the case or not: the payer by the hospital's word, obstacles by the region's.
  void hear(const ChainEntry& link);
  void start(std::size_t index);  ///< utskrivningsklar
  void stop(std::size_t index);
  void change_parties(const ChainEntry& link);

 private:
  Facts& facts_;
};

}  // namespace vardbron::care
