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

constexpr std::string_view ends_too_early = "The meeting ends before it begins. Send both, start and end.";

bool is_in_order(const std::string& start, const std::string& end) { return end.empty() || care::plan::is_in_order(start, end); }

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
    if (!is_in_order(meeting_.start, meeting_.end)) return not_kept(std::string(ends_too_early), "Appointment.end");
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
    if (!meeting_.video_link.empty()) return not_kept("A meeting has one video link.", extension.where);
    meeting_.video_link = extension.item.text_of("valueUrl");
    return only_of_meeting(extension, {"url", "valueUrl"});
  }

  Result<void> read_participant(const Place& participant) {
    if (Result<void> checked = only_of_meeting(participant, {"type", "actor", "status"}); !checked) return checked;
    const Place actor{participant.item.child("actor"), participant.where + ".actor"};
    if (is_place(actor.item)) return read_place(participant, actor);
    if (is_patient(actor.item)) return read_patient(participant);
    const std::string_view status = participant.item.text_of("status");
    if (status != "needs-action")
      return not_kept("Who is called has not answered: needs-action. Each answers by PUT of the Appointment.",
                      participant.where + ".status");
    std::string role = role_of_participant(participant.item);
    const std::vector<Place> types = care::places_of(participant, "type");
    const bool is_one =
        types.empty() || (types.size() == 1 && care::places_of(types[0], "coding").size() == 1 && !types[0].item.child("text"));
    if (!is_one) return not_kept("What somebody is in the plan is one code, without a text.", types.back().where);
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

  Result<void> read_place(const Place& participant, const Place& actor) {
    if (Result<void> checked = only_of_meeting(actor, {"type", "display"}); !checked) return checked;
    if (participant.item.child("type"))
      return not_kept("This is not kept of a place. Leave it out.", participant.where + ".type");
    if (participant.item.text_of("status") == "declined" || participant.item.text_of("status") == "tentative")
      return not_kept("The place of a meeting is accepted.", participant.where + ".status");
    if (!meeting_.place.empty()) return not_kept("A meeting has one place.", participant.where);
    meeting_.place = actor.item.text_of("display");
    return meeting_.place.empty() ? not_kept("The place is the display.", actor.where + ".display") : done();
  }

  /// The person is always called, and answers nothing here.
  Result<void> read_patient(const Place& participant) {
    if (participant.item.child("type"))
      return not_kept("This is not kept of the Patient. Leave it out.", participant.where + ".type");
    if (participant.item.text_of("status") == "needs-action") return done();
    return not_kept("What the person answers is not kept: needs-action. That the person says no is a Consent (rejected).",
                    participant.where + ".status");
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

/// The meeting at another time, where it was to be. Its place and its link are read of Appointment.comment: R4 has no element of
/// them.
care::PlanMeeting moved(const ActInput& input) {
  const Item start = input.body.child("start"), end = input.body.child("end");
  std::string_view comment = input.current.text_of("comment");
  care::PlanMeeting meeting;
  meeting.start = start ? start.text() : input.current.text_of("start");
  // An end that the gateway has set goes with the start.
  if (changes(input, "end") || !comment.starts_with(care::plan::no_end))
    meeting.end = end ? end.text() : input.current.text_of("end");
  const std::size_t video = comment.rfind(care::plan::video_start);
  if (video != std::string_view::npos) {
    meeting.video_link = comment.substr(video + care::plan::video_start.size());
    comment = comment.substr(0, video == 0 ? 0 : video - 1);
  }
  const std::size_t place = comment.find(care::plan::place_start);
  if (place != std::string_view::npos) meeting.place = comment.substr(place + care::plan::place_start.size());
  return meeting;
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
    notice.event = care::Event::SipInvitation;
    content.meeting = moved(input);
    if (!is_in_order(content.meeting->start, content.meeting->end))
      return not_kept(std::string(ends_too_early), "Appointment.end");
  }
  notice.plan = std::move(content);
  return std::optional(std::move(notice));
}

}  // namespace

ActRead read_appointment_act(const ActInput& input) { return input.current ? move_meeting(input) : call_meeting(input); }

std::vector<std::string> names_of_meeting(const care::Notice& notice) { return {"mote|" + care::name_of(notice.identity), ""}; }

}  // namespace vardbron::exchange
