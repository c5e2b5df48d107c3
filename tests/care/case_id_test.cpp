#include "gateway/care/chain/case_id.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace vardbron::care {
namespace {

TEST(CaseId, IdsOfOneCaseBeginAlikeAndAreOfVersionEight) {
  const Uuid one = case_id("SE2321000016-A001|urn:x|A-1"), other = case_id("SE2321000016-A001|urn:x|A-2");
  const std::string first = to_string(id_in_case(one, "Patient|")), second = to_string(id_in_case(one, "Encounter|"));
  const std::string foreign = to_string(id_in_case(other, "Patient|"));

  EXPECT_EQ(first.substr(0, 13), second.substr(0, 13));
  EXPECT_NE(first.substr(0, 13), foreign.substr(0, 13));
  EXPECT_NE(first.substr(14), second.substr(14));
  for (const std::string& id : {first, second, foreign}) {
    EXPECT_TRUE(is_uuid(id));
    EXPECT_EQ(id[14], '8') << id;
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
  }
}

TEST(CaseId, TheSameNameOfTheSameCaseIsTheSameIdAndNoOtherIs) {
  std::set<Uuid> seen;
  for (int number = 0; number < 50; ++number) {
    const Uuid of_case = case_id("case " + std::to_string(number));
    for (int name = 0; name < 50; ++name) {
      const Uuid id = id_in_case(of_case, std::to_string(name));
      EXPECT_EQ(id, id_in_case(of_case, std::to_string(name)));
      EXPECT_TRUE(seen.insert(id).second);
    }
  }
}

}  // namespace
}  // namespace vardbron::care
