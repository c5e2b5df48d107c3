#pragma once

// Tested by tests/care/fast_vardkontakt_test.cpp and tests/care/scenario_b_test.cpp.

#include "gateway/care/facts.h"
#include "gateway/care/policies.h"

namespace vardbron::care {

/// The fasta kontakter that the notices of a case name, and the Task that asks for one.
class ContactMachine {
 public:
  ContactMachine(Facts& facts, const Policies& policies) : facts_(facts), policies_(policies) {}

  void appoint(const ChainEntry& link);

 private:
  bool fulfils_law(const Contact& contact, const ChainEntry& link) const;

  Facts& facts_;
  const Policies& policies_;
};

}  // namespace vardbron::care
