// Concern: a link keeps when its message was taken, and its sender learns when the clock of the law counts from another moment.
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/time/civil.h"
#include "tests/exchange/spine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace vardbron::exchange {
namespace {

using testing::HasSubstr;
using testing::Not;

WallTime moment_of(std::string_view text) { return time::parse_civil(text)->at; }

/// The message says that it was made at 09:12.
struct Clocked : Spine {
  Clocked() { world.clock.shift_wall(moment_of("2026-03-10T09:12:00+01:00") - world.clock.wall()); }
  std::string answer(const ANotice& notice) {
    const Result<Receipt> receipt = accept(notice);
    CHECK(receipt);
    return receipt->text;
  }
  care::Notice link(std::size_t index) {
    const Result<tree::Document> body =
        json::parse(stored_case("A-1").links.at(index).body, empty_library().definitions().names());
    CHECK(body);
    return *care::read_notice(*body);
  }
};

ANotice admission_notice() { return ANotice("admission").admitted_at("2026-03-10T08:00:00+01:00").with_address(); }
ANotice ready() { return ANotice("discharge-ready").with_id("M-2"); }

constexpr const char* says = "The message says that it was sent at 2026-03-10T09:12:00+01:00";

TEST(SentOtherwise, TheSenderIsWarnedAndTheFindingStaysInTheCase) {
  Clocked house;
  EXPECT_THAT(house.answer(admission_notice()), Not(HasSubstr(says)));
  house.world.run_for(std::chrono::hours(3));
  const std::string text = house.answer(ready());
  EXPECT_THAT(text, HasSubstr(std::string(says) + ", and it arrived at 2026-03-10T12:12:00+01:00"));
  EXPECT_THAT(text, HasSubstr("counts from 2026-03-10T09:12:00+01:00"));
  EXPECT_EQ(house.link(1).received, moment_of("2026-03-10T12:12:00+01:00"));
  const Result<KeptCase> read = read_case(house.stored_case("A-1"), house.case_parts().rules);
  ASSERT_TRUE(read);
  EXPECT_TRUE(std::any_of(read->projected.findings.begin(), read->projected.findings.end(),
                          [](const care::Finding& each) { return each.code == "sent-otherwise"; }));
}

TEST(SentOtherwise, AReplayKeepsTheTimeAtWhichTheMessageWasTaken) {
  Clocked house;
  ASSERT_TRUE(house.accept(admission_notice()));
  const store::RawMessage message{"fhir", hospital, "application/fhir+json", ready().json(), "", house.world.clock.wall()};
  Result<store::JournalEntry> entry = house.world.complete(house.store.journal(message));
  ASSERT_TRUE(entry);
  house.world.run_for(std::chrono::hours(72));
  const Result<Receipt> worked = house.world.complete(house.path->work_off(house.path->read(std::move(*entry))));
  ASSERT_TRUE(worked);
  EXPECT_THAT(worked->text, Not(HasSubstr(says))) << "it came in time, and waited here";
  EXPECT_EQ(house.link(1).received, message.received);
}

TEST(SentOtherwise, WhatTheSenderWritesThereCountsForNothing) {
  Clocked house;
  tree::Document bundle = *json::parse(admission_notice().json(), empty_library().definitions().names());
  care::mark_received(bundle, moment_of("2020-01-01T00:00:00+01:00"));
  EXPECT_EQ(care::read_notice(bundle)->received, moment_of("2020-01-01T00:00:00+01:00")) << "as a link would be read";
  ASSERT_TRUE(house.accept(json::write(bundle)));
  EXPECT_EQ(house.link(0).received, moment_of("2026-03-10T09:12:00+01:00"));
}

}  // namespace
}  // namespace vardbron::exchange
