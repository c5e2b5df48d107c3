#include "gateway/care/arende/task_list.h"

#include "gateway/base/check.h"
#include "gateway/care/chain/case_id.h"
#include "gateway/care/chain/task_status.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace vardbron::care {
namespace {

constexpr std::array<std::string_view, 7> kind_codes = {"kvittera-inskrivning", "utse-fast-vardkontakt", "kalla-till-sip",
                                                        "ta-over-patient", "informationsoverforing", "insats", "folj-upp-sip"};

/// The hospital's own: which of its units it is for may change.
bool is_one_in_case(CaseTaskKind kind) { return kind == CaseTaskKind::Informationsoverforing; }

void touch(Work& work, std::string_view status, WallTime at, std::string_view reason) {
  work.case_task.status = status;
  work.case_task.reason = reason;
  work.case_task.reason_codes.clear();
  work.modified = std::max(work.modified, at);
}

}  // namespace

std::string_view to_string(CaseTaskKind kind) { return kind_codes[std::size_t(kind)]; }

Work* TaskList::find(CaseTaskKind kind, std::string_view party, std::string_view cause) {
  auto found = std::find_if(works_.begin(), works_.end(), [&](const Work& work) {
    return work.case_task.kind == kind && work.cause == cause && (is_one_in_case(kind) || work.case_task.party == party);
  });
  return found == works_.end() ? nullptr : &*found;
}

Work* TaskList::find(std::string_view task_id) {
  auto found = std::find_if(works_.begin(), works_.end(), [&](const Work& work) { return work.case_task.id == task_id; });
  return found == works_.end() ? nullptr : &*found;
}

void TaskList::note(CaseTaskKind kind, std::string_view party, std::string_view cause, const ChainEntry& link) {
  bool is_cancelled = link.link_status == LinkStatus::Nullified;
  Work* work = find(kind, party, cause);
  if (!work) {
    Work made;
    const std::string_view owner = is_one_in_case(kind) ? std::string_view() : party;
    std::string name = "Task|" + std::string(to_string(kind)) + "|" + std::string(owner) + "|" + std::string(cause);
    made.case_task = {to_string(id_in_case(case_id_, name)),
                      kind,
                      std::string(party),
                      "draft",
                      "",
                      std::nullopt,
                      false,
                      link.notice->sender.id};
    made.cause = cause;
    made.cause_is_cancelled = is_cancelled;
    made.cause_at = made.authored = made.modified = link.at;
    works_.push_back(std::move(made));
    return;
  }
  work->cause_is_cancelled = work->cause_is_cancelled && is_cancelled;
  if (link.at >= work->cause_at) return;
  work->cause_at = work->authored = work->modified = link.at;
  work->case_task.requester = link.notice->sender.id;
  work->case_task.party = party;
}

void TaskList::open(CaseTaskKind kind, std::string_view party, std::string_view cause, std::string_view requester, WallTime at,
                    std::optional<WallTime> deadline, std::optional<WallTime> asked_until) {
  Work* work = find(kind, party, cause);
  CHECK(work);
  if (is_open_status(work->case_task.status)) return;
  work->was_opened = true;
  work->case_task.party = party;
  work->case_task.requester = requester;
  work->authored = work->modified = at;
  work->case_task.status = "requested";
  work->case_task.reason.clear();
  work->case_task.reason_codes.clear();
  work->case_task.deadline = deadline;
  work->case_task.asked_until = asked_until;
}

bool TaskList::move(CaseTaskKind kind, std::string_view party, std::string_view cause, std::string_view status, WallTime at,
                    std::string_view reason) {
  bool moved = false;
  for (Work& work : works_) {
    if (work.case_task.kind != kind || !is_open_status(work.case_task.status)) continue;
    if ((!party.empty() && work.case_task.party != party) || (!cause.empty() && work.cause != cause)) continue;
    touch(work, status, at, reason);
    moved = true;
  }
  return moved;
}

void TaskList::set_deadline(CaseTaskKind kind, std::optional<WallTime> deadline) {
  for (Work& work : works_)
    if (work.case_task.kind == kind && is_open_status(work.case_task.status)) work.case_task.deadline = deadline;
}

void TaskList::propose(CaseTaskKind kind, std::string_view party, const Appointment& known) {
  if (Work* work = find(kind, party, "")) work->case_task.proposed = known;
}

void TaskList::cancel_all(std::string_view party, WallTime at, std::string_view reason) {
  for (Work& work : works_)
    if (is_open_status(work.case_task.status) && (party.empty() || work.case_task.party == party))
      touch(work, "cancelled", at, reason);
}

void TaskList::finish(WallTime now, const std::vector<ChainEntry>& links, bool case_is_cancelled) {
  auto is_held = [&](const Work& work) {
    return std::any_of(links.begin(), links.end(), [&](const ChainEntry& link) {
      return link.notice && link.link_status == LinkStatus::Withheld && (work.cause.empty() || link.root == work.cause);
    });
  };
  for (Work& work : works_) {
    bool is_in_error = case_is_cancelled || work.cause_is_cancelled;
    if (!work.was_opened) work.case_task.status = is_in_error ? "entered-in-error" : is_held(work) ? "draft" : "cancelled";
    work.case_task.has_lapsed =
        is_open_status(work.case_task.status) && work.case_task.asked_until && *work.case_task.asked_until < now;
    if (work.case_task.has_lapsed) touch(work, "cancelled", *work.case_task.asked_until, "för lång tid har gått");
    work.case_task.is_late = is_open_status(work.case_task.status) && work.case_task.deadline && *work.case_task.deadline < now;
  }
  std::sort(works_.begin(), works_.end(), [](const Work& a, const Work& b) {
    return std::tuple(a.case_task.kind, a.cause_at, std::string_view(a.case_task.id)) <
           std::tuple(b.case_task.kind, b.cause_at, std::string_view(b.case_task.id));
  });
}

}  // namespace vardbron::care
