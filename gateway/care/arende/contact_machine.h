#pragma once

// Tested by tests/care/contact_machine_test.cpp, tests/care/fast_vardkontakt_test.cpp and tests/care/scenario_b_test.cpp.

#include "gateway/care/arende/facts.h"
#include "gateway/care/chain/policies.h"

#include <cstddef>
#include <string>

namespace vardbron::care {

/// The fasta kontakter that the notices of a case name, and the Task that asks for one.
class ContactMachine {
 public:
  ContactMachine(Facts& facts, const Policies& policies, const PersonView& person)
      : facts_(facts), policies_(policies), person_(person) {}

  /// Before the fold: the name of every contact that any link may appoint, whatever becomes of it.
  static void note(Facts& facts);
  /// Appoints or ends the contact of a notice.
  void take(std::size_t index);
  /// Appoints the contact that a party named as it completed its Task.
  void take_named(std::size_t index);

 private:
  void appoint(std::size_t index, Appointment appointment, const std::string& at);
  void end(const ChainEntry& link, const Contact& contact);
  std::size_t never_began() const;
  void remark_on_those_that_never_began(const ChainEntry& link, std::size_t before);
  bool fulfils_law(const Contact& contact, const Party& unit, WallTime at) const;
  /// Since when the contact is one: one that the unit had at that time in another case of the patient is one since then.
  std::string since(const Appointment& own, WallTime at) const;

  Facts& facts_;
  const Policies& policies_;
  const PersonView& person_;
};

}  // namespace vardbron::care
