// Concern: what the export says of the conditions of a municipality's liability reaches the charge.
#include "tests/mappings/house.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace vardbron {
namespace {

std::string cosmic_sample(const std::string& name) {
  return text_of_file(mappings_folder() / "cosmic-notice" / "cases" / name / "input.xml");
}

struct Sampled : House {
  Sampled() { send("cosmic", cosmic_sample("admission")); }
  /// The samples' discharge is on the day after utskrivningsklar; this one is on the day given.
  void discharge(const std::string& day) {
    std::string text = cosmic_sample("discharge");
    for (std::size_t at = text.find("2026-03-13T"); at != std::string::npos; at = text.find("2026-03-13T", at + 1))
      text.replace(at, 10, day);
    send("cosmic", text);
  }
  bool says(std::string_view words) { return resource("ChargeItem").find(words) != std::string::npos; }
};

TEST(LiabilityOfTheSamples, IsBillableWhenTheLawWasObeyed) {
  Sampled house;
  house.send("cosmic", cosmic_sample("discharge-ready"));
  house.send("cosmic", cosmic_sample("sip-invitation"));
  house.discharge("2026-03-17");
  EXPECT_TRUE(house.says(R"("status":"billable")")) << house.resource("ChargeItem");
  EXPECT_TRUE(house.says(R"("value":2,"unit":"dygn")"));
  EXPECT_TRUE(house.says(R"("value":"2120990011")"));
  EXPECT_FALSE(house.says("oppet"));
}

// Scenarios 4 and 6, through the map.
TEST(LiabilityOfTheSamples, CountsFromWhenTheMessageWasMadeAndAsksForACall) {
  Sampled house;
  std::string ready = cosmic_sample("discharge-ready");
  const std::size_t made = ready.find("<skapad>") + std::string_view("<skapad>").size();
  ready.replace(made, std::string_view("2026-03-12T10:05:00").size(), "2026-03-12T15:30:00");
  house.send("cosmic", ready);
  house.discharge("2026-03-17");
  EXPECT_TRUE(house.says(R"("status":"planned")")) << house.resource("ChargeItem");
  EXPECT_TRUE(house.says("Villkor saknas: kallelse"));
  house.send("cosmic", cosmic_sample("sip-invitation"));
  EXPECT_TRUE(house.says(R"("status":"billable")")) << house.resource("ChargeItem");
  EXPECT_TRUE(house.says(R"("start":"2026-03-16")"));
  EXPECT_TRUE(house.says(R"("value":1,"unit":"dygn")"));
}

}  // namespace
}  // namespace vardbron
