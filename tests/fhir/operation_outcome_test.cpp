#include "gateway/fhir/operation_outcome.h"

#include "gateway/fhir/check.h"
#include "json_text.h"

#include <gtest/gtest.h>

namespace vardbron::fhir {
namespace {

TEST(OperationOutcome, CarriesThePathAsExpression) {
  Failure failure{Cause::Invalid, "The element is required.", "Bundle.entry[2].resource.class"};
  EXPECT_EQ(
      to_json(operation_outcome(failure, r4().names())),
      "{'resourceType':'OperationOutcome','issue':[{'severity':'error','code':'invalid','diagnostics':'The element is required.',"
      "'expression':['Bundle.entry[2].resource.class']}]}");
}

TEST(OperationOutcome, TellsOtherPlacesInWords) {
  for (std::string where : {"12:5", "Patient.nam at 12:5", "maps/a.fml:3:1"}) {
    std::string text = to_json(operation_outcome(Failure{Cause::Invalid, "Wrong.", where}, r4().names()));
    EXPECT_NE(text.find("'diagnostics':'" + where + ": Wrong.'"), std::string::npos) << text;
    EXPECT_EQ(text.find("expression"), std::string::npos);
  }
}

TEST(OperationOutcome, ShowsWhatASenderWroteWithoutTurningOrMovingWhoeverReadsIt) {
  Failure failure{Cause::Invalid, "There is no \"a\u009B2J\u0085b\u202Ec\".", "Patient.\u202Ename"};
  EXPECT_EQ(to_json(operation_outcome(failure, r4().names())),
            "{'resourceType':'OperationOutcome','issue':[{'severity':'error','code':'invalid',"
            "'diagnostics':'There is no \\'a\\\\u009B2J\\\\u0085b\\\\u202Ec\\'.','expression':['Patient.\\\\u202Ename']}]}");
}

TEST(OperationOutcome, SaysSoWhenAllIsWell) {
  EXPECT_EQ(to_json(operation_outcome(std::span<const Issue>(), r4().names())),
            "{'resourceType':'OperationOutcome','issue':[{'severity':'information','code':'informational','diagnostics':'All is "
            "well.'}]}");
}

TEST(OperationOutcome, IsAValidResourceForEveryCause) {
  for (int cause = 0; cause <= static_cast<int>(Cause::Broken); ++cause) {
    tree::Document outcome = operation_outcome(Failure{static_cast<Cause>(cause), "It says.", "Task.status"}, r4().names());
    EXPECT_EQ(check(outcome, r4()), std::vector<Issue>{}) << to_json(outcome);
  }
}

}  // namespace
}  // namespace vardbron::fhir
