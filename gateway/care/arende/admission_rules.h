#pragma once

// Tested by tests/care/scenario_b_test.cpp.

#include "gateway/care/arende/facts.h"
#include "gateway/care/chain/policy.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// Until when an admission notice is to be sent: 24 elapsed hours from the admission, or from the later assessment that insatser
/// may be needed. None: neither is known. Source: LUS 2:3.
std::optional<WallTime> last_moment_to_send(const Facts& facts, const Notice& admission);

/// When the event of a link was first sent: the first of its versions counts, since that is when its receivers were notified.
WallTime first_sent(const Facts& facts, const ChainEntry& link);

/// What an admission notice is missing.
struct AdmissionFinding {
  std::size_t link = 0;  ///< index into Facts::links
  std::string_view code, says;
};

/// Admission notices that are late (LUS 2:3), lack what they shall contain (2:2), did not go to the öppenvård although
/// municipal health care is needed (2:1 st 2), or do not say what another ärende says: a protected identity. After the fold.
std::vector<AdmissionFinding> admission_findings(const Facts& facts, const Policy& policy);

}  // namespace vardbron::care
