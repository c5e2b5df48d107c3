#include "gateway/care/case_limits.h"

#include "gateway/base/limits.h"
#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace vardbron::care {
namespace {

constexpr const char* noon = "2025-03-20T12:00:00+01:00";
constexpr CaseLimits small{2, 1, 2};

/// Fills a case up to the limit, and adds one more.
void fill(Story& story, std::size_t most, const std::function<void()>& add) {
  for (std::size_t each = 0; each < most; ++each) add();
  Chain chain = story.chain();
  const Link last = chain.back();
  chain.pop_back();
  EXPECT_TRUE(check_limits(chain, last, CaseLimits())) << most;
  Result<void> over = check_limits(story.chain(), last, CaseLimits());
  ASSERT_FALSE(over) << most;
  EXPECT_EQ(over.failure().cause, Cause::TooLarge);
  EXPECT_NE(over.failure().says.find("already holds " + std::to_string(most)), std::string::npos) << over.failure().says;
}

TEST(CaseLimits, IsAsLargeAsItsLimitsWhenNothingElseIsConfigured) {
  Story notices, decisive, writes;
  fill(notices, limits::notices_per_case_max, [&] { notices.add(Event::Planning, noon); });
  fill(decisive, limits::decisive_notices_per_case_max, [&] { decisive.add(Event::DischargeReady, noon); });
  fill(writes, limits::task_writes_per_case_max,
       [&] { writes.write(social(), CaseTaskKind::KvitteraInskrivning, "accepted", noon); });
}

Link last_of(const Chain& chain) { return chain.back(); }

/// The story's last link, against those before it.
Result<void> room_for_the_last(const Story& story) {
  Chain chain = story.chain();
  const Link last = last_of(chain);
  chain.pop_back();
  return check_limits(chain, last, small);
}

TEST(CaseLimits, OfASenderEndsAtItsLimitAndSaysWhichSettingGivesMore) {
  Story story;
  story.add(Event::Planning, noon);
  story.add(Event::PartyChanged, noon);
  EXPECT_TRUE(room_for_the_last(story));

  story.add(Event::Planning, noon);

  Result<void> room = room_for_the_last(story);
  ASSERT_FALSE(room);
  EXPECT_EQ(room.failure().cause, Cause::TooLarge);
  EXPECT_NE(room.failure().says.find("notices_per_case"), std::string::npos) << room.failure().says;
}

TEST(CaseLimits, OfNoticesThatDecideIsNotUsedUpByOthers) {
  for (Event event : {Event::AdmissionLocal, Event::Admission, Event::DischargeReady, Event::DischargeReadyWithdrawn,
                      Event::Discharge, Event::Death, Event::Nullified}) {
    Story story;
    for (int each = 0; each < 5; ++each) story.add(Event::Planning, noon);
    story.add(event, noon);
    EXPECT_TRUE(room_for_the_last(story)) << to_string(event);
    story.add(event, noon);
    EXPECT_FALSE(room_for_the_last(story)) << to_string(event);
  }
}

TEST(CaseLimits, OfACorrectionIsThatOfWhatItCorrects) {
  Story story;
  const Notice& discharge = story.add(Event::Discharge, noon);
  for (int each = 0; each < 5; ++each) story.add(Event::Planning, noon);
  story.add(Event::Death, noon);
  EXPECT_TRUE(room_for_the_last(story));
  story.correct(discharge, noon);
  EXPECT_FALSE(room_for_the_last(story));
}

TEST(CaseLimits, OfOneSenderIsNotUsedUpByAnother) {
  Story story;
  for (int each = 0; each < 5; ++each) from(story.add(Event::Planning, noon), nursing(), {hospital()});
  story.add(Event::Planning, noon);
  EXPECT_TRUE(room_for_the_last(story));
}

TEST(CaseLimits, OfOnePartyIsNotUsedUpByAnotherAndTakesNothingFromNotices) {
  Story story;
  story.add(Event::Admission, noon);
  for (int each = 0; each < 3; ++each) story.write(social(), CaseTaskKind::KvitteraInskrivning, "accepted", noon);
  EXPECT_FALSE(room_for_the_last(story));
  story.write(nursing(), CaseTaskKind::KvitteraInskrivning, "accepted", noon);
  EXPECT_TRUE(room_for_the_last(story));
  story.add(Event::Planning, noon);
  EXPECT_TRUE(room_for_the_last(story));
}

}  // namespace
}  // namespace vardbron::care
