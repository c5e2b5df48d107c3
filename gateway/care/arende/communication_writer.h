#pragma once

// Tested by tests/care/project_test.cpp and tests/care/notifications_test.cpp.

#include "gateway/care/arende/case_writer.h"

namespace vardbron::care {

/// Writes the Communications (notices to parties) and Tasks of a case.
class CommunicationWriter {
 public:
  /// All must outlive the writer.
  CommunicationWriter(const Facts& facts, const CaseWriter& case_writer) : facts_(facts), case_(case_writer) {}

  Projected communication(const Dispatch& dispatch) const;
  Projected task(const Work& work) const;

 private:
  void write_notice(Branch root, const Dispatch& dispatch) const;
  static void write_payload(Branch branch, const Payload& payload);
  static void write_proposal(Branch input, const Appointment& known);
  void write_output(Branch root, const CaseTask& case_task) const;
  /// For the hospital: who has not got the information; "": nobody, or nobody has.
  std::string lacking_information(const CaseTask& case_task) const;
  static void write_reason(Branch root, const CaseTask& case_task);
  void write_note(Branch annotation, const Note& note) const;

  const Facts& facts_;
  const CaseWriter& case_;
};

}  // namespace vardbron::care
