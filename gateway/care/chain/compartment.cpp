#include "gateway/care/chain/compartment.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::care {
namespace {

// Types of FHIR R4 that are about nothing else.
constexpr std::array<std::pair<std::string_view, Compartment>, 11> types = {{
    {"ChargeItem", Compartment::Betalning},
    {"Account", Compartment::Betalning},
    {"Claim", Compartment::Betalning},
    {"ClaimResponse", Compartment::Betalning},
    {"Contract", Compartment::Betalning},
    {"Coverage", Compartment::Betalning},
    {"Invoice", Compartment::Betalning},
    {"MeasureReport", Compartment::Betalning},
    {"PaymentNotice", Compartment::Betalning},
    {"Observation", Compartment::Skattning},
    {"QuestionnaireResponse", Compartment::Skattning},
}};

constexpr std::array<std::string_view, compartments_count> names = {"open", "betalning", "skattning", "arbetsgivare"};

}  // namespace

std::string_view to_string(Compartment compartment) { return names[std::size_t(compartment)]; }

Compartment compartment_of(std::string_view type) {
  const auto found = std::find_if(types.begin(), types.end(), [&](const auto& row) { return row.first == type; });
  return found == types.end() ? Compartment::Open : found->second;
}

void admit(Projected& resource, Compartment compartment, std::vector<std::string> readers) {
  std::sort(readers.begin(), readers.end());
  readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
  resource.compartment = compartment;
  resource.parties = std::move(readers);
}

void close_compartments(std::vector<Projected>& resources) {
  for (Projected& each : resources)
    if (const Compartment needed = compartment_of(each.type); needed != Compartment::Open && each.compartment != needed)
      each.parties.clear();
}

}  // namespace vardbron::care
