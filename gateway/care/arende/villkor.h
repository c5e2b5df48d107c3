#pragma once

// Tested by tests/care/scenario_a_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/care/arende/payer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

struct Facts;
struct AdmissionFinding;

enum class Villkorslage : std::uint8_t {
  Uppfyllt,
  Oppet,   ///< it can still be fulfilled; until then the municipality is not liable
  Brutet,  ///< it was not fulfilled in time: a person decides
};
std::string_view to_string(Villkorslage lage);  ///< "uppfyllt", "oppet", "brutet"

/// One condition of a municipality's liability, as it is now. Source: LUS 5:2-5.
struct Villkor {
  std::string_view code;  ///< "kallelse"
  Villkorslage lage = Villkorslage::Oppet;
  std::optional<WallTime> since;  ///< fulfilled or broken since then
  std::string_view source;        ///< "LUS 5:3 st 2, 4:3"
  std::string_view says;          ///< what is missing, a sentence; empty when it is fulfilled
  bool operator==(const Villkor&) const = default;
};

/// When the payer's units were first sent what its liability depends on.
struct SentToPayer {
  std::optional<WallTime> admission;  ///< first version of an admission notice
  std::size_t admission_link = 0;     ///< index of the notice, when there is one
  std::optional<WallTime> ready;      ///< of the current or last utskrivningsklar
};

/// What the conditions are judged from.
struct VillkorInput {
  const Facts& facts;
  const Payer& payer;
  const Policy& policy;
  const SentToPayer& sent;
  const std::vector<AdmissionFinding>& admissions;  ///< admission_findings()
  const std::vector<WallTime>& ready_sent;          ///< of each ready period that counts: when the notice was sent at all
  WallTime at{};                                    ///< now, or when the last period ended
};

/// All conditions, in the order of the law.
std::vector<Villkor> villkor_of(const VillkorInput& input);

/// Is nothing open or broken?
bool are_fulfilled(const std::vector<Villkor>& all);

/// Does an obstacle of the öppenvård hinder the discharge at that time?
bool is_hindered(const Facts& facts, WallTime at);

}  // namespace vardbron::care
