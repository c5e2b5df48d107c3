#include "gateway/search/served.h"

#include "gateway/base/text.h"

#include <array>

namespace vardbron::search {

namespace {

constexpr std::array<Served, 8> types{{{"Task", "owner:reference status:token patient:reference code:token _tag:token"},
                                       {"Encounter", "identifier:token status:token patient:reference class:token _tag:token"},
                                       {"Patient", "identifier:token"},
                                       {"Communication", "recipient:reference patient:reference"},
                                       {"CareTeam", "patient:reference"},
                                       {"CarePlan", "patient:reference"},
                                       {"ChargeItem", "patient:reference context:reference"},
                                       {"Organization", "identifier:token"}}};

}  // namespace

std::span<const Served> served() { return types; }

std::string_view served_parameters(std::span<const Served> served, std::string_view type) {
  for (const Served& each : served) {
    if (each.type == type) return each.parameters;
  }
  return {};
}

bool is_served(std::span<const Served> served, std::string_view type, std::string_view parameter) {
  for (std::string_view each : split(served_parameters(served, type), ' ')) {
    if (each.substr(0, each.find(':')) == parameter) return true;
  }
  return false;
}

}  // namespace vardbron::search
