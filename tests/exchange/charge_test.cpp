// Concern: the days a municipality pays for grow by themselves, night after night, also while nothing else happens in the case.
#include "gateway/exchange/case_clock.h"
#include "gateway/time/civil.h"
#include "tests/exchange/spine.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::exchange {
namespace {

WallTime moment(std::string_view text) {
  Result<time::CivilTime> read = time::parse_civil(text);
  CHECK(read);
  return read->at;
}

/// A case on whose clock the night of 29 March 2026 falls, when summer time begins.
struct Nights : Spine {
  Nights() : clock(store, *path, world.clock, world.io().get_executor()) {
    world.clock.shift_wall(moment("2026-03-26T10:00:00+01:00") - world.clock.wall());
    watch("home-care", home_care, "case");
    CHECK(accept(ANotice("admission").with_id("M-1").at("2026-03-26T09:00:00+01:00").in_kommun("0880").with_address()));
    ANotice ready("discharge-ready");
    CHECK(accept(ready.with_id("M-2").at("2026-03-26T09:30:00+01:00").in_kommun("0880").without_sip()));
    due = [this](WallTime at) { clock.expect(at); };
    world.spawn(clock.run());
  }
  void run_until(std::string_view at) { world.run_for(moment(at) - world.clock.wall()); }
  store::Resource item() {
    for (const store::CaseResource& each : stored_case("A-1").resources)
      if (each.type == "ChargeItem") return *store.tables().read({home_care, false}, "ChargeItem", each.id, 0);
    return {};
  }
  bool says(const std::string& text) { return item().body.find(text) != std::string::npos; }

  CaseClock clock;
};

TEST(ChargeItem, GrowsByADayAtMidnightInStockholm) {
  Nights nights;
  EXPECT_TRUE(nights.says("raknar"));
  nights.run_until("2026-03-29T00:00:01+01:00");
  EXPECT_TRUE(nights.says("betalar") && nights.says("\"value\":0"));
  nights.run_until("2026-03-29T23:59:59+02:00");
  EXPECT_TRUE(nights.says("\"value\":0")) << "the short day is a day";
  nights.run_until("2026-03-30T00:00:01+02:00");
  EXPECT_TRUE(nights.says("\"value\":1"));
  nights.run_until("2026-04-04T12:00:00+02:00");
  EXPECT_TRUE(nights.says("\"value\":6"));
  EXPECT_EQ(nights.item().version, 8);  // counting, liable, and six days
}

TEST(ChargeItem, IsWrittenWithoutTellingAnybodyEveryNight) {
  Nights nights;
  nights.run_until("2026-03-29T12:00:00+02:00");
  const std::size_t reported = nights.events("home-care").size();
  nights.run_until("2026-04-08T12:00:00+02:00");
  EXPECT_EQ(nights.events("home-care").size(), reported);
}

TEST(ChargeItem, StandsStillOnceThePatientHasLeft) {
  Nights nights;
  nights.run_until("2026-03-31T12:00:00+02:00");
  ASSERT_TRUE(nights.accept(
      ANotice("discharge").with_id("M-3").at("2026-03-31T11:00:00+02:00").with_status("finished").in_kommun("0880")));
  const std::vector<store::Event> events = nights.events("home-care");
  const std::string name = "ChargeItem/" + nights.item().id;
  EXPECT_EQ(std::count(events.back().context.begin(), events.back().context.end(), name), 1);
  const std::int64_t version = nights.item().version;

  nights.run_until("2026-05-01T12:00:00+02:00");

  EXPECT_EQ(nights.item().version, version);
  EXPECT_TRUE(nights.says("billable") && nights.says("\"value\":2") && nights.says("\"end\":\"2026-03-30\""));
}

TEST(ChargeItem, IsNoBusinessOfTheHealthCentre) {
  Nights nights;
  Result<store::Resource> read = nights.store.tables().read({health_centre, false}, "ChargeItem", nights.item().id, 0);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.failure().cause, Cause::NotFound);
}

}  // namespace
}  // namespace vardbron::exchange
