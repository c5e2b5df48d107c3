// Concern: the municipality a patient is registered in reaches the filter of a subscription, and nobody it must not reach.
#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

namespace vardbron::exchange {
namespace {

ANotice admission() { return ANotice("admission"); }

std::string patient_of(Spine& spine) {
  const std::vector<store::CaseResource> patients = spine.patients();
  return patients.empty() ? std::string() : spine.store.tables().read({"", true}, "Patient", patients.front().id, 0)->body;
}

struct Row {
  const char* name;
  ANotice notice;
  bool reaches_own, reaches_other;
};

class Kommun : public testing::TestWithParam<Row> {};

TEST_P(Kommun, DecidesAFilterByMunicipality) {
  Spine spine;
  spine.watch("own", home_care, "case", {"jurisdiction=0880"});
  spine.watch("other", home_care, "case", {"jurisdiction=0180"});
  spine.watch("stranger", "SE2120002000-S001", "case", {"jurisdiction=0880"});
  ASSERT_TRUE(spine.accept(GetParam().notice));
  EXPECT_EQ(spine.events("own").size(), GetParam().reaches_own ? 1u : 0u);
  EXPECT_EQ(spine.events("other").size(), GetParam().reaches_other ? 1u : 0u);
  EXPECT_TRUE(spine.events("stranger").empty()) << "a filter is a wish, never a permission";
}

INSTANTIATE_TEST_SUITE_P(Patients, Kommun,
                         testing::Values(Row{"registered_there", admission().in_kommun("0880"), true, false},
                                         Row{"registered_elsewhere", admission().in_kommun("0180"), false, true},
                                         Row{"unknown", admission(), true, true},
                                         Row{"no_code", admission().in_kommun("9999"), true, true},
                                         Row{"protected", admission().in_kommun("0880").with_protected_identity(), true, true}),
                         [](const auto& each) { return each.param.name; });

TEST(KommunOfAPatient, IsToldToTheParties) {
  Spine spine;
  ASSERT_TRUE(spine.accept(admission().in_kommun("0880")));
  EXPECT_NE(patient_of(spine).find(R"("valueCode":"0880")"), std::string::npos) << patient_of(spine);
}

TEST(KommunOfAPatient, IsTakenBackWhenTheIdentityTurnsOutToBeProtected) {
  Spine spine;
  spine.watch("other", home_care, "case", {"jurisdiction=0180"});
  ASSERT_TRUE(spine.accept(admission().in_kommun("0880")));
  ASSERT_TRUE(spine.accept(
      ANotice("planning").with_id("M-2").at("2026-03-11T10:00:00+01:00").in_kommun("0880").with_protected_identity()));
  EXPECT_EQ(patient_of(spine).find("0880"), std::string::npos) << patient_of(spine);
  EXPECT_EQ(spine.events("other").size(), 1u);
}

TEST(KommunOfAPatient, ThatIsNoMunicipalityIsAWarningInTheReceipt) {
  Spine spine;
  Result<Receipt> receipt = spine.accept(admission().in_kommun("9999"));
  ASSERT_TRUE(receipt);
  EXPECT_NE(receipt->text.find("municipality of registration"), std::string::npos) << receipt->text;
}

TEST(KommunOfAPatient, FollowsAMove) {
  Spine spine;
  spine.watch("old", home_care, "case", {"jurisdiction=0880"});
  spine.watch("new", home_care, "case", {"jurisdiction=0180"});
  ASSERT_TRUE(spine.accept(admission().in_kommun("0880")));
  ASSERT_TRUE(spine.accept(ANotice("planning").with_id("M-2").at("2026-03-11T10:00:00+01:00").in_kommun("0180")));
  EXPECT_EQ(spine.events("old").size(), 1u);
  EXPECT_EQ(spine.events("new").size(), 1u);
}

}  // namespace
}  // namespace vardbron::exchange
