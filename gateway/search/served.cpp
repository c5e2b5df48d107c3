#include "gateway/search/served.h"

#include <algorithm>
#include <array>

namespace vardbron::search {

namespace {

constexpr std::array<std::string_view, 11> kept_types{"Task",     "Encounter", "Patient",    "Communication",
                                                      "CareTeam", "CarePlan",  "ChargeItem", "Organization",
                                                      "Consent",  "Goal",      "Appointment"};

}  // namespace

std::span<const std::string_view> served() { return kept_types; }

bool is_served(std::string_view type) { return std::find(kept_types.begin(), kept_types.end(), type) != kept_types.end(); }

}  // namespace vardbron::search
