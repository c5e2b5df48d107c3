#include "gateway/base/random.h"
#include "gateway/care/plan/plan_writer.h"
#include "gateway/fhir/check.h"
#include "tests/care/our_definitions.h"
#include "tests/care/plan/plan_story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdio>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Concern: the result does not depend on the order in which notices arrive.

namespace vardbron::care::plan {
namespace {

constexpr Event events[] = {
    Event::PlanNeed,    Event::PlanParticipants, Event::Consent,      Event::SipInvitation, Event::PlanAnswer,
    Event::PlanHeld,    Event::PlanAgreed,       Event::PlanApproved, Event::PlanActivity,  Event::PlanFollowedUp,
    Event::PlanRevised, Event::PlanCancelled,    Event::PlanClosed,   Event::Death};

/// An arbitrary plan: any notices, at any time, corrected and cancelled by any organisation.
class RandomPlan {
 public:
  explicit RandomPlan(SeededRandom& random) : random_(random) {}

  Chain chain() {
    PlanStory story;
    if (!chance(4)) story.until_meeting();
    if (!chance(3)) made_.push_back(story.agreed(time()));
    const std::size_t length = 1 + random_.below(10);
    for (std::size_t step = 0; step < length; ++step) add(story);
    Chain chain = story.chain();
    if (chance(3)) chain.emplace_back(a_write(story));
    return chain;
  }

 private:
  bool chance(std::uint64_t one_in) { return random_.below(one_in) == 0; }

  std::string time() {
    char text[40];
    std::snprintf(text, sizeof text, "2026-03-%02uT%02u:00:00", unsigned(12 + random_.below(14)), unsigned(random_.below(24)));
    return text;
  }

  const Party& somebody() {
    static const std::vector<Party> cast = {vc07(), hsv1(), soc1(), med5(), soc_1280()};
    return cast[random_.below(cast.size())];
  }

  void add(PlanStory& story) {
    Notice* notice = nullptr;
    if (!made_.empty() && chance(4)) {
      const Notice original = made_[random_.below(made_.size())];
      const bool is_cancellation = chance(2) || original.event == Event::Nullified;
      notice = is_cancellation ? &story.cancel(original, time()) : &story.correct(original, time());
    } else {
      notice = &story.says(vc07(), events[random_.below(std::size(events))], time(), {hsv1(), soc1()});
      fill(*notice);
    }
    if (chance(5)) notice->sender = somebody();
    if (chance(5)) notice->receivers = {somebody()};
    if (chance(20)) notice->person.identifiers[0].value = "196101182803";
    if (chance(20)) notice->person.protection = Protection::SkyddadFolkbokforing;
    made_.push_back(*notice);
  }

  void fill(Notice& notice) {
    if (!chance(4)) notice.plan = sip();
    if (notice.event == Event::SipInvitation && notice.plan)
      notice.plan->meeting = PlanMeeting{time() + "+01:00", "", "Sal 1", ""};
    if (notice.plan && chance(4)) notice.plan->kind = PlanKind::SplptLrv;
    if (notice.plan && chance(3)) notice.plan->decision = "Beslut";
    if (notice.plan && chance(4)) notice.plan->main_responsible.clear();
    if (notice.plan && chance(4)) notice.plan->activities[0].key = "b" + std::to_string(random_.below(3));
    if (notice.plan && chance(4)) notice.plan->goals[0].text = "Mål " + std::to_string(random_.below(3));
    if (notice.plan && chance(4)) notice.plan->participants = {{"", "narstaende", "Maj", "", "accepted"}};
    if (notice.event == Event::PlanActivity && notice.plan) notice.plan->activities[0].status = "completed";
    if (notice.event != Event::Consent && !chance(6)) return;
    notice.consent = Consent{Consent::Decision(random_.below(3)), chance(3), {"sip"}, "Patienten", ""};
    if (chance(2)) notice.consent->units = {somebody().id};
  }

  Write a_write(const PlanStory& story) {
    const Facts facts = story.fold();
    Write write;
    write.identity = "w1";
    if (!facts.activities.empty()) {
      write.task = id_of(facts, "Task", "insats|" + facts.activities[0].name);
      write.organisation = facts.activities[0].owner;
    }
    write.status = "accepted";
    write.at.at = moment(time());
    write.at.text = "2026-03-25T10:00:00+01:00";
    return write;
  }

  SeededRandom& random_;
  std::vector<Notice> made_;
};

template <class T>
void shuffle(std::vector<T>& values, SeededRandom& random) {
  for (std::size_t last = values.size(); last > 1; --last) std::swap(values[last - 1], values[random.below(last)]);
}

std::string whole_text(const Chain& chain) {
  const Facts facts = fold(chain, {}, {}, moment("2026-05-10T12:00:00"));
  std::string text = to_text(facts);
  for (const Projected& each : resources(facts, {}, r4().names())) {
    text += care::to_text(each.document) + (each.is_former ? " former for" : " for");
    for (const std::string& party : each.parties) text += " " + party;
  }
  return text;
}

TEST(PlanOrder, IsTheSameToTheByteInWhateverOrderNoticesArrive) {
  SeededRandom random(10'08);
  std::size_t active = 0, withdrawn = 0;
  for (int round = 0; round < 100; ++round) {
    Chain chain = RandomPlan(random).chain();
    const Facts facts = fold(chain, {}, {}, moment("2026-05-10T12:00:00"));
    const std::string expected = whole_text(chain);
    active += is_active(facts.state);
    withdrawn += facts.viewers.size() < facts.informed.size();
    for (int order = 0; order < 20; ++order) {
      shuffle(chain, random);
      ASSERT_EQ(whole_text(chain), expected) << "round " << round;
    }
  }
  EXPECT_GT(active, 10u);
  EXPECT_GT(withdrawn, 10u);
}

// Concern: resources are stored, so none may vanish when a notice is added, and each is one that R4 knows.
TEST(PlanOrder, LosesNoResourceWhenTheChainGrows) {
  SeededRandom random(16'04);
  for (int round = 0; round < 100; ++round) {
    Chain chain = RandomPlan(random).chain();
    shuffle(chain, random);
    std::set<std::string> stored;
    for (std::size_t length = 1; length <= chain.size(); ++length) {
      const Chain part(chain.begin(), chain.begin() + std::ptrdiff_t(length));
      std::set<std::string> now;
      for (const Projected& each : resources(fold(part, {}, {}, moment("2026-05-10T12:00:00")), {}, r4().names())) {
        ASSERT_TRUE(now.insert(each.type + "/" + each.id).second) << "ids are there once";
        if (!each.is_former) stored.insert(each.type + "/" + each.id);
        ASSERT_THAT(undefined_in(each.document), testing::IsEmpty()) << care::to_text(each.document);
        for (const fhir::Issue& issue : fhir::check(each.document, r4()))
          FAIL() << issue.says << " at " << issue.where << " in " << care::to_text(each.document);
      }
      for (const std::string& each : stored) ASSERT_TRUE(now.contains(each)) << each << " round " << round;
    }
  }
}

// Concern: who the person does not let read the plan, or who takes no part, reads nothing of it.
TEST(PlanOrder, ShowsNothingToWhoTakesNoPart) {
  SeededRandom random(25'01);
  for (int round = 0; round < 200; ++round) {
    const Chain chain = RandomPlan(random).chain();
    const Facts facts = fold(chain, {}, {}, moment("2026-05-10T12:00:00"));
    if (facts.state == State::Makulerad) continue;
    std::set<std::string> deciding;
    for (const auto& [unit, consent] : facts.consents) deciding.insert(consent.by);
    for (const Projected& each : resources(facts, {}, r4().names()))
      for (const std::string& party : each.parties) {
        if (each.type == "Consent" && deciding.contains(party)) continue;
        const Participant* participant = facts.find(party);
        ASSERT_NE(participant, nullptr) << party;
        ASSERT_TRUE(participant->takes_part()) << party << " reads " << each.type << " round " << round;
      }
  }
}

}  // namespace
}  // namespace vardbron::care::plan
