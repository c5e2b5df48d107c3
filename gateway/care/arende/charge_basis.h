#pragma once

// Tested by tests/care/charges_test.cpp and tests/care/liability_test.cpp.

#include "gateway/care/arende/facts.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <vector>

namespace vardbron::care {

/// The notices that decide on liability, and who pays by them.
struct ChargeBasis {
  std::vector<std::size_t> admissions, ready;
  std::set<NamedPayer> named;  ///< each ever named
  bool was_ready = false;      ///< a notice says so, effective or not
  bool is_all_cancelled = true;
  bool was_protected = false;  ///< a notice says so, effective or not
};

ChargeBasis charge_basis(const Facts& facts);

/// Who pays by the hospital's word as it is now; empty where that must not be said.
NamedPayer current_payer(const Facts& facts, const ChargeBasis& basis);

/// The days on which a notice, effective or not, ended the stay. Sorted, each once.
std::vector<std::chrono::local_days> ends_named_in(const Facts& facts);

/// The day on which the patient left, or nobody had to wait for anybody any more: after the last period in which the patient was
/// ready, the first end that counts.
std::optional<std::chrono::local_days> stay_end(const Facts& facts, WallTime now);

}  // namespace vardbron::care
