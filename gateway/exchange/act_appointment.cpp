// Tested by tests/rest/plan_acts_test.cpp.

#include "gateway/care/chain/chain.h"
#include "gateway/care/plan/plan_resources.h"
#include "gateway/exchange/act.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::exchange {

namespace {

using care::Place;
using tree::Item;

constexpr std::string_view video_url = "https://vardbron.example/fhir/StructureDefinition/videolank";

bool is_answer(std::string_view status) { return status == "accepted" || status == "declined" || status == "tentative"; }

Result<void> only_of_meeting(const Place& place, std::initializer_list<std::string_view> names) {
  for (Item child = place.item.first_child(); child; child = child.next())
    if (std::find(names.begin(), names.end(), child.name_text()) == names.end())
      return not_kept("This is not kept of a meeting. Leave it out.", place.where + "." + std::string(child.name_text()));
  return done();
}

std::string role_of_participant(Item participant) {
  const Item coding = participant.child("type").child("coding");
  return coding.text_of("system") == care::plan::plan_role_system ? std::string(coding.text_of("code")) : std::string();
}

bool is_place(Item actor) { return actor.text_of("type") == "Location" || actor.text_of("reference").starts_with("Location/"); }

bool is_patient(Item actor) { return actor.text_of("reference").starts_with("Patient/"); }

/// A meeting that is called: when, where and with whom.
class MeetingBody {
 public:
  explicit MeetingBody(const ActInput& input) : input_(input) {}

  Result<care::Notice> read() {
    notice_.event = care::Event::SipInvitation;
    meeting_.start = input_.body.text_of("start");
    meeting_.end = input_.body.text_of("end");
    if (meeting_.start.empty()) return not_kept("When the meeting begins is missing.", "Appointment.start");
    for (const Place& each : care::places_of({input_.body, "Appointment"}, "extension"))
      if (Result<void> read = read_video(each); !read) return std::move(read).failure();
    for (const Place& each : care::places_of({input_.body, "Appointment"}, "participant"))
      if (Result<void> read = read_participant(each); !read) return std::move(read).failure();
    content_.meeting = std::move(meeting_);
    notice_.plan = std::move(content_);
    return std::move(notice_);
  }

 private:
  Result<void> read_video(const Place& extension) {
    if (extension.item.text_of("url") != video_url)
      return not_kept("Of a meeting the extension videolank is kept, and no other.", extension.where + ".url");
    meeting_.video_link = extension.item.text_of("valueUrl");
    return only_of_meeting(extension, {"url", "valueUrl"});
  }

  Result<void> read_participant(const Place& participant) {
    if (Result<void> checked = only_of_meeting(participant, {"type", "actor", "status"}); !checked) return checked;
    const Place actor{participant.item.child("actor"), participant.where + ".actor"};
    if (is_place(actor.item)) {
      meeting_.place = actor.item.text_of("display");
      return meeting_.place.empty() ? not_kept("The place is the display.", actor.where + ".display") : done();
    }
    if (is_patient(actor.item)) return done();
    const std::string_view status = participant.item.text_of("status");
    if (status != "needs-action")
      return not_kept("Who is called has not answered: needs-action. Each answers by PUT of the Appointment.",
                      participant.where + ".status");
    std::string role = role_of_participant(participant.item);
    if (participant.item.child("type") && role.empty())
      return not_kept("What somebody is in the plan is a code of " + std::string(care::plan::plan_role_system) + ".",
                      participant.where + ".type");
    if (!actor.item.child("identifier")) return read_person(actor, std::move(role));
    Result<care::Party> party = unit_at(input_, actor);
    if (!party) return std::move(party).failure();
    content_.participants.push_back({party->id, std::move(role), "", "", ""});
    if (party->id != input_.sender) notice_.receivers.push_back(*std::move(party));
    return done();
  }

  Result<void> read_person(const Place& actor, std::string role) {
    if (Result<void> checked = only_of_meeting(actor, {"type", "display"}); !checked) return checked;
    const std::string name(actor.item.text_of("display"));
    if (name.empty()) return not_kept("Who is called has neither an identifier nor a display.", actor.where);
    content_.participants.push_back({"", std::move(role), name, "", ""});
    return done();
  }

  const ActInput& input_;
  care::Notice notice_;
  care::PlanContent content_;
  care::PlanMeeting meeting_;
};

ActRead call_meeting(const ActInput& input) {
  const std::string_view status = input.body.text_of("status");
  if (status != "proposed" && status != "pending" && status != "booked")
    return not_kept("A meeting that is called is proposed, pending or booked.", "Appointment.status");
  if (care::items_of(input.body, "supportingInformation").size() > 1)
    return not_kept("A meeting is of one plan.", "Appointment.supportingInformation[1]");
  Result<care::Notice> called = MeetingBody(input).read();
  if (!called) return std::move(called).failure();
  return std::optional(*std::move(called));
}

/// The answers that differ from those of the Appointment as it is.
Result<std::vector<care::PlanParticipant>> new_answers(const ActInput& input) {
  const std::vector<Place> wanted = care::places_of({input.body, "Appointment"}, "participant"),
                           known = care::places_of({input.current, "Appointment"}, "participant");
  std::vector<care::PlanParticipant> answers;
  if (wanted.empty()) return answers;
  if (wanted.size() != known.size())
    return not_kept(
        "Who is called is said by a call (POST of an Appointment) or a notice plan.participants: send them as they were "
        "read.",
        "Appointment.participant");
  for (std::size_t index = 0; index < wanted.size(); ++index) {
    const Item one = wanted[index].item, other = known[index].item;
    for (const auto& [name, list] : care::by_name(one)) {
      if (name == "status") continue;
      const care::Items there = care::items_of(other, name);
      if (!std::equal(list.begin(), list.end(), there.begin(), there.end(), care::is_same_element))
        return not_kept("Who is called is not changed by an answer: send it as it was read.",
                        wanted[index].where + "." + std::string(name));
    }
    const std::string_view status = one.text_of("status");
    if (status == other.text_of("status")) continue;
    const std::string where = wanted[index].where + ".status";
    const Item actor = other.child("actor");
    const std::string unit = organisation_at(actor.child("identifier"));
    if (is_patient(actor) || (!unit.empty() && unit != input.sender)) return not_kept("Each unit answers for itself.", where);
    if (!is_answer(status)) return not_kept("An answer is accepted, declined or tentative.", where);
    answers.push_back(
        {unit, role_of_participant(other), unit.empty() ? std::string(actor.text_of("display")) : "", "", std::string(status)});
  }
  return answers;
}

ActRead move_meeting(const ActInput& input) {
  const bool is_moved = changes(input, "start") || changes(input, "end");
  const bool has_status = changes(input, "status");
  Result<std::vector<care::PlanParticipant>> answers = new_answers(input);
  if (!answers) return std::move(answers).failure();
  const int said = int(is_moved) + int(has_status) + int(!answers->empty());
  if (said == 0) return std::optional<care::Notice>();
  if (said > 1)
    return not_kept("Answer, move, call off, or say that it was held: one at a time.",
                    has_status ? "Appointment.status" : "Appointment.participant");
  care::Notice notice;
  care::PlanContent content;
  const std::string_view status = input.body.text_of("status");
  if (has_status && status != "cancelled" && status != "fulfilled")
    return not_kept(
        "A meeting is called off (cancelled) or was held (fulfilled); one that was wrong is cancelled by a notice "
        "nullified.",
        "Appointment.status");
  if (has_status) notice.event = status == "cancelled" ? care::Event::PlanCancelled : care::Event::PlanHeld;
  if (!answers->empty()) {
    notice.event = care::Event::PlanAnswer;
    content.participants = *std::move(answers);
  }
  if (is_moved) {
    const Item start = input.body.child("start"), end = input.body.child("end");
    notice.event = care::Event::SipInvitation;
    content.meeting = care::PlanMeeting{std::string(start ? start.text() : input.current.text_of("start")),
                                        std::string(end ? end.text() : std::string_view()), "", ""};
  }
  notice.plan = std::move(content);
  return std::optional(std::move(notice));
}

}  // namespace

ActRead read_appointment_act(const ActInput& input) { return input.current ? move_meeting(input) : call_meeting(input); }

std::vector<std::string> names_of_meeting(const care::Notice& notice) { return {"mote|" + care::name_of(notice.identity), ""}; }

}  // namespace vardbron::exchange
