#pragma once

#include "tests/exchange/plan_notices.h"
#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::exchange {

inline constexpr const char* social = "SE2120990011-SOC1";

/// Organisations with tokens of their own.
struct Plans : Spine {
  Result<Receipt> send(const std::string& by, APlanNotice notice) {
    access::Caller caller{by, by, true, true, false};
    return world.complete(path->accept({caller, "fhir", "application/fhir+json", notice.sent_by(by).json()}));
  }
  /// Stored, with a receipt that warns of nothing.
  void takes(const std::string& by, APlanNotice notice) {
    const Result<Receipt> receipt = send(by, std::move(notice));
    ASSERT_TRUE(receipt) << receipt.failure().says;
    EXPECT_EQ(receipt->outcome, store::Outcome::Stored) << receipt->text;
    EXPECT_EQ(receipt->text.find("warning"), std::string::npos) << receipt->text;
    settle();
  }
  /// What is due is computed, as the clock of the cases does.
  void settle() {
    for (const store::CaseDue& each : store.tables().cases_due({}, 100))
      if (each.at <= world.clock.wall()) EXPECT_TRUE(world.complete(path->let_time_pass(each.case_key)));
  }
  void until_agreed() {
    takes(health_centre, APlanNotice("plan.need").with_id("P-1").to_everybody());
    takes(health_centre, APlanNotice("consent").with_id("P-2").at("2026-03-12T12:00:00+01:00").deciding("active"));
    takes(health_centre, APlanNotice("sip.invitation")
                             .with_id("P-3")
                             .at("2026-03-13T10:00:00+01:00")
                             .to_everybody()
                             .meeting_at("2026-03-20T13:00:00+01:00"));
    takes(health_centre,
          APlanNotice("plan.agreed").with_id("P-4").at("2026-03-20T15:00:00+01:00").to_everybody().with_four_points());
  }
  /// The newest bodies of that type which the organisation may read, without those in error.
  std::vector<std::string> read(const std::string& by, const std::string& type) {
    search::Query query;
    query.resource_type = type;
    query.count = 100;
    Result<store::Page> page = world.complete(store.search({by, false}, query, {}));
    std::vector<std::string> bodies;
    for (const store::Resource& each : page->resources)
      if (each.body.find("entered-in-error") == std::string::npos) bodies.push_back(each.body);
    return bodies;
  }
  std::string only(const std::string& by, const std::string& type) {
    const std::vector<std::string> bodies = read(by, type);
    return bodies.size() == 1 ? bodies[0] : std::to_string(bodies.size()) + " of them";
  }
};

inline bool has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace vardbron::exchange
