#include "gateway/care/plan/plan_fold.h"

#include "gateway/care/person/merge_person.h"
#include "gateway/care/plan/plan_editions.h"
#include "gateway/care/plan/plan_meetings.h"
#include "gateway/care/plan/plan_move.h"
#include "gateway/care/plan/plan_participants.h"
#include "gateway/care/plan/plan_speakers.h"
#include "gateway/care/plan/plan_tasks.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace vardbron::care::plan {
namespace {

class Fold {
 public:
  Fold(const Chain& chain, const PersonView& person, const Policy& policy, WallTime now)
      : person_(person),
        now_(now),
        participants_(facts_),
        speakers_(facts_, person, participants_),
        tasks_(facts_, person),
        meetings_(facts_, person),
        editions_(facts_, policy, tasks_) {
    Arranged arranged = arrange(chain);
    facts_.findings = std::move(arranged.findings);
    facts_.links = std::move(arranged.links);
    facts_.editions.emplace_back();
    for (const ChainEntry& link : facts_.links) note(link);
    facts_.id = plan_id(facts_.key);
    facts_.news.resize(facts_.links.size());
    for (std::size_t index = 0; index < facts_.links.size(); ++index) take(index);
    conclude();
  }
  Fold(const Fold&) = delete;

  Facts facts() && { return std::move(facts_); }

 private:
  /// Of every link, whatever becomes of it.
  void note(const ChainEntry& link) {
    if (!link.notice) return;
    const Notice& notice = *link.notice;
    if (const std::optional<PlanKey> key = key_in_chain(notice); key && facts_.key.key.empty()) facts_.key = *key;
    if (notice.plan && !notice.plan->value.empty() && !facts_.key.key.starts_with("sip|"))
      facts_.identity = Identity{notice.plan->system, notice.plan->value};
    for (const Doubt& doubt : notice.doubts) facts_.findings.push_back({link.identity, doubt.code, doubt.says});
    const auto note_names = [&](const std::string& root) {
      if (notice.says() == Event::PlanRevised || notice.says() == Event::PlanAgreed) facts_.edition_names.insert(root);
      if (notice.says() == Event::SipInvitation) facts_.meeting_names.insert(root);
      facts_.follow_up_names.insert(root);
      if (notice.says() == Event::PlanFollowedUp) facts_.follow_up_names.insert(root + std::string(unbooked));
    };
    note_names(link.root);
    // While the first version is missing, what a correction replaces is the root.
    if (notice.event == Event::Corrected && notice.replaces) note_names(care::name_of(*notice.replaces));
    if (notice.consent) facts_.consent_units.insert(notice.consent->units.begin(), notice.consent->units.end());
    if (notice.consent && notice.consent->units.empty()) facts_.consent_units.insert("");
    if (!notice.plan) return;
    for (const PlanActivity& each : notice.plan->activities) facts_.activity_names.insert(plan::name_of(each));
    for (const PlanGoal& each : notice.plan->goals) facts_.goal_names.insert(plan::name_of(each));
  }

  void take(std::size_t index) {
    ChainEntry& link = facts_.links[index];
    if (link.write) return tasks_.write(index);
    if (link.link_status != LinkStatus::Effective || link.notice->event == Event::Nullified) return;
    const Notice& notice = *link.notice;
    if (std::string says = speakers_.why_withheld(notice); !says.empty())
      return leave(index, LinkStatus::Withheld, "no-participant", says);
    // Which kind of plan it is to be may change until there is one. Source: LUS 4:1 st 2.
    if (notice.plan && facts_.editions.front().status == Edition::Status::Draft) facts_.key.kind = notice.plan->kind;
    const std::vector<std::string> before = participants_.active();
    if (speakers_.takes_back_nothing(notice))
      return leave(index, LinkStatus::History, "no-plan",
                   "No plan with this identity that the sender takes part in is known: nothing was taken back.");
    const std::string not_taken = notice.consent && is_of_plan(*notice.consent) ? speakers_.why_not_consent(notice) : "";
    if (notice.consent && is_of_plan(*notice.consent) && not_taken.empty()) take_consent(link);
    const std::optional<Move> move = move_of(notice.says(), kind());
    if (!move && notice.consent && !is_of_plan(*notice.consent))
      return leave(index, LinkStatus::History, "consent-of-another-kind",
                   "The consent is of something else than the plan (category sip), and changes nothing here.");
    if (!move && !not_taken.empty()) return leave(index, LinkStatus::History, "not-a-huvudman", not_taken);
    if (!move) return finish_link_without_move(index, before);
    if (!not_taken.empty()) facts_.findings.push_back({link.identity, "not-a-huvudman", not_taken});
    if (std::string says = speakers_.why_not(*move, notice); !says.empty())
      return leave(index, LinkStatus::History, "not-allowed-in-state", "The notice changes nothing: " + says + ".");
    const Step step = plan::step(facts_.state, *move);
    if (!step.allowed)
      return leave(index, LinkStatus::History, "not-allowed-in-state",
                   "The notice changes nothing: " + std::string(step.because) + ".");
    if (draws_up(*move) && is_lacking(index)) return;
    if (*move != Move::Participants && *move != Move::Died) participants_.join(link);
    facts_.state = step.to;
    apply(*move, index);
    finish_link(index, notice.says());
  }

  const Kind& kind() const { return kind_of(facts_.key.kind); }

  /// What the person decided of one unit is shown to the others as what it changes; a refusal as that there is no plan.
  void finish_link_without_move(std::size_t index, const std::vector<std::string>& before) {
    const Notice& notice = *facts_.links[index].notice;
    if (notice.acknowledges) return acknowledge(index);
    if (!notice.consent) return;
    const bool is_of_units = !notice.consent->units.empty();
    finish_link(index, is_of_units ? Event::PlanParticipants : Event::Consent);
    if (is_of_units && before == participants_.active()) facts_.news[index].audience.clear();
  }

  /// A participant acknowledges a notice once.
  void acknowledge(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    if (link.target == ChainEntry::no_target)
      return leave(index, LinkStatus::History, "nothing-to-acknowledge", "The notice that this one acknowledges has not come.");
    facts_.received.try_emplace({link.target, link.notice->sender.id}, link.notice->happened.text);
    facts_.news[index].shown = Event::Receipt;
    const std::vector<std::string> active = participants_.active();
    const std::string& sender = facts_.links[link.target].notice->sender.id;
    if (std::binary_search(active.begin(), active.end(), sender)) facts_.news[index].audience = {sender};
  }

  void finish_link(std::size_t index, Event shown) {
    const Notice& notice = *facts_.links[index].notice;
    speakers_.vouch(notice);
    if (std::string says = speakers_.why_nobody_is_asked(notice); !says.empty())
      facts_.findings.push_back({facts_.links[index].identity, "dead-elsewhere", std::move(says)});
    facts_.news[index] = {participants_.active(), facts_.is_silent() ? Event::PlanCancelled : shown};
    std::erase(facts_.news[index].audience, notice.sender.id);
    facts_.person_said = std::max(facts_.person_said, notice.happened.at);
    merge_person(facts_.person, notice, person_, facts_.findings);
    facts_.protection = std::max(facts_.protection, notice.person.protection);
    if (facts_.opener.empty()) facts_.opener = notice.sender.id;
    if (!facts_.stay && !notice.case_identity.value.empty()) facts_.stay = notice.case_identity;
    participants_.remember();
  }

  void leave(std::size_t index, LinkStatus status, std::string code, std::string says) {
    ChainEntry& link = facts_.links[index];
    link.link_status = status;
    facts_.findings.push_back({link.identity, std::move(code), std::move(says)});
  }

  bool is_lacking(std::size_t index) {
    const Notice& notice = *facts_.links[index].notice;
    PlanContent content = notice.plan.value_or(PlanContent{});
    content.kind = facts_.key.kind;
    const Result<void> complete = check_points(content, parties_of(notice));
    if (complete) return false;
    leave(index, LinkStatus::History, "plan-lacks-point", complete.failure().says);
    return true;
  }

  void take_consent(const ChainEntry& link) {
    const Notice& notice = *link.notice;
    const bool takes_back = notice.consent->decision != Consent::Decision::Given;
    if (!notice.consent->units.empty()) {
      for (const std::string& unit : participants_.decide(link)) tasks_.cancel_of(unit, link.at, changed_participants);
      if (!takes_back && is_active(facts_.state))
        for (const std::string& unit : notice.consent->units) tasks_.ask_again(unit, link.at);
      return;
    }
    facts_.consents[""] = {*notice.consent, notice.sender.id, notice.happened};
    const bool is_given = notice.consent->decision == Consent::Decision::Given;
    facts_.consent = is_given ? Sharing::Permitted : Sharing::Denied;
    if (!kind().needs_consent) return;
    const Step step = plan::step(facts_.state, is_given ? Move::ConsentGiven : Move::ConsentRefused);
    if (step.allowed) facts_.state = step.to;
    if (step.allowed && step.to == State::EjAktuell) {
      end(link.at, "planen är inte aktuell");
      editions_.set_aside();
    }
    if (facts_.opener.empty()) participants_.join(link);
  }

  void apply(Move move, std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    const Notice& notice = *link.notice;
    switch (move) {
      case Move::Need:
        if (notice.plan && !notice.plan->wished_by.empty()) facts_.wished_by = notice.plan->wished_by;
        return editions_.prepare(notice);
      case Move::Participants:
        for (const std::string& unit : participants_.set(link)) tasks_.cancel_of(unit, link.at, changed_participants);
        return;
      case Move::Called:
        meetings_.call(link);
        participants_.forget_answers();
        return editions_.prepare(notice);
      case Move::Answered: return participants_.answer(link);
      case Move::Held: meetings_.end(Meeting::Status::Held); return editions_.prepare(notice);
      case Move::Drafted: return editions_.draft(link);
      case Move::Agreed: return editions_.agree(link);
      case Move::Approved: return editions_.approve(link);
      case Move::Activity: return take_activities(index);
      case Move::FollowedUp: return tasks_.follow_up(link);
      case Move::Revised: return editions_.revise(link);
      case Move::Cancelled: return meetings_.end(Meeting::Status::Cancelled);
      case Move::Closed: return end(link.at, "avslutad plan");
      case Move::Died: return end(link.at, "avliden");
      case Move::ConsentGiven:
      case Move::ConsentRefused: return;
    }
  }

  void take_activities(std::size_t index) {
    if (facts_.links[index].notice->plan) return tasks_.take_activities(index);
    leave(index, LinkStatus::History, "no-such-activity", "The notice names no insats of the plan.");
  }

  void end(WallTime at, std::string_view because) {
    facts_.ended = because;
    tasks_.cancel_all(at, because);
    meetings_.end(Meeting::Status::Cancelled);
  }

  void conclude() {
    facts_.protection = std::max(facts_.protection, person_.protection());
    if (const StayView* death = person_.death(); death != nullptr && step(facts_.state, Move::Died).allowed) {
      facts_.state = State::Avliden;
      const Result<time::CivilTime> at = time::parse_civil(death->person.deceased_at);
      end(at ? at->at : death->said, "avliden");
    }
    settle_cancelled();
    name_viewers();
    // It is referred to only where all who read the plan may follow that.
    for (const StayView& each : person_.others)
      if (facts_.stay && each.case_key.ends_with(care::name_of(*facts_.stay)) &&
          std::includes(each.viewers.begin(), each.viewers.end(), facts_.viewers.begin(), facts_.viewers.end()))
        facts_.encounter = each.encounter;
    const Edition& edition = facts_.current();
    facts_.source = !edition.content.main_responsible.empty() ? edition.content.main_responsible
                    : facts_.first_call                       ? facts_.first_call->by.id
                                                              : facts_.opener;
    std::map<std::string, PlanGoal> goals;
    for (const Edition& each : facts_.editions)
      for (const PlanGoal& goal : each.content.goals) goals[plan::name_of(goal)] = goal;
    for (auto& [name, goal] : goals) facts_.goals.push_back(std::move(goal));
    tasks_.finish(now_);
  }

  /// All that was said of the plan is cancelled by those who said it.
  void settle_cancelled() {
    const bool was_said = std::any_of(facts_.links.begin(), facts_.links.end(),
                                      [](const ChainEntry& link) { return link.link_status == LinkStatus::Nullified; });
    if (facts_.state == State::None && was_said) facts_.state = State::Makulerad;
  }

  void name_viewers() {
    for (const Participant& each : facts_.participants) {
      if (each.party.id.empty()) continue;
      if (each.takes_part()) facts_.viewers.push_back(each.party.id);
      if (each.was_shared_with) facts_.informed.push_back(each.party.id);
    }
    if (facts_.state == State::Makulerad) facts_.viewers = facts_.informed = participants_.named_in_cancelled();
    for (std::vector<std::string>* all : {&facts_.viewers, &facts_.informed}) std::sort(all->begin(), all->end());
    for (std::size_t index = 0; index < facts_.links.size(); ++index) {
      const ChainEntry& link = facts_.links[index];
      const bool cancels = link.notice && link.notice->event == Event::Nullified && link.link_status == LinkStatus::Effective;
      if (!cancels || link.target == ChainEntry::no_target) continue;
      facts_.news[index] = {facts_.viewers, facts_.links[link.target].notice->says()};
      std::erase(facts_.news[index].audience, link.notice->sender.id);
    }
  }

  const PersonView& person_;
  WallTime now_;
  Facts facts_;
  PlanParticipants participants_;
  PlanSpeakers speakers_;
  PlanTasks tasks_;
  PlanMeetings meetings_;
  PlanEditions editions_;
};

}  // namespace

Facts fold(const Chain& chain, const PersonView& person, const Policy& policy, WallTime now) {
  return Fold(chain, person, policy, now).facts();
}

}  // namespace vardbron::care::plan
