// Rules of the care process that one ärende shows; those that persons and the store show, with the table of all fourteen, are in
// tests/exchange/care_rules_test.cpp.
#include "gateway/care/arende/month_contribution.h"
#include "gateway/care/month.h"
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <vector>

namespace vardbron::care {
namespace {

constexpr const char* late_in_spring = "2026-04-10T00:00:00Z";

template <class Look>
void in_every_order(const Chain& chain, Look look) {
  std::vector<std::size_t> order(chain.size());
  std::iota(order.begin(), order.end(), 0);
  do {
    Chain shuffled;
    for (std::size_t each : order) shuffled.push_back(chain[each]);
    look(shuffled);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(CareRules, Rule2CorrectionsOfCorrectionsAndTheirCancellationsAreOneFamilyInEveryOrder) {
  for (const bool is_cancelled : {false, true}) {
    Start start;
    Notice& ready = start.n6("2026-03-12T10:00:00");
    Notice& first = start.correct(ready, "2026-03-12T11:00:00");
    Notice& second = start.correct(first, "2026-03-13T12:00:00");
    second.happened = second.stay.discharge_ready.emplace(SentTime{moment("2026-03-13T10:00:00"), "2026-03-13T10:00:00+01:00"});
    if (is_cancelled) start.cancel(second, "2026-03-14T10:00:00");
    const std::string expected = to_text(start.project(start.chain(), late_in_spring));
    EXPECT_EQ(expected.find("utskrivningsklar\n") == std::string::npos, is_cancelled) << "all versions of it are gone";
    in_every_order(start.chain(),
                   [&](const Chain& chain) { ASSERT_EQ(to_text(start.project(chain, late_in_spring)), expected); });
  }
}

TEST(CareRules, Rule2AStrangersCancellationCountsForNothingInEveryOrder) {
  Start start;
  Notice& ready = start.n6("2026-03-12T10:00:00");
  Notice& cancellation = start.cancel(ready, "2026-03-13T10:00:00");
  cancellation.sender = hsv1();
  in_every_order(start.chain(), [&](const Chain& chain) {
    const Projection now = start.project(chain, late_in_spring);
    ASSERT_EQ(now.standing.state, State::Utskrivningsklar);
    ASSERT_TRUE(finding_says(now, cancellation, "not-the-originator"));
  });
}

// The plan's own key comes with plans; until then a call belongs to the plan of the ärende that it names.
TEST(CareRules, Rule3ACallBelongsToThePlanOfItsArendeInEveryOrder) {
  Start start;
  start.n8("2026-03-12T16:00:00");
  start.n8("2026-03-18T16:00:00");
  const std::string expected = to_text(find_resource(start.later(), "CarePlan")->document);
  in_every_order(start.chain(), [&](const Chain& chain) {
    const Projection now = start.project(chain, late_in_spring);
    ASSERT_EQ(to_text(find_resource(now, "CarePlan")->document), expected);
  });
  Chain other = start.chain();
  for (Link& each : other) std::get<Notice>(each).case_key = "urn:example:cases|4712";
  EXPECT_NE(find_resource(start.project(other), "CarePlan")->id, find_resource(start.later(), "CarePlan")->id);
}

TEST(CareRules, Rule5DeathsAndDischargesAreTheHospitalsWordAboutItsOwnPatientInItsStay) {
  for (const Event event : {Event::Death, Event::Discharge}) {
    Start start;
    Notice& end = start.party(hsv1(), event, "2026-03-16T10:00:00");
    const auto ends = [&](std::string_view code) {
      const Projection now = start.later();
      return !now.stay.person.deceased && now.stay.until.empty() && finding_says(now, end, code);
    };
    EXPECT_TRUE(ends("foreign-sender")) << "a party's";
    end.sender = med5();
    end.person.identifiers = {{"http://electronichealth.se/identifier/personnummer", "196408233234"}};
    EXPECT_TRUE(ends("other-patient"));
    end.person.identifiers = start.n1.person.identifiers;
    end.happened = {moment("2026-03-09T10:00:00"), "2026-03-09T10:00:00+01:00"};
    EXPECT_TRUE(ends(notified_nobody)) << "before the admission";
    end.happened = {moment("2026-03-16T10:00:00"), "2026-03-16T10:00:00+01:00"};
    const Projection now = start.later();
    EXPECT_EQ(now.stay.person.deceased, event == Event::Death);
    EXPECT_FALSE(now.stay.until.empty());
  }
}

TEST(CareRules, Rule7AConsentThatIsWithdrawnLaterDoesNotChangeWhatWasSentBefore) {
  Start start;
  const auto decide = [&](Consent::Decision decision, const char* at) {
    start.ward(Event::Consent, at).consent = Consent{decision, false, {"sip", "utlamnande"}, "Patienten", ""};
  };
  decide(Consent::Decision::Given, "2026-03-11T10:00:00");
  Notice& call = start.n8("2026-03-12T16:00:00");
  Notice& before = start.n6("2026-03-12T17:00:00");
  decide(Consent::Decision::Withdrawn, "2026-03-13T10:00:00");
  Notice& after = start.ward(Event::Admin, "2026-03-14T10:00:00");
  after.payloads = {{"", "Ord", {}}};
  in_every_order(start.chain(), [&](const Chain& chain) {
    const Projection now = start.project(chain, late_in_spring);
    ASSERT_FALSE(finding_says(now, call, "call-despite-refusal"));
    ASSERT_FALSE(finding_says(now, before, "sent-despite-refusal"));
    ASSERT_TRUE(finding_says(now, after, "sent-despite-refusal")) << "as of now it is withdrawn";
  });
}

TEST(CareRules, Rule10NoTwoArendenWriteOneResourceThoughTheirNoticesAreNamedAlike) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.n8();
  start.party(vc07(), Event::FastVardkontakt, "2026-03-13T10:00:00").contact = Contact{"Bo Lind", "", "1"};
  start.out("2026-03-17T10:00:00");
  std::set<std::string> ids;
  std::size_t written = 0;
  for (const char* key : {"urn:example:cases|4711", "urn:example:cases|4712", "urn:other|urn:example:cases|4711"}) {
    Chain chain = start.chain();
    for (Link& each : chain) std::get<Notice>(each).case_key = key;
    for (const Projected& each : start.project(chain, late_in_spring).resources) {
      if (each.type == "Patient" || each.type == "Organization") continue;  // a person's, and the register's
      ids.insert(each.id);
      ++written;
    }
  }
  EXPECT_EQ(ids.size(), written);
}

// A month's sum reads what each stay says of itself, and nothing of its patient.
TEST(CareRules, Rule14AMonthIsSummedOverAllStaysOfAMunicipalityInEveryOrder) {
  std::vector<MonthContribution> stays;
  for (const char* out : {"2026-03-14T13:00:00", "2026-03-20T13:00:00"}) {
    Start start;
    start.policy = average();
    start.n6("2026-03-12T10:00:00");
    start.n8();
    start.out(out);
    stays.push_back(contribution_of(tree::root(find_resource(start.later(), "ChargeItem")->document)).value());
    stays.back().charge = out;  // their ärende has the same name here
  }
  const Policies policies(average());
  const auto sums = [&] { return month_sums(stays, policies, moment("2026-05-20T12:00:00")); };
  const std::vector<MonthSum> sum = sums();
  ASSERT_EQ(sum.size(), 1u);
  EXPECT_EQ(sum[0].waited, 2 + 8);
  EXPECT_EQ(sum[0].chargeable_days, 10 - 2 * 3) << "3.0 days for each of the stays are free";
  std::reverse(stays.begin(), stays.end());
  EXPECT_EQ(sums(), sum);
  stays[0].number = "2120001124";
  EXPECT_EQ(sums().size(), 2u) << "another municipality's is another sum";
}

}  // namespace
}  // namespace vardbron::care
