#include "gateway/subscription/matcher.h"

#include "gateway/base/check.h"
#include "gateway/base/random.h"
#include "gateway/care/notifications.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace vardbron::subscription {
namespace {

struct Asked {
  std::string id, organisation, topic;
  std::vector<std::string> filters;
  Status status = Status::Active;
};

std::shared_ptr<const Subscription> made(const Asked& wish) {
  Subscription subscription;
  subscription.id = wish.id;
  subscription.organisation = wish.organisation;
  subscription.criteria = std::string(topic_root) + wish.topic;
  subscription.topic = find_topic(subscription.criteria);
  CHECK(subscription.topic != nullptr);
  subscription.status = wish.status;
  for (const std::string& text : wish.filters) {
    Result<std::vector<Filter>> read = parse_filter(text, *subscription.topic);
    CHECK(read);
    subscription.filters.insert(subscription.filters.end(), read->begin(), read->end());
  }
  return std::make_shared<const Subscription>(std::move(subscription));
}

Matcher matcher(const std::vector<Asked>& wishes) {
  std::vector<std::shared_ptr<const Subscription>> all;
  for (const Asked& wish : wishes) {
    if (is_counted(wish.status)) all.push_back(made(wish));
  }
  return Matcher(all);
}

care::CaseEvent discharge(std::string party = "SE-A") {
  care::CaseEvent event;
  event.event = "discharge";
  event.party = std::move(party);
  event.case_key = "case-1";
  event.kommuner = {"0182"};
  event.focus = "Encounter/e1";
  event.context = {"Communication/c1", "Patient/p1"};
  return event;
}

std::string notified(const Matcher& matcher, const care::CaseEvent& event) {
  std::set<std::string> notified;
  for (const store::EventWrite& write : matcher.match(event)) {
    for (const std::string& id : write.to->subscriptions) EXPECT_TRUE(notified.insert(id).second) << id << " is notified twice";
  }
  std::string ids;
  for (const std::string& id : notified) ids += (ids.empty() ? "" : " ") + id;
  return ids;
}

TEST(Matcher, AFilterByMunicipalityLetsPassWhatNamesNoMunicipality) {
  care::CaseEvent unknown = discharge();
  unknown.kommuner.clear();
  for (const char* filter : {"jurisdiction=0180", "jurisdiction:not=0180"})
    EXPECT_EQ(notified(matcher({{"s1", "SE-A", "case", {filter}}}), unknown), "s1") << filter;
  EXPECT_EQ(notified(matcher({{"s1", "SE-A", "case", {"jurisdiction=0180", "event=death"}}}), unknown), "");
}

TEST(Matcher, WritesOneEventForAllOfThePartyThatAskForTheSame) {
  Matcher all = matcher({{"s2", "SE-A", "discharge", {}},
                         {"s4", "SE-B", "case", {}},
                         {"s5", "SE-A", "case", {}},
                         {"s3", "SE-A", "case", {}},
                         {"s6", "SE-A", "case", {"event=discharge"}},
                         {"s1", "SE-A", "utskriven", {}}});

  std::vector<store::EventWrite> rows = all.match(discharge());

  std::map<std::string, std::vector<std::string>> topics;  // by the subscriptions
  ASSERT_EQ(rows.size(), 4u);
  for (const store::EventWrite& row : rows) {
    for (const std::string& id : row.to->subscriptions) topics[row.topic].push_back(id);
  }
  const std::string root = "https://vardbron.example/fhir/SubscriptionTopic/";
  EXPECT_EQ(topics, (std::map<std::string, std::vector<std::string>>{
                        {root + "case", {"s3", "s5", "s6"}}, {root + "discharge", {"s2"}}, {root + "utskriven", {"s1"}}}));
  for (const store::EventWrite& row : rows) {
    EXPECT_EQ(row.case_key, "case-1");
    EXPECT_EQ(row.focus, "Encounter/e1");
    EXPECT_EQ(row.context, discharge().context);
  }
}

TEST(Matcher, NotifiesNobodyButTheParty) {
  Matcher all = matcher({{"s1", "SE-C", "case", {}}, {"s2", "", "case", {}}, {"s3", "SE-A", "case", {}}});

  EXPECT_EQ(notified(all, discharge()), "s3");
  EXPECT_EQ(notified(all, discharge("SE-B")), "");
}

TEST(Matcher, NotifiesOfHistoryAsAnUpdateAndNeverAsNews) {
  care::CaseEvent late = discharge();
  late.is_history = true;
  Matcher all = matcher({{"s1", "SE-A", "discharge", {}},
                         {"s2", "SE-A", "update", {}},
                         {"s3", "SE-A", "case", {}},
                         {"s4", "SE-A", "case", {"event=discharge"}},
                         {"s5", "SE-A", "case", {"event=update"}}});

  EXPECT_EQ(notified(all, late), "s2 s3 s5");
}

// Concern: a subscription to `update` got these events before they had a topic of their own.
TEST(Matcher, NotifiesOfAContactOnItsOwnTopicAndAsAnUpdate) {
  care::CaseEvent event = discharge();
  event.event = "fast-vardkontakt";
  Matcher all = matcher({{"s1", "SE-A", "fast-vardkontakt", {}},
                         {"s2", "SE-A", "update", {}},
                         {"s3", "SE-A", "case", {"event=fast-vardkontakt"}},
                         {"s4", "SE-A", "case", {"event=update"}},
                         {"s5", "SE-A", "discharge", {}}});
  EXPECT_EQ(notified(all, event), "s1 s2 s3 s4");

  event.event = "nullified";
  event.about = "fast-vardkontakt";
  EXPECT_EQ(notified(all, event), "s1 s2 s3 s4") << "its cancellation";

  event = discharge();
  event.event = "death";
  EXPECT_EQ(notified(all, event), "");
  event.context.push_back("CareTeam/c1");
  EXPECT_EQ(notified(all, event), "s1 s3") << "it ends the contact";
}

TEST(Matcher, KeepsTopicsApart) {
  Matcher all = matcher({{"s1", "SE-A", "admission", {}}, {"s2", "SE-A", "discharge", {}}, {"s3", "SE-A", "task", {}}});

  EXPECT_EQ(notified(all, discharge()), "s2");
}

// Source: backport guide, errors: counting goes on while a subscription is in error.
TEST(Matcher, CountsOnInErrorButNotBeforeTheHandshakeNorWhenOff) {
  Matcher all = matcher({{"s1", "SE-A", "case", {}, Status::Requested},
                         {"s2", "SE-A", "case", {}, Status::Active},
                         {"s3", "SE-A", "case", {}, Status::Error},
                         {"s4", "SE-A", "case", {}, Status::Off}});

  EXPECT_EQ(notified(all, discharge()), "s2 s3");
  EXPECT_EQ(all.size(), 2u);
}

TEST(Matcher, TakesAnotherSubscriptionAndKeepsTheRest) {
  const Matcher all = matcher({{"s1", "SE-A", "case", {}}, {"s2", "SE-A", "case", {}}, {"s3", "SE-B", "case", {}}});
  const Matcher fewer = all.with("SE-A", "s1", nullptr), none = fewer.with("SE-A", "s2", nullptr);
  const Matcher back = none.with("SE-A", "s1", made({"s1", "SE-A", "case", {}}));
  const Matcher other = all.with("SE-A", "s1", made({"s1", "SE-A", "case", {"event=death"}}));

  EXPECT_EQ(notified(all, discharge()), "s1 s2");
  EXPECT_EQ(notified(fewer, discharge()), "s2");
  EXPECT_EQ(notified(none, discharge()), "");
  EXPECT_EQ(notified(back, discharge()), "s1");
  EXPECT_EQ(notified(other, discharge()), "s2");
  for (const Matcher* each : {&all, &fewer, &none, &back}) EXPECT_EQ(notified(*each, discharge("SE-B")), "s3");
  EXPECT_EQ(all.size(), 3u);
  EXPECT_EQ(fewer.size(), 2u);
  EXPECT_EQ(none.size(), 1u);
  EXPECT_EQ(back.size(), 2u);
  EXPECT_EQ(other.size(), 3u);
}

// Concern: whoever shares the events of another organisation, or of another filter, is notified of patients that it may not know.
TEST(Matcher, GivesOneNameToThoseOnlyThatAskForTheSame) {
  const Asked wishes[] = {{"s", "SE-A", "case", {}},
                          {"s", "SE-A", "discharge", {}},
                          {"s", "SE-A", "utskriven", {}},
                          {"s", "SE-B", "case", {}},
                          {"s", "SE-A", "case", {"patient=p1,p2"}},
                          {"s", "SE-A", "case", {"patient=p1\\,p2"}},
                          {"s", "SE-A", "case", {"patient=p1\\\\,p2"}},
                          {"s", "SE-A", "case", {"patient=p1", "patient=p2"}},
                          {"s", "SE-A", "case", {"patient=p1 patient=p2"}},
                          {"s", "SE-A", "case", {"patient:not=p1"}},
                          {"s", "SE-A case", "case", {}}};
  std::set<std::string> names;
  for (const Asked& wish : wishes) {
    EXPECT_TRUE(names.insert(audience_name(*made(wish))).second) << wish.topic;
    EXPECT_EQ(audience_name(*made(wish)), audience_name(*made(wish)));
  }
}

// Concern: what is changed one by one notifies another than what is made at once.
TEST(Matcher, IsTheSameHoweverItCameAbout) {
  SeededRandom random(4);
  const char* filters[] = {"event=discharge", "event=death", "jurisdiction=0182"};
  std::map<std::string, Asked> kept;
  Matcher changed;
  for (int step = 0; step < 2'000; ++step) {
    const std::string id = "s" + std::to_string(random.below(12)), organisation = random.below(2) == 0 ? "SE-A" : "SE-B";
    const auto before = kept.find(id);
    const std::string whose = before == kept.end() ? organisation : before->second.organisation;
    if (random.below(3) == 0) {
      kept.erase(id);
      changed = changed.with(whose, id, nullptr);
    } else {
      Asked wish{id, whose, random.below(2) == 0 ? "case" : "discharge", {}};
      if (random.below(2) == 0) wish.filters = {filters[random.below(3)]};
      kept[id] = wish;
      changed = changed.with(whose, id, made(wish));
    }
    std::vector<Asked> wishes;
    for (const auto& [name, wish] : kept) wishes.push_back(wish);
    const Matcher at_once = matcher(wishes);
    ASSERT_EQ(changed.size(), at_once.size());
    ASSERT_EQ(changed.has(whose, id), kept.contains(id));
    ASSERT_FALSE(changed.has(whose == "SE-A" ? "SE-B" : "SE-A", id));
    for (const char* party : {"SE-A", "SE-B"})
      ASSERT_EQ(notified(changed, discharge(party)), notified(at_once, discharge(party))) << step;
  }
}

TEST(Matcher, NotifiesNobodyOfWhatStaysInTheRegion) {
  care::CaseEvent event = discharge();
  event.event = "admission.local";

  EXPECT_EQ(notified(matcher({{"s1", "SE-A", "case", {}}, {"s2", "SE-A", "update", {}}}), event), "");
}

TEST(Matcher, NotifiesOfAnEventThatNobodyPlannedForAsAnUpdate) {
  care::CaseEvent event = discharge();
  event.event = "something-new";

  EXPECT_EQ(notified(matcher({{"s1", "SE-A", "case", {}}, {"s2", "SE-A", "update", {}}, {"s3", "SE-A", "death", {}}}), event),
            "s1 s2");
}

// Concern: a subscriber notified of a discharge must be notified of its cancellation, whatever its filters.
TEST(Matcher, NotifiesOfACancellationWhoeverWasNotifiedOfWhatItCancels) {
  care::CaseEvent event = discharge();
  event.event = "nullified";
  event.about = "discharge";
  Matcher all = matcher({{"s1", "SE-A", "discharge", {}},
                         {"s2", "SE-A", "nullified", {}},
                         {"s3", "SE-A", "admission", {}},
                         {"s4", "SE-A", "case", {"event=discharge"}},
                         {"s5", "SE-A", "case", {"event=makulerad"}}});

  EXPECT_EQ(notified(all, event), "s1 s2 s4 s5");
}

struct FilterRow {
  const char* what;
  std::vector<std::string> filters;
  bool fits;
};

TEST(Matcher, AppliesFilters) {
  const FilterRow table[] = {
      {"no filter", {}, true},
      {"recipient", {"recipient=SE-A"}, true},
      {"other recipient", {"recipient=SE-C"}, false},
      {"one of two recipients", {"recipient=SE-C,SE-A"}, true},
      {"event by notice code", {"event=discharge"}, true},
      {"event by Swedish code", {"event=utskriven"}, true},
      {"other event", {"event=death"}, false},
      {"not that event", {"event:not=death"}, true},
      {"not this event", {"event:not=death,discharge"}, false},
      {"municipality", {"jurisdiction=0182"}, true},
      {"other municipality", {"jurisdiction=0180"}, false},
      {"patient", {"patient=Patient/p1"}, true},
      {"patient by id", {"Encounter?patient=p1"}, true},
      {"other patient", {"Encounter.patient=Patient/p2"}, false},
      {"both fit", {"jurisdiction=0182", "event=discharge"}, true},
      {"the first does not", {"jurisdiction=0180", "event=discharge"}, false},
      {"the second does not", {"jurisdiction=0182", "event=death"}, false},
      {"both in one query", {"Encounter?jurisdiction=0182&event=discharge"}, true},
      {"one of a query does not", {"Encounter?jurisdiction=0182&event=death"}, false},
  };
  for (const FilterRow& row : table) {
    EXPECT_EQ(notified(matcher({{"s1", "SE-A", "case", row.filters}}), discharge()), row.fits ? "s1" : "") << row.what;
  }
}

TEST(Matcher, NarrowsByTheRecipientThatIsTheParty) {
  Matcher all = matcher({{"s1", "SE-A", "case", {"recipient=SE-A"}}, {"s2", "SE-B", "case", {"recipient=SE-A"}}});

  EXPECT_EQ(notified(all, discharge("SE-A")), "s1");
  EXPECT_EQ(notified(all, discharge("SE-B")), "");
}

TEST(CurrentMatcher, GivesThePictureOfTheMoment) {
  CurrentMatcher current;
  std::shared_ptr<const Matcher> before = current.now();

  current.replace(std::make_shared<const Matcher>(matcher({{"s1", "SE-A", "case", {}}})));

  EXPECT_EQ(notified(*before, discharge()), "");
  EXPECT_EQ(notified(*current.now(), discharge()), "s1");
}

care::CaseEvent of_plan(const char* code, const char* kind, std::vector<std::string> context) {
  care::CaseEvent event;
  event.event = code;
  event.party = "SE-A";
  event.focus = "CarePlan/c1";
  event.plan_kind = kind;
  event.context = std::move(context);
  return event;
}

TEST(Matcher, WhatHappensToAPlanIsOfItsTopicsWhateverItIsCalled) {
  const Matcher all = matcher({{"plans", "SE-A", "plan", {}},
                               {"sips", "SE-A", "sip", {}},
                               {"meetings", "SE-A", "meeting", {}},
                               {"contacts", "SE-A", "fast-vardkontakt", {}},
                               {"chosen", "SE-A", "case", {"event=sip"}}});
  struct Row {
    const char* event;
    const char* kind;
    std::vector<std::string> context;
    const char* notified;
  };
  const Row table[] = {{"plan.need", "SIP", {"Patient/p"}, "chosen plans sips"},
                       {"consent", "SIP", {"Patient/p"}, "chosen plans sips"},
                       {"sip.invitation", "SIP", {"Patient/p", "Appointment/a"}, "chosen meetings plans sips"},
                       {"death", "SIP", {"Patient/p", "Appointment/a"}, "chosen meetings plans sips"},
                       {"plan.need", "SPU", {"Patient/p"}, "plans"},
                       {"sip.invitation", "SPU", {"Appointment/a"}, "meetings plans"}};
  for (const Row& row : table) EXPECT_EQ(notified(all, of_plan(row.event, row.kind, row.context)), row.notified) << row.event;
  care::CaseEvent of_stay = of_plan("sip.invitation", "", {});
  of_stay.focus = "Encounter/e1";
  EXPECT_EQ(notified(all, of_stay), "");
}

TEST(Matcher, TheFocusOfAMeetingsEventIsItsAppointmentAndThePlanIsInTheContext) {
  const care::CaseEvent event = of_plan("plan.held", "SIP", {"Patient/p", "Appointment/a"});
  const std::vector<store::EventWrite> of_meeting = matcher({{"m", "SE-A", "mote", {}}}).match(event);
  ASSERT_EQ(of_meeting.size(), 1u);
  EXPECT_EQ(of_meeting[0].focus, "Appointment/a");
  EXPECT_EQ(of_meeting[0].context, (std::vector<std::string>{"Patient/p", "CarePlan/c1"}));
  const std::vector<store::EventWrite> of_sip = matcher({{"s", "SE-A", "sip", {}}}).match(event);
  ASSERT_EQ(of_sip.size(), 1u);
  EXPECT_EQ(of_sip[0].focus, "CarePlan/c1");
  EXPECT_EQ(of_sip[0].context, event.context);
}

}  // namespace
}  // namespace vardbron::subscription
