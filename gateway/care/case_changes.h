#pragma once

// Tested by tests/care/notifications_test.cpp.

#include "gateway/care/project.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vardbron::care {

/// How a case differs between two projections, which outlive it.
class CaseChanges {
 public:
  CaseChanges(const Projection& before, const Projection& after);

  bool has_changed(const CaseTask& case_task) const;
  /// A Task that is late from the start was reported with the notice that asks for it.
  bool got_late(const CaseTask& case_task) const;
  /// The clock was wrong, or a correction moved the deadline.
  bool is_late_no_more(const CaseTask& case_task) const;
  bool has_changed(const ChargeReport& charge, const std::string& party) const;
  /// A contact that is none for the first time is no news.
  bool has_changed(const ContactReport& contact) const;
  std::size_t changed_contacts() const;
  /// Ids of the Appointments of the meetings that are new, differ, or are no more.
  std::vector<std::string> changed_meetings() const;
  std::size_t changed_tasks() const;
  bool died_elsewhere() const;
  bool lives_after_all() const;
  std::string what_other_cases_changed() const;

 private:
  const Projection& before_;
  const Projection& after_;
  std::unordered_map<std::string_view, const CaseTask*> case_tasks_before_;
  std::unordered_map<std::string_view, const ContactReport*> contacts_before_;
  std::unordered_map<std::string_view, const ChargeReport*> charges_before_;
};

}  // namespace vardbron::care
