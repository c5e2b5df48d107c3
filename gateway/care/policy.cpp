#include "gateway/care/policy.h"

namespace vardbron::care {

Policy law() { return {}; }

Policy stockholm_somatic() {
  Policy policy;
  policy.name = "STHLM_SOMATIC";
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
