#pragma once

// Tested by tests/care/scenario_information_test.cpp.

#include "gateway/care/arende/facts.h"
#include "gateway/care/arende/task_openings.h"

#include <cstddef>
#include <set>
#include <string>

namespace vardbron::care {

/// The information that the hospital owes the units concerned on the day of the discharge, and its Task informationsoverforing:
/// done when each unit that is a party at the discharge has got it. Units concerned are those that the admission notice was for,
/// as changed since. Source: LUS 2:1, 3:2.
class InformationMachine {
 public:
  InformationMachine(Facts& facts, TaskOpenings& openings) : facts_(facts), openings_(openings) {}

  /// A notice of it. One that holds nothing informs nobody, nor does one that no party gets.
  void inform(const ChainEntry& link);
  /// The patient has left that ward. Nobody takes over who has died, nor after an interruption, nor where no party is left.
  void ask(const ChainEntry& link, const std::string& ward);
  /// What was given was for a discharge that did not come.
  void withdraw() { informed_.clear(); }
  void interrupt() { is_interrupted_ = true; }
  /// The case is closed: the parties that lack it are named.
  void close(const ChainEntry& link);

 private:
  /// Parties that have not got it, as a sender may read them; "": none.
  std::string lacking() const;
  /// Completes the open Task, or leaves it with what is lacking.
  void settle(const ChainEntry& link);
  void remark_on_lacking(const ChainEntry& link);

  Facts& facts_;
  TaskOpenings& openings_;
  std::set<std::string, std::less<>> informed_;
  bool is_interrupted_ = false;
};

}  // namespace vardbron::care
