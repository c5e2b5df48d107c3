#include "gateway/store/verify_report.h"

#include "gateway/base/limits.h"

#include <gtest/gtest.h>

namespace vardbron::store {
namespace {

TEST(VerifyReport, IsWrittenAsJson) {
  VerifyReport report;
  report.journal = 7;
  EXPECT_EQ(to_json(report),
            R"({"clean":true,"seal":0,"journal":7,"audit":0,"cases":0,"links":0,"resources":0,"versions":0,"events":0,"aside":0,)"
            R"("findings_count":0,"findings":[]})");
  report.add("journal", 3, "The \"entry\" is missing.");
  EXPECT_EQ(
      to_json(report),
      R"({"clean":false,"seal":0,"journal":7,"audit":0,"cases":0,"links":0,"resources":0,"versions":0,"events":0,"aside":0,)"
      R"("findings_count":1,"findings":[{"table":"journal","number":3,"says":"The \"entry\" is missing."}]})");
}

TEST(VerifyReport, TellsSoManyFindingsAndCountsAll) {
  VerifyReport report;
  for (std::size_t number = 0; number < limits::verify_findings_max + 5; ++number) report.add("journal", 1, "It is missing.");
  EXPECT_EQ(report.findings.size(), limits::verify_findings_max);
  EXPECT_EQ(report.findings_count, static_cast<std::int64_t>(limits::verify_findings_max) + 5);
}

}  // namespace
}  // namespace vardbron::store
