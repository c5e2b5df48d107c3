#include "gateway/care/plan/plan_meetings.h"

#include <algorithm>

namespace vardbron::care::plan {

void PlanMeetings::call(const ChainEntry& link) {
  const Notice& notice = *link.notice;
  if (!facts_.first_call) facts_.first_call = Call{notice.happened, notice.sender};
  Meeting* meeting = booked();
  if (meeting == nullptr) {
    meeting = &facts_.meetings.emplace_back();
    meeting->name = facts_.meetings.size() == 1 ? "" : link.root;
    meeting->called = notice.happened;
  } else {
    ++meeting->rebooked;
  }
  set_time(*meeting, link);
}

void PlanMeetings::end(Meeting::Status status) {
  if (Meeting* meeting = booked()) meeting->status = status;
}

Meeting* PlanMeetings::booked() {
  const bool is_booked = !facts_.meetings.empty() && facts_.meetings.back().status == Meeting::Status::Booked;
  return is_booked ? &facts_.meetings.back() : nullptr;
}

void PlanMeetings::set_time(Meeting& meeting, const ChainEntry& link) {
  const Notice& notice = *link.notice;
  if (notice.plan && notice.plan->meeting && !notice.plan->meeting->place.empty() &&
      std::max({facts_.protection, person_.protection(), notice.person.protection}) != Protection::None)
    facts_.findings.push_back({link.identity, "place-not-passed-on",
                               "The person's identity is protected, so where the meeting is to be is not passed on. Tell the "
                               "participants in another way."});
  if (notice.plan && notice.plan->meeting)
    meeting.at = *notice.plan->meeting;
  else
    facts_.findings.push_back({link.identity, "call-without-time",
                               "The call names no time of the meeting; those who are called see that one is to come."});
}

}  // namespace vardbron::care::plan
