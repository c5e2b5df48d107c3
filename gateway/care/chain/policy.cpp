#include "gateway/care/chain/policy.h"

#include <array>
#include <utility>

namespace vardbron::care {

std::optional<Policy> find_policy(std::string_view name) {
  for (Policy& each : std::array{law(), stockholm_somatic(), stockholm_psychiatric(), average()})
    if (each.name == name) return std::move(each);
  return std::nullopt;
}

Policy law() { return {}; }

Policy stockholm_somatic() {
  Policy policy;
  policy.name = "STHLM_SOMATIC";
  policy.counting = Counting::MonthlyAverage;
  return policy;
}

Policy stockholm_psychiatric() {
  Policy policy;
  policy.name = "STHLM_PSYCH";
  policy.free_days = 5;
  return policy;
}

Policy average() {
  Policy policy;
  policy.name = "AVERAGE";
  policy.counting = Counting::MonthlyAverage;
  return policy;
}

}  // namespace vardbron::care
