#include "gateway/search/served.h"

#include <algorithm>
#include <array>

namespace vardbron::search {

namespace {

constexpr std::array<std::string_view, 8> types{"Task",     "Encounter", "Patient",    "Communication",
                                                "CareTeam", "CarePlan",  "ChargeItem", "Organization"};

}  // namespace

std::span<const std::string_view> served() { return types; }

bool is_served(std::string_view type) { return std::find(types.begin(), types.end(), type) != types.end(); }

}  // namespace vardbron::search
