// The invariants of the municipality's liability, each over walks of whole cases. Those of the clock and of the month alone are
// in betalningsklocka_test.cpp and month_test.cpp, that of the order in scenario_a_test.cpp (Scenario28).
#include "gateway/base/random.h"
#include "gateway/care/arende/month_contribution.h"
#include "gateway/care/month.h"
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace vardbron::care {
namespace {

constexpr const char* in_summer = "2026-07-01T00:00:00Z";

/// A time of March 2026, within these days.
std::string time_of(SeededRandom& random, unsigned first, unsigned days) {
  char text[40];
  std::snprintf(text, sizeof text, "2026-03-%02uT%02u:%02u:00", first + unsigned(random.below(days)), unsigned(random.below(24)),
                unsigned(random.below(4) * 15));
  return text;
}

/// Days that are billed; of what is not decided none.
int billed(const Projection& now) {
  int days = 0;
  for (const ChargeReport& each : now.charges)
    if (each.status == ChargeStatus::Billable) days += each.days;
  return days;
}

/// Whatever may happen in a stay, in some order, with corrections and cancellations.
void live(Start& start, SeededRandom& random) {
  std::vector<Notice> made;
  for (std::uint64_t left = 2 + random.below(7); left > 0; --left) {
    const std::string at = time_of(random, 11, 9);
    switch (random.below(10)) {
      case 0:
      case 1:
      case 2: made.push_back(start.n6(at, random.below(2) == 0 ? at : time_of(random, 11, 9))); break;
      case 3:
      case 4: made.push_back(start.n8(at)); break;
      case 5: made.push_back(start.out(at)); break;
      case 6: made.push_back(start.ward(Event::DischargeReadyWithdrawn, at)); break;
      case 7: made.push_back(start.party(soc1(), Event::Planning, at)); break;
      case 8:
        if (!made.empty()) made.push_back(start.correct(made[random.below(made.size())], at));
        break;
      default:
        if (!made.empty()) made.push_back(start.cancel(made[random.below(made.size())], at));
    }
  }
}

TEST(LiabilityInvariant, NobodyIsLiableWithoutAnAdmissionNoticeAndOneOfUtskrivningsklar) {
  SeededRandom random(53);
  int liable = 0;
  for (int round = 0; round < 300; ++round) {
    Start start;
    live(start, random);
    start.n6(time_of(random, 11, 3));
    start.n8(time_of(random, 11, 3));
    start.out(time_of(random, 18, 9));
    liable += billed(start.project(in_summer)) > 0;
    for (const Event missing : {Event::Admission, Event::DischargeReady}) {
      Chain chain = start.chain();
      std::erase_if(chain, [&](const Link& link) { return std::get<Notice>(link).says() == missing; });
      ASSERT_EQ(billed(start.project(chain, in_summer)), 0) << "round " << round;
    }
  }
  EXPECT_GT(liable, 100);
}

TEST(LiabilityInvariant, DaysAreNeverNegative) {
  SeededRandom random(54);
  for (int round = 0; round < 300; ++round) {
    Start start;
    live(start, random);
    for (const ChargeReport& each : start.project(in_summer).charges) ASSERT_GE(each.days, 0) << "round " << round;
  }
}

TEST(LiabilityInvariant, WithdrawnAndReadyAgainIsNeverMoreThanReadyOnceAtTheLaterTime) {
  SeededRandom random(55);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> times{time_of(random, 11, 9), time_of(random, 11, 9), time_of(random, 11, 9)};
    std::sort(times.begin(), times.end());
    const std::string out = time_of(random, 20, 10);
    Start twice, once;
    twice.n6(times[0]);
    twice.ward(Event::DischargeReadyWithdrawn, times[1]);
    for (Start* each : {&twice, &once}) {
      each->n8(times[2]);
      each->n6(times[2]);
      each->out(out);
    }
    ASSERT_LE(billed(twice.project(in_summer)), billed(once.project(in_summer)))
        << times[0] << " " << times[1] << " " << times[2];
  }
}

TEST(LiabilityInvariant, ANoticeLaterThanTheDischargeNeverAddsADay) {
  SeededRandom random(56);
  int liable = 0;
  for (int round = 0; round < 300; ++round) {
    Start start;
    live(start, random);
    start.out("2026-03-20T13:00:00");
    const int before = billed(start.project(in_summer));
    liable += before > 0;
    const Event event = Event(random.below(events_count - 2));
    const std::string at = time_of(random, 21, 9);
    Notice& later = random.below(2) == 0 ? start.ward(event, at) : start.party(random.below(2) == 0 ? vc07() : soc1(), event, at);
    if (event == Event::DischargeReady) later.stay.discharge_ready = later.happened;
    ASSERT_LE(billed(start.project(in_summer)), before) << "round " << round << " " << to_string(event);
  }
  EXPECT_GT(liable, 30);
}

TEST(LiabilityInvariant, OnAverageAPatientWhoLeavesOnDayZeroNeverRaisesTheBill) {
  SeededRandom random(57);
  const Policies policies(average());
  for (int round = 0; round < 40; ++round) {
    std::vector<MonthContribution> stays;
    const auto leave = [&](const std::string& ready, const std::string& out) {
      Start start;
      start.policy = average();
      start.n6(ready);
      start.n8(ready);
      start.out(out);
      const Projection now = start.project(in_summer);
      stays.push_back(contribution_of(tree::root(find_resource(now, "ChargeItem")->document)).value());
      stays.back().charge += std::to_string(stays.size());  // their ärende has the same name here
    };
    const auto bill = [&] {
      int days = 0;
      for (const MonthSum& sum : month_sums(stays, policies, moment(in_summer))) days += sum.chargeable_days.value_or(0);
      return days;
    };
    for (std::uint64_t left = 1 + random.below(5); left > 0; --left) leave(time_of(random, 11, 5), time_of(random, 16, 14));
    const int before = bill();
    leave("2026-03-12T09:00:00", "2026-03-12T15:00:00");
    ASSERT_EQ(stays.back().days, 0);
    ASSERT_LE(bill(), before) << "round " << round;
  }
}

TEST(LiabilityInvariant, TheOrderOfArrivalDecidesNothingOnceAllHasArrived) {
  SeededRandom random(58);
  for (int round = 0; round < 100; ++round) {
    Start start;
    live(start, random);
    start.out("2026-03-20T13:00:00");
    Chain chain = start.chain();
    const std::vector<ChargeReport> expected = start.project(chain, in_summer).charges;
    for (int order = 0; order < 10; ++order) {
      for (std::size_t last = chain.size(); last > 1; --last) std::swap(chain[last - 1], chain[random.below(last)]);
      ASSERT_EQ(start.project(chain, in_summer).charges, expected) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace vardbron::care
