#include "gateway/care/arende/payer.h"

#include "gateway/care/arende/charges.h"
#include "gateway/sweden/kommun.h"

#include <algorithm>
#include <set>
#include <utility>

namespace vardbron::care {
namespace {

/// Municipalities' numbers begin so: group 2 (state, regions, municipalities, parishes), series 12.
constexpr std::string_view municipal_prefix = "SE212";

std::string number_listed_for(std::string_view kommun, const Policies& policies) {
  if (const auto found = policies.organisationsnummer.find(kommun); found != policies.organisationsnummer.end())
    return found->second;
  const std::span<const PayerNumber> rows = payer_numbers();
  const auto row = std::lower_bound(rows.begin(), rows.end(), kommun,
                                    [](const PayerNumber& each, std::string_view code) { return each.kommun < code; });
  return row != rows.end() && row->kommun == kommun ? std::string(row->number) : std::string();
}

bool is_listed(std::string_view number, const Policies& policies) {
  const std::span<const PayerNumber> rows = payer_numbers();
  return std::any_of(rows.begin(), rows.end(), [&](const PayerNumber& row) { return row.number == number; }) ||
         std::any_of(policies.organisationsnummer.begin(), policies.organisationsnummer.end(),
                     [&](const auto& row) { return row.second == number; });
}

std::string number_of_the_only_municipal_body(const Membership& members, const Policies& policies) {
  std::set<std::string> numbers;
  for (const auto& [id, member] : members.all()) {
    if (!member.is_municipal()) continue;
    const std::string body = body_of(member.party);
    if (body == id || !body.starts_with(municipal_prefix)) continue;
    std::string number = body.substr(2);
    if (!is_listed(number, policies)) numbers.insert(std::move(number));
  }
  return numbers.size() == 1 ? *numbers.begin() : std::string();
}

bool is_kommun(const std::string& code) { return !code.empty() && sweden::parse_kommunkod(code).operator bool(); }

}  // namespace

NamedPayer payer_named_by(const Person& person) {
  if (is_kommun(person.placing_kommun)) return {person.placing_kommun, true};
  if (is_kommun(person.kommun)) return {person.kommun, false};
  return {};
}

Payer find_payer(NamedPayer named, const Membership& members, const Policies& policies) {
  Payer payer{std::move(named), {}, Payer::NumberFrom::Nowhere};
  if (payer.named.kommun.empty()) return payer;
  payer.number = number_listed_for(payer.named.kommun, policies);
  if (!payer.number.empty()) {
    payer.number_from = Payer::NumberFrom::List;
    return payer;
  }
  if (payer.named.has_placed) return payer;
  payer.number = number_of_the_only_municipal_body(members, policies);
  if (!payer.number.empty()) payer.number_from = Payer::NumberFrom::Receivers;
  return payer;
}

std::vector<std::string> units_of(const Payer& payer, const Membership& members) {
  std::vector<std::string> units;
  if (payer.number.empty()) return units;
  for (const auto& [id, member] : members.all())
    if (!member.is_hospital && body_of(member.party) == "SE" + payer.number) units.push_back(id);
  return units;
}

}  // namespace vardbron::care
