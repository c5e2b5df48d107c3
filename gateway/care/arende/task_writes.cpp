#include "gateway/care/arende/task_writes.h"

#include "gateway/care/chain/task_status.h"

#include <algorithm>

namespace vardbron::care {

void TaskWrites::place() {
  for (ChainEntry& link : facts_.links)
    if (link.write) place(link);
  put_in_order(facts_.links);
}

void TaskWrites::place(ChainEntry& link) {
  if (const Work* work = facts_.works.find(link.write->task)) link.at = std::max(link.at, work->cause_at);
}

void TaskWrites::take(std::size_t index) {
  ChainEntry& link = facts_.links[index];
  const Write& write = *link.write;
  Work* work = facts_.works.find(write.task);
  const Member* member = facts_.members.find(write.organisation);
  // Notes are kept whatever becomes of the write: they were accepted from the Task's owner.
  if (work && work->case_task.party == write.organisation)
    work->case_task.notes.insert(work->case_task.notes.end(), write.notes.begin(), write.notes.end());
  const bool is_party = member && (member->is_active || member->is_hospital);
  if (!work || !work->was_opened || work->case_task.party != write.organisation || !is_party) {
    link.link_status = LinkStatus::Withheld;
    facts_.remark(link, "write-unknown-task", "The party wrote to a Task that is not its own, or not yet.");
    return;
  }
  if (!write.notes.empty()) work->modified = std::max(work->modified, link.at);
  if (write.status.empty()) return give_reason(*work, link);
  Result<void> allowed = may_move(work->case_task.status, write.status);
  if (!allowed) {
    link.link_status = LinkStatus::History;
    facts_.remark(link, "write-not-allowed", allowed.failure().says);
    return;
  }
  if (work->case_task.status != write.status) {
    work->case_task.status = write.status;
    work->case_task.reason = write.reason;
    work->case_task.reason_codes = write.reason_codes;
    work->modified = std::max(work->modified, link.at);
  }
  if (work->case_task.kind == CaseTaskKind::KvitteraInskrivning) acknowledge(link);
}

/// Replaces the reason; the status stays.
void TaskWrites::give_reason(Work& work, const ChainEntry& link) {
  const Write& write = *link.write;
  if (write.reason.empty() && write.reason_codes.empty()) return;
  work.case_task.reason = write.reason;
  work.case_task.reason_codes = write.reason_codes;
  work.modified = std::max(work.modified, link.at);
}

void TaskWrites::acknowledge(const ChainEntry& link) {
  if (link.write->status == "rejected") facts_.remark(link, "receiver-rejects", "A receiver says that the notice is not for it.");
  if (link.write->status != "accepted" && link.write->status != "in-progress" && link.write->status != "completed") return;
  Step step = care::step(facts_.standing, Event::Receipt);
  if (step.allowed) facts_.standing = step.to;
  for (std::size_t index = 0; index < facts_.links.size(); ++index)
    if (facts_.links[index].notice && facts_.links[index].notice->says() == Event::Admission)
      facts_.received.push_back({index, link.write->organisation, link.write->at.text});
}

void TaskWrites::take_receipt(const ChainEntry& link) {
  const Notice& receipt = *link.notice;
  if (link.target != ChainEntry::no_target) facts_.received.push_back({link.target, receipt.sender.id, receipt.happened.text});
  // A receipt that names no notice is of the admission.
  const bool is_of_nothing_here = receipt.acknowledges && link.target == ChainEntry::no_target;
  const bool is_of_admission =
      !receipt.acknowledges || (!is_of_nothing_here && facts_.links[link.target].notice->says() == Event::Admission);
  if (is_of_nothing_here)
    facts_.remark(link, "receipt-of-unknown-notice", "The receipt is of a notice that the case does not have: look at its id.");
  if (receipt.acknowledges_ok) {
    if (is_of_admission) facts_.works.move(CaseTaskKind::KvitteraInskrivning, receipt.sender.id, "", "completed", link.at);
  } else if (is_of_admission || is_of_nothing_here) {
    facts_.works.move(CaseTaskKind::KvitteraInskrivning, receipt.sender.id, "", "rejected", link.at, receipt.reason);
    facts_.remark(link, "receiver-rejects", "A receiver says that the notice is not for it.");
  }
}

}  // namespace vardbron::care
