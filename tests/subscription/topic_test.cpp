#include "gateway/subscription/topic.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace vardbron::subscription {
namespace {

TEST(Topics, AreFoundByCanonicalWithAndWithoutVersion) {
  for (const Topic& topic : topics()) {
    EXPECT_EQ(topic.canonical, std::string(topic_root) + std::string(topic.code));
    EXPECT_EQ(find_topic(topic.canonical), &topic);
    EXPECT_EQ(find_topic(std::string(topic.canonical) + "|1.0"), &topic);
    EXPECT_EQ(find_topic(std::string(topic_root) + std::string(topic.swedish)), &topic);
  }
}

TEST(Topics, AreNotFoundByAnythingElse) {
  for (const char* text : {"", "admission", "https://vardbron.example/fhir/SubscriptionTopic/",
                           "http://elsewhere.example/admission", "https://vardbron.example/fhir/SubscriptionTopic/admission/",
                           "https://vardbron.example/fhir/SubscriptionTopic/Admission"}) {
    EXPECT_EQ(find_topic(text), nullptr) << text;
  }
}

TEST(Topics, HaveOneCodeEach) {
  std::set<std::string_view> codes;
  for (const Topic& topic : topics()) {
    EXPECT_TRUE(codes.insert(topic.code).second);
    if (topic.swedish != topic.code) {
      EXPECT_TRUE(codes.insert(topic.swedish).second);
    }
  }
}

TEST(Topics, TellEveryNoticeEventExceptWhatStaysInTheRegion) {
  struct Row {
    const char* event;
    const char* topic;
  };
  const Row table[] = {{"admission", "admission"},
                       {"receipt", "update"},
                       {"planning", "update"},
                       {"care-request", "update"},
                       {"municipal.report", "update"},
                       {"admin", "update"},
                       {"consent", "update"},
                       {"planned-discharge.changed", "update"},
                       {"party.changed", "update"},
                       {"fast-vardkontakt", "fast-vardkontakt"},
                       {"discharge-ready", "discharge-ready"},
                       {"discharge-ready.withdrawn", "discharge-ready-withdrawn"},
                       {"sip.invitation", "update"},
                       {"discharge", "discharge"},
                       {"discharge.information", "update"},
                       {"patient.information", "update"},
                       {"leave.start", "leave"},
                       {"leave.end", "leave"},
                       {"transfer", "update"},
                       {"interruption", "update"},
                       {"death", "death"},
                       {"nullified", "nullified"},
                       {"corrected", "update"},
                       {"case.closed", "update"},
                       {"plan.need", "plan"},
                       {"plan.participants", "plan"},
                       {"plan.answer", "plan"},
                       {"plan.held", "plan"},
                       {"plan.agreed", "plan"},
                       {"plan.approved", "plan"},
                       {"plan.activity", "plan"},
                       {"plan.followed-up", "plan"},
                       {"plan.revised", "plan"},
                       {"plan.cancelled", "plan"},
                       {"plan.closed", "plan"},
                       {"task", "task"}};
  for (const Row& row : table) {
    ASSERT_NE(topic_of_event(row.event), nullptr) << row.event;
    EXPECT_EQ(topic_of_event(row.event)->code, row.topic) << row.event;
  }
  for (const char* event : {"admission.local", "person.merged", "person.unmerged"}) {
    EXPECT_EQ(topic_of_event(event), nullptr) << event;
    EXPECT_FALSE(is_event(event)) << event;
  }
  EXPECT_EQ(topic_of_event("nonsense")->code, "update");
  EXPECT_FALSE(is_event("nonsense"));
  EXPECT_TRUE(is_event("task"));
}

}  // namespace
}  // namespace vardbron::subscription
