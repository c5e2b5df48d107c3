#include "gateway/care/worklist.h"

#include "gateway/base/check.h"
#include "gateway/care/case_id.h"
#include "gateway/care/task_status.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace vardbron::care {
namespace {

constexpr std::array<std::string_view, 4> kind_codes = {"kvittera-inskrivning", "utse-fast-vardkontakt", "kalla-till-sip",
                                                        "ta-over-patient"};

void touch(Work& work, std::string_view status, WallTime at, std::string_view reason) {
  work.todo.status = status;
  work.todo.reason = reason;
  work.todo.reason_codes.clear();
  work.modified = std::max(work.modified, at);
}

}  // namespace

std::string_view to_string(TodoKind kind) { return kind_codes[std::size_t(kind)]; }

Work* Worklist::find(TodoKind kind, std::string_view party, std::string_view cause) {
  auto found = std::find_if(works_.begin(), works_.end(), [&](const Work& work) {
    return work.todo.kind == kind && work.todo.party == party && work.cause == cause;
  });
  return found == works_.end() ? nullptr : &*found;
}

Work* Worklist::find(std::string_view task_id) {
  auto found = std::find_if(works_.begin(), works_.end(), [&](const Work& work) { return work.todo.id == task_id; });
  return found == works_.end() ? nullptr : &*found;
}

void Worklist::note(TodoKind kind, std::string_view party, std::string_view cause, const Placed& link) {
  bool is_cancelled = link.fate == Fate::Nullified;
  Work* work = find(kind, party, cause);
  if (!work) {
    Work made;
    std::string name = "Task|" + std::string(to_string(kind)) + "|" + std::string(party) + "|" + std::string(cause);
    made.todo = {to_string(id_in_case(case_id_, name)),
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
  work->todo.requester = link.notice->sender.id;
}

void Worklist::open(TodoKind kind, std::string_view party, std::string_view cause, std::string_view requester, WallTime at,
                    std::optional<WallTime> deadline) {
  Work* work = find(kind, party, cause);
  CHECK(work);
  if (is_open_status(work->todo.status)) return;
  work->was_opened = true;
  work->todo.requester = requester;
  work->authored = work->modified = at;
  work->todo.status = "requested";
  work->todo.reason.clear();
  work->todo.reason_codes.clear();
  work->todo.deadline = deadline;
}

bool Worklist::move(TodoKind kind, std::string_view party, std::string_view cause, std::string_view status, WallTime at,
                    std::string_view reason) {
  bool moved = false;
  for (Work& work : works_) {
    if (work.todo.kind != kind || !is_open_status(work.todo.status)) continue;
    if ((!party.empty() && work.todo.party != party) || (!cause.empty() && work.cause != cause)) continue;
    touch(work, status, at, reason);
    moved = true;
  }
  return moved;
}

void Worklist::set_deadline(TodoKind kind, std::optional<WallTime> deadline) {
  for (Work& work : works_)
    if (work.todo.kind == kind && is_open_status(work.todo.status)) work.todo.deadline = deadline;
}

void Worklist::cancel_all(std::string_view party, WallTime at, std::string_view reason) {
  for (Work& work : works_)
    if (is_open_status(work.todo.status) && (party.empty() || work.todo.party == party)) touch(work, "cancelled", at, reason);
}

void Worklist::finish(WallTime now, const std::vector<Placed>& links, bool case_is_cancelled) {
  auto is_held = [&](const Work& work) {
    return std::any_of(links.begin(), links.end(), [&](const Placed& link) {
      return link.notice && link.fate == Fate::Withheld && (work.cause.empty() || link.root == work.cause);
    });
  };
  for (Work& work : works_) {
    bool is_in_error = case_is_cancelled || work.cause_is_cancelled;
    if (!work.was_opened) work.todo.status = is_in_error ? "entered-in-error" : is_held(work) ? "draft" : "cancelled";
    work.todo.is_late = is_open_status(work.todo.status) && work.todo.deadline && *work.todo.deadline < now;
  }
  std::sort(works_.begin(), works_.end(), [](const Work& a, const Work& b) {
    return std::tuple(a.todo.kind, a.cause_at, std::string_view(a.todo.id)) <
           std::tuple(b.todo.kind, b.cause_at, std::string_view(b.todo.id));
  });
}

}  // namespace vardbron::care
