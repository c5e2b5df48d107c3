#include "gateway/subscription/matcher.h"

#include "gateway/base/check.h"

#include <gtest/gtest.h>

namespace vardbron::subscription {
namespace {

struct Wish {
  std::string id, organisation, topic;
  std::vector<std::string> filters;
  Status status = Status::Active;
};

std::shared_ptr<const Subscription> made(const Wish& wish) {
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

Matcher matcher(const std::vector<Wish>& wishes) {
  std::vector<std::shared_ptr<const Subscription>> all;
  for (const Wish& wish : wishes) {
    if (is_counted(wish.status)) all.push_back(made(wish));
  }
  return Matcher(all);
}

Happening discharge() {
  Happening happening;
  happening.event = "discharge";
  happening.parties = {"SE-A", "SE-B"};
  happening.kommuner = {"0182"};
  happening.case_key = "case-1";
  happening.focus = "Encounter/e1";
  happening.context = {"Communication/c1", "Patient/p1"};
  return happening;
}

std::string told(const Matcher& matcher, const Happening& happening) {
  std::string ids;
  for (const store::EventWrite& write : matcher.match(happening)) ids += (ids.empty() ? "" : " ") + write.subscription;
  return ids;
}

TEST(Matcher, AFilterByMunicipalityLetsPassWhatNamesNoMunicipality) {
  Happening unknown = discharge();
  unknown.kommuner.clear();
  for (const char* filter : {"jurisdiction=0180", "jurisdiction:not=0180"})
    EXPECT_EQ(told(matcher({{"s1", "SE-A", "case", {filter}}}), unknown), "s1") << filter;
  EXPECT_EQ(told(matcher({{"s1", "SE-A", "case", {"jurisdiction=0180", "event=death"}}}), unknown), "");
}

TEST(Matcher, WritesOneRowForEachSubscriptionOfAParty) {
  Matcher all = matcher({{"s2", "SE-A", "discharge", {}}, {"s1", "SE-B", "utskriven", {}}, {"s3", "SE-A", "case", {}}});

  std::vector<store::EventWrite> rows = all.match(discharge());

  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].subscription, "s1");
  EXPECT_EQ(rows[0].topic, "https://vardbron.example/fhir/SubscriptionTopic/utskriven");
  EXPECT_EQ(rows[1].subscription, "s2");
  EXPECT_EQ(rows[2].subscription, "s3");
  EXPECT_EQ(rows[2].topic, "https://vardbron.example/fhir/SubscriptionTopic/case");
  EXPECT_EQ(rows[0].case_key, "case-1");
  EXPECT_EQ(rows[0].focus, "Encounter/e1");
  EXPECT_EQ(rows[0].context, discharge().context);
}

TEST(Matcher, TellsNobodyWhoIsNoPartyOfTheCase) {
  Matcher all = matcher({{"s1", "SE-C", "case", {}}, {"s2", "", "case", {}}});
  Happening without_parties = discharge();
  without_parties.parties.clear();

  EXPECT_EQ(told(all, discharge()), "");
  EXPECT_EQ(told(all, without_parties), "");
}

TEST(Matcher, TellsAPartyThatIsNamedTwiceOnce) {
  Happening happening = discharge();
  happening.parties = {"SE-A", "SE-B", "SE-A"};

  EXPECT_EQ(told(matcher({{"s1", "SE-A", "case", {}}}), happening), "s1");
}

TEST(Matcher, KeepsTopicsApart) {
  Matcher all = matcher({{"s1", "SE-A", "admission", {}}, {"s2", "SE-A", "discharge", {}}, {"s3", "SE-A", "task", {}}});

  EXPECT_EQ(told(all, discharge()), "s2");
}

// Source: backport guide, errors: counting goes on while a subscription is in error.
TEST(Matcher, CountsOnInErrorButNotBeforeTheHandshakeNorWhenOff) {
  Matcher all = matcher({{"s1", "SE-A", "case", {}, Status::Requested},
                         {"s2", "SE-A", "case", {}, Status::Active},
                         {"s3", "SE-A", "case", {}, Status::Error},
                         {"s4", "SE-A", "case", {}, Status::Off}});

  EXPECT_EQ(told(all, discharge()), "s2 s3");
  EXPECT_EQ(all.size(), 2u);
}

TEST(Matcher, TakesOtherSubscriptionsOfOneOrganisationAndKeepsThoseOfTheRest) {
  Matcher all = matcher({{"s1", "SE-A", "case", {}}, {"s2", "SE-A", "case", {}}, {"s3", "SE-B", "case", {}}});
  Matcher fewer = all.with("SE-A", {made({"s2", "SE-A", "case", {}})});
  Matcher none = fewer.with("SE-A", {}), back = none.with("SE-A", {made({"s1", "SE-A", "case", {}})});

  EXPECT_EQ(told(all, discharge()), "s1 s2 s3");
  EXPECT_EQ(told(fewer, discharge()), "s2 s3");
  EXPECT_EQ(told(none, discharge()), "s3");
  EXPECT_EQ(told(back, discharge()), "s1 s3");
  EXPECT_EQ(all.size(), 3u);
  EXPECT_EQ(fewer.size(), 2u);
  EXPECT_EQ(none.size(), 1u);
  EXPECT_EQ(back.size(), 2u);
}

TEST(Matcher, TellsNobodyWhatStaysInTheRegion) {
  Happening happening = discharge();
  happening.event = "admission.local";

  EXPECT_EQ(told(matcher({{"s1", "SE-A", "case", {}}, {"s2", "SE-A", "update", {}}}), happening), "");
}

TEST(Matcher, TellsAnEventThatNobodyPlannedForAsAnUpdate) {
  Happening happening = discharge();
  happening.event = "something-new";

  EXPECT_EQ(told(matcher({{"s1", "SE-A", "case", {}}, {"s2", "SE-A", "update", {}}, {"s3", "SE-A", "death", {}}}), happening),
            "s1 s2");
}

// Concern: whoever was told of a discharge must hear that it was cancelled, whatever else it listens to.
TEST(Matcher, TellsOfACancellationWhoeverWasToldWhatItCancels) {
  Happening happening = discharge();
  happening.event = "nullified";
  happening.about = "discharge";
  Matcher all = matcher({{"s1", "SE-A", "discharge", {}},
                         {"s2", "SE-A", "nullified", {}},
                         {"s3", "SE-A", "admission", {}},
                         {"s4", "SE-A", "case", {"event=discharge"}},
                         {"s5", "SE-A", "case", {"event=makulerad"}}});

  EXPECT_EQ(told(all, happening), "s1 s2 s4 s5");
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
      {"one of two recipients", {"recipient=SE-C,SE-B"}, true},
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
    EXPECT_EQ(told(matcher({{"s1", "SE-A", "case", row.filters}}), discharge()), row.fits ? "s1" : "") << row.what;
  }
}

TEST(Matcher, NarrowsByTheRecipientsOfTheNotice) {
  Happening happening = discharge();
  happening.recipients = {"SE-B"};

  EXPECT_EQ(told(matcher({{"s1", "SE-A", "case", {"recipient=SE-A"}}, {"s2", "SE-A", "case", {"recipient=SE-B"}}}), happening),
            "s2");
}

TEST(CurrentMatcher, GivesThePictureOfTheMoment) {
  CurrentMatcher current;
  std::shared_ptr<const Matcher> before = current.now();

  current.replace(std::make_shared<const Matcher>(matcher({{"s1", "SE-A", "case", {}}})));

  EXPECT_EQ(told(*before, discharge()), "");
  EXPECT_EQ(told(*current.now(), discharge()), "s1");
}

}  // namespace
}  // namespace vardbron::subscription
