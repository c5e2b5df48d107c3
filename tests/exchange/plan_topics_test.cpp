// Concern: the topics of plans, from the notice to the body of the notification.
#include "gateway/base/check.h"
#include "gateway/base/text.h"
#include "gateway/subscription/notification.h"
#include "gateway/subscription/visibility.h"
#include "tests/exchange/plans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace vardbron::exchange {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A plan whose subscribers count what they got of each topic.
struct Topics : Plans {
  explicit Topics(std::string by = home_care) : subscriber(std::move(by)) {
    for (const char* topic : {"plan", "sip", "meeting", "update", "fast-vardkontakt", "case"}) watch(topic, subscriber, topic);
  }
  /// The topics of which the subscriber got an event since it was asked last.
  std::string news() {
    std::string topics;
    for (const char* topic : {"plan", "sip", "meeting", "update", "fast-vardkontakt"}) {
      const std::size_t now = events(topic).size();
      if (now != seen[topic]) topics += (topics.empty() ? "" : " ") + std::string(topic);
      seen[topic] = now;
    }
    return topics;
  }
  /// The newest event of the topic as it is sent with its resources.
  std::string sent(const std::string& topic) {
    std::vector<store::Event> all = events(topic);
    CHECK(!all.empty());
    auto shown =
        world.complete(subscription::redact(store, {subscriber, false}, {all.back()}, subscription::Content::FullResource));
    CHECK(shown);
    subscription::Subscription wish = *subscriptions.front();
    for (const auto& each : subscriptions)
      if (each->id == topic) wish = *each;
    wish.content = subscription::Content::FullResource;
    const subscription::StatusFacts facts{&wish, subscription::Status::Active, subscription::NotificationType::EventNotification,
                                          all.back().number, ""};
    return subscription::BundleWriter("https://gateway.example/fhir").notification(facts, *shown, "n", world.clock.wall()).json;
  }

  std::string subscriber;
  std::map<std::string, std::size_t> seen;
};

// The table of README.md, "Topics of a plan".
TEST(PlanTopics, EachEventOfAPlanIsOfTheseTopics) {
  Topics all;
  struct Row {
    APlanNotice notice;
    const char* topics;
  };
  int count = 0;
  const auto notice = [&count](const char* event) {
    ++count;
    return APlanNotice(event)
        .with_id("N-" + std::to_string(count))
        .at("2026-03-" + std::to_string(12 + count) + "T11:00:00+01:00");
  };
  const Row table[] = {
      {notice("plan.need").to_everybody(), "plan sip"},
      {notice("consent").deciding("active"), "plan sip update"},
      {notice("sip.invitation").to_everybody().meeting_at("2026-04-20T13:00:00+02:00"), "plan sip meeting update"},
      {notice("sip.invitation").to_everybody().meeting_at("2026-04-22T13:00:00+02:00"), "plan sip meeting update"},
      {notice("plan.answer").answering("accepted"), "plan sip meeting"},
      {notice("plan.held"), "plan sip meeting"},
      {notice("plan.agreed").to_everybody().with_four_points(), "plan sip"},
      {notice("plan.followed-up"), "plan sip"},
      {notice("plan.revised").to_everybody().with_four_points().describing("Dagligt besök"), "plan sip"},
      {notice("sip.invitation").to_everybody().meeting_at("2026-05-22T13:00:00+02:00"), "plan sip meeting update"},
      {notice("plan.cancelled"), "plan sip meeting"},
      {notice("consent").deciding("inactive", hospital), "plan sip"},
      {notice("plan.closed"), "plan sip"},
  };
  for (const Row& row : table) {
    all.takes(health_centre, row.notice);
    EXPECT_EQ(all.news(), row.topics) << row.notice.json().substr(0, 400);
  }
}

TEST(PlanTopics, AFullResourceNotificationCarriesWhatItsTopicIsAbout) {
  Topics all;
  all.until_agreed();
  EXPECT_THAT(all.sent("sip"), HasSubstr(R"("resource":{"resourceType":"CarePlan")"));
  EXPECT_THAT(all.events("sip").back().focus, testing::StartsWith("CarePlan/"));
  EXPECT_THAT(all.sent("meeting"), HasSubstr(R"("resource":{"resourceType":"Appointment")"));
  EXPECT_THAT(all.events("meeting").back().focus, testing::StartsWith("Appointment/"));
  EXPECT_THAT(all.events("meeting").back().context, testing::Contains(testing::StartsWith("CarePlan/")));
}

// What is a reference in a body of the subscriber's is to something that it may read.
void expect_followable(Topics& all, const std::string& body) {
  constexpr std::string_view mark = "\"reference\":\"";
  for (std::size_t at = body.find(mark); at != std::string::npos; at = body.find(mark, at + 1)) {
    const std::string_view rest = std::string_view(body).substr(at + mark.size());
    const std::vector<std::string_view> names = split(rest.substr(0, rest.find('"')), '/');
    if (names.size() != 2) continue;  // those of the Bundle itself
    const Result<store::Resource> read =
        all.world.complete(all.store.read({all.subscriber, false}, std::string(names[0]), std::string(names[1]), 0));
    EXPECT_TRUE(read) << names[0] << "/" << names[1] << " in " << body;
  }
}

TEST(PlanTopics, EachReferenceOfANotificationCanBeFollowedByItsReceiver) {
  for (const char* subscriber : {home_care, hospital}) {
    Topics all(subscriber);
    all.until_agreed();
    for (const char* topic : {"plan", "sip", "meeting"}) expect_followable(all, all.sent(topic));
  }
}

// The plan of a stay may have participants that are no party of the stay.
TEST(PlanTopics, APlanNamesTheStayOnlyWhereAllWhoReadThePlanMayReadTheStay) {
  Topics all(hospital);
  const auto tell = [&](const std::string& by, ANotice notice) {
    const access::Caller caller{by, by, true, true, false};
    ASSERT_TRUE(all.world.complete(all.path->accept({caller, "fhir", "application/fhir+json", notice.sent_by(by).json()})));
    all.settle();
  };
  tell(hospital, ANotice("admission").to_health_centre());
  tell(health_centre, ANotice("sip.invitation").with_id("K-1").at("2026-03-11T10:00:00+01:00").to_health_centre());
  EXPECT_THAT(all.only(health_centre, "CarePlan"), HasSubstr("Encounter/"));
  all.takes(health_centre, APlanNotice("sip.invitation")
                               .of_case("A-1")
                               .with_id("K-2")
                               .at("2026-03-12T10:00:00+01:00")
                               .to_everybody()
                               .meeting_at("2026-03-20T13:00:00+01:00"));
  ASSERT_TRUE(all.read(home_care, "Encounter").empty());
  EXPECT_THAT(all.only(home_care, "CarePlan"), Not(HasSubstr("Encounter/")));
  EXPECT_THAT(all.only(home_care, "Appointment"), Not(HasSubstr("Encounter/")));
  EXPECT_THAT(all.only(health_centre, "CarePlan"), Not(HasSubstr("Encounter/"))) << "one body for all";
  tell(hospital, ANotice("party.changed").with_id("B-1").at("2026-03-13T10:00:00+01:00"));
  ASSERT_EQ(all.read(home_care, "Encounter").size(), 1u);
  EXPECT_THAT(all.only(home_care, "CarePlan"), HasSubstr("Encounter/"));
}

TEST(PlanTopics, WhoIsDeniedThePlanGetsNothingAndTheOthersNotWhy) {
  Topics denied(home_care), other(hospital);
  for (Topics* all : {&denied, &other}) {
    all->until_agreed();
    all->news();
    all->takes(health_centre,
               APlanNotice("consent").with_id("P-7").at("2026-03-25T10:00:00+01:00").deciding("inactive", home_care));
  }
  EXPECT_EQ(denied.news(), "");
  EXPECT_EQ(other.news(), "plan sip meeting") << "one less is called to the meeting";
  const std::string sent = other.sent("sip");
  EXPECT_THAT(sent, HasSubstr("plan.participants"));
  EXPECT_THAT(sent, Not(HasSubstr("\"resourceType\":\"Consent\"")));
  EXPECT_THAT(sent, Not(HasSubstr("\"code\":\"consent\"")));
  EXPECT_THAT(sent, Not(HasSubstr("inactive")));
  // Neither of what becomes of the plan later, nor that what it was sent before is corrected.
  denied.takes(health_centre, APlanNotice("plan.followed-up").with_id("P-8").at("2026-04-25T10:00:00+02:00"));
  denied.takes(health_centre, APlanNotice("nullified").with_id("P-9").at("2026-04-26T10:00:00+02:00").replacing("P-8"));
  EXPECT_EQ(denied.news(), "");
  EXPECT_TRUE(denied.read(home_care, "Appointment").empty());
}

// Those of a notice that was sent before the person said no.
TEST(PlanTopics, WhoIsDeniedThePlanLearnsNotThatWhatItWasSentIsTakenBack) {
  Topics all;
  all.takes(health_centre, APlanNotice("plan.need").with_id("P-1").to_everybody());
  all.takes(health_centre, APlanNotice("sip.invitation")
                               .with_id("P-3")
                               .at("2026-03-13T10:00:00+01:00")
                               .to_everybody()
                               .meeting_at("2026-03-20T13:00:00+01:00"));
  all.takes(health_centre, APlanNotice("consent").with_id("P-7").at("2026-03-14T10:00:00+01:00").deciding("inactive", home_care));
  all.news();
  all.takes(health_centre, APlanNotice("nullified").with_id("P-8").at("2026-03-15T10:00:00+01:00").replacing("P-3"));
  EXPECT_EQ(all.news(), "");
}

}  // namespace
}  // namespace vardbron::exchange
