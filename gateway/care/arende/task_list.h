#pragma once

// Tested by tests/care/project_test.cpp and tests/exchange/case_clock_test.cpp.

#include "gateway/base/uuid.h"
#include "gateway/care/arende/projection.h"
#include "gateway/care/chain/chain.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// A Task during the fold.
struct Work {
  CaseTask case_task;
  std::string cause;  ///< root of the notice that asks for it; "" for a Task that exists once per party
  bool was_opened = false;
  bool cause_is_cancelled = false;  ///< every notice that asks for it was cancelled
  WallTime cause_at{};              ///< earliest time of a notice that asks for it
  WallTime authored{}, modified{};
};

/// The Tasks of a case. A Task exists if any notice asks for it, effective or not, so that no Task vanishes when a late notice
/// changes the case. The fold gives each its status.
class TaskList {
 public:
  explicit TaskList(const Uuid& case_id) : case_id_(case_id) {}

  /// Before the fold: `link` asks this party for it. Informationsoverforing is one in a case, whichever unit it is for.
  void note(CaseTaskKind kind, std::string_view party, std::string_view cause, const ChainEntry& link);

  // --- in the fold ---
  void open(CaseTaskKind kind, std::string_view party, std::string_view cause, std::string_view requester, WallTime at,
            std::optional<WallTime> deadline, std::optional<WallTime> asked_until = {});
  /// Moves the open Tasks of that kind, and of that party and cause unless these are empty. False if there was none.
  bool move(CaseTaskKind kind, std::string_view party, std::string_view cause, std::string_view status, WallTime at,
            std::string_view reason = {});
  void set_deadline(CaseTaskKind kind, std::optional<WallTime> deadline);
  /// The party may confirm this contact, which it has appointed in another case of the patient.
  void propose(CaseTaskKind kind, std::string_view party, const Appointment& known);
  void cancel_all(std::string_view party, WallTime at, std::string_view reason);  ///< party "" = everybody's

  // --- after it ---
  /// Sets the status of Tasks that were never opened, cancels those that are asked for no more, and marks late ones. In a
  /// cancelled case all become entered-in-error.
  void finish(WallTime now, const std::vector<ChainEntry>& links, bool case_is_cancelled);

  Work* find(std::string_view task_id);
  std::vector<Work>& all() { return works_; }

 private:
  Work* find(CaseTaskKind kind, std::string_view party, std::string_view cause);

  Uuid case_id_;
  std::vector<Work> works_;
};

}  // namespace vardbron::care
