#include "gateway/care/arende/information_machine.h"

#include "gateway/care/chain/task_status.h"
#include "gateway/sweden/hsa_id.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace vardbron::care {

void InformationMachine::inform(const ChainEntry& link) {
  const Notice& notice = *link.notice;
  if (notice.payloads.empty() && notice.reason.empty()) return;
  for (std::string_view party : facts_.members.active()) {
    const auto is_it = [&](const Party& each) { return each.id == party; };
    if (notice.receivers.empty() || std::any_of(notice.receivers.begin(), notice.receivers.end(), is_it))
      informed_.emplace(party);
  }
  settle(link);
}

void InformationMachine::ask(const ChainEntry& link, const std::string& ward) {
  const bool is_taken_over = facts_.standing.state == State::Utskriven && !is_interrupted_ &&
                             facts_.stay.discharged_to != "avliden" && !facts_.members.active().empty();
  if (!facts_.has_admission || !is_taken_over) return;
  const std::string& sender = link.notice->sender.id;
  openings_.ask_for_information(facts_.members.find(sender)->is_hospital ? sender : ward, link);
  settle(link);
}

void InformationMachine::settle(const ChainEntry& link) {
  if (!informed_.empty() && lacking().empty())
    facts_.works.move(CaseTaskKind::Informationsoverforing, "", "", "completed", link.at);
  for (Work& work : facts_.works.all()) {
    CaseTask& case_task = work.case_task;
    if (case_task.kind != CaseTaskKind::Informationsoverforing) continue;
    case_task.uninformed.clear();
    if (!is_open_status(case_task.status) || informed_.empty()) continue;
    for (std::string_view party : facts_.members.active())
      if (!informed_.contains(party)) case_task.uninformed.emplace_back(party);
    remark_on_lacking(link);
  }
}

std::string InformationMachine::lacking() const {
  std::string names;
  for (std::string_view party : facts_.members.active())
    if (!informed_.contains(party)) names += (names.empty() ? "" : ", ") + sweden::shown(party);
  return names;
}

void InformationMachine::remark_on_lacking(const ChainEntry& link) {
  facts_.remark(
      link, "information-incomplete",
      "The information that those who take over need is owed to each of them on the day of the discharge (LUS 3:2), and "
      "no notice of discharge information has brought it to " +
          lacking() +
          ". Send it to them as well, or complete the Task informationsoverforing if they have got it otherwise or need "
          "none.");
}

void InformationMachine::close(const ChainEntry& link) {
  if (!facts_.works.move(CaseTaskKind::Informationsoverforing, "", "", "cancelled", link.at, "avslutat ärende")) return;
  const std::string to = informed_.empty() ? "" : " for " + lacking();
  facts_.remark(link, "no-discharge-information",
                "The case is closed, and no notice had the information that those who take over need (LUS 3:2)" + to +
                    ". If they have not got it otherwise, send a notice of discharge information.");
}

}  // namespace vardbron::care
