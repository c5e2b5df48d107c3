#pragma once

// Tested by tests/care/fast_vardkontakt_test.cpp and tests/care/scenario_b_test.cpp.

#include "gateway/care/facts.h"
#include "gateway/care/policy.h"

namespace vardbron::care {

/// The fasta kontakter that the notices of a case name, and the Task that asks for one.
class ContactMachine {
 public:
  ContactMachine(Facts& facts, const Policy& policy) : facts_(facts), policy_(policy) {}

  void appoint(const ChainEntry& link);

 private:
  bool fulfils_law(const Contact& contact, const ChainEntry& link) const;

  Facts& facts_;
  const Policy& policy_;
};

}  // namespace vardbron::care
