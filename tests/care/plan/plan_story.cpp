#include "tests/care/plan/plan_story.h"

#include <algorithm>
#include <utility>

namespace vardbron::care::plan {

Notice& PlanStory::says(const Party& by, Event event, std::string_view at, std::vector<Party> receivers) {
  return from(add(event, at), by, std::move(receivers));
}

Notice& PlanStory::need(std::string_view at) { return says(vc07(), Event::PlanNeed, at, {hsv1(), soc1()}); }

Notice& PlanStory::consent(Consent::Decision decision, std::string_view at, std::vector<Party> units) {
  Notice& notice = says(vc07(), Event::Consent, at);
  notice.consent = Consent{decision, false, {"sip"}, "Patienten", ""};
  for (const Party& each : units) notice.consent->units.push_back(each.id);
  return notice;
}

Notice& PlanStory::call(std::string_view at, std::string_view start) {
  Notice& notice = says(vc07(), Event::SipInvitation, at, {hsv1(), soc1()});
  notice.plan = PlanContent{};
  notice.plan->meeting = PlanMeeting{std::string(start), "", "", "https://video.example/sip"};
  return notice;
}

Notice& PlanStory::agreed(std::string_view at, Event event) {
  Notice& notice = says(vc07(), event, at, {hsv1(), soc1()});
  notice.plan = sip();
  return notice;
}

void PlanStory::until_meeting() {
  need();
  consent(Consent::Decision::Given, "2026-03-12T12:00:00");
  call("2026-03-13T10:00:00", "2026-03-20T13:00:00+01:00");
  says(vc07(), Event::PlanHeld, "2026-03-20T14:00:00");
}

Facts PlanStory::fold(std::string_view now) const {
  const Chain links = chain();
  Facts facts = plan::fold(links, person, policy, moment(now));
  // The chain is gone when this returns.
  for (ChainEntry& link : facts.links) {
    link.notice = nullptr;
    link.write = nullptr;
  }
  return facts;
}

PlanStory agreed_story() {
  PlanStory story;
  story.until_meeting();
  story.agreed("2026-03-20T15:00:00");
  return story;
}

PlanContent sip() {
  PlanContent content;
  content.need = "Omvårdnad och rehabilitering i hemmet";
  content.goals = {{"g1", "Kunna gå till brevlådan", "2026-06-01", false, true, ""}};
  content.activities = {{"a1", "Hemtjänst två gånger om dagen", soc1().id, "", "2026-03-21", "2026-05-31", "", ""},
                        {"a2", "Läkemedelsgenomgång", vc07().id, "Dr Ek", "", "2026-04-10", "", ""}};
  content.nobody_else_acts = true;
  content.main_responsible = vc07().id;
  content.if_worse = "Ring vårdcentralen, efter klockan 17 1177";
  content.follow_up = PlanFollowUp{"2026-05-04", "telefon", ""};
  return content;
}

std::string state_of(const Facts& facts) { return std::string(to_string(facts.state)); }

bool has_finding(const Facts& facts, std::string_view code, std::string_view words) {
  return std::any_of(facts.findings.begin(), facts.findings.end(),
                     [&](const Finding& each) { return each.code == code && each.says.find(words) != std::string::npos; });
}

std::string activity_status(const Facts& facts, std::string_view key) {
  for (const ActivityTask& each : facts.activities)
    if (each.activity.key == key) return each.status;
  return "none";
}

std::string to_text(const Facts& facts) {
  std::string text =
      facts.key.key + " " + state_of(facts) + " " + facts.opener + " " + facts.source + " " + facts.wished_by + "\n";
  const auto task = [&](const PlanTask& each) {
    text += each.name + " " + each.status + " " + each.reason + " " + each.owner + " " + each.requester + "\n";
  };
  for (const Participant& each : facts.participants)
    text += each.name + " " + each.since + " " + each.until + " " + std::to_string(int(each.sharing)) + each.said.answer + "\n";
  for (const Meeting& each : facts.meetings)
    text += each.name + " " + each.at.start + " " + std::to_string(int(each.status)) + std::to_string(each.rebooked) + "\n";
  for (const Edition& each : facts.editions)
    text += each.name + " " + each.by + std::to_string(int(each.status)) + each.content.main_responsible + "\n";
  for (const ActivityTask& each : facts.activities) task(each);
  for (const FollowUpTask& each : facts.follow_ups) task(each);
  for (const PlanGoal& each : facts.goals) text += each.text + "\n";
  for (const ChainEntry& link : facts.links) text += link.identity + " " + std::string(to_string(link.link_status)) + "\n";
  for (const std::vector<std::string>* all : {&facts.viewers, &facts.informed, &facts.changes})
    for (const std::string& each : *all) text += each + "\n";
  for (const Finding& each : facts.findings) text += each.identity + " " + each.code + " " + each.says + "\n";
  return text;
}

}  // namespace vardbron::care::plan
