#include "gateway/care/arende/charge_basis.h"

#include "gateway/time/civil.h"

#include <algorithm>
#include <utility>

namespace vardbron::care {
namespace {

bool says_event(const ChainEntry& link, Event event) {
  return link.notice && link.notice->event != Event::Nullified && link.notice->says() == event;
}

bool ends_stay(const ChainEntry& link) {
  return says_event(link, Event::Discharge) || says_event(link, Event::Death) || says_event(link, Event::Interruption);
}

bool is_registered_in(const NamedPayer& named) { return !named.kommun.empty() && !named.has_placed; }

}  // namespace

std::vector<std::chrono::local_days> ends_named_in(const Facts& facts) {
  std::vector<std::chrono::local_days> days;
  for (const ChainEntry& link : facts.links)
    if (ends_stay(link)) days.push_back(time::day_of(link.at));
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

std::optional<std::chrono::local_days> stay_end(const Facts& facts, WallTime now) {
  if (!facts.has_admission || facts.ready_periods.empty() || !facts.ready_periods.back().until) return std::nullopt;
  for (std::size_t index = facts.ready_periods.back().link; index < facts.links.size(); ++index) {
    const ChainEntry& link = facts.links[index];
    if (link.link_status == LinkStatus::Effective && ends_stay(link))
      return link.at <= now ? std::optional(time::day_of(link.at)) : std::nullopt;
  }
  return std::nullopt;
}

ChargeBasis charge_basis(const Facts& facts) {
  ChargeBasis basis;
  const auto is_ready_notice = [](const ChainEntry& link) { return link.notice && link.notice->says() == Event::DischargeReady; };
  if (std::none_of(facts.links.begin(), facts.links.end(), is_ready_notice)) return basis;
  auto last = basis.named.end();
  for (std::size_t index = 0; index < facts.links.size(); ++index) {
    const ChainEntry& link = facts.links[index];
    if (!link.notice) continue;
    basis.was_protected |= link.notice->person.protection != Protection::None;
    if (!is_hospitals_own(link.notice->says())) continue;
    NamedPayer named = payer_named_by(link.notice->person);
    const bool is_ready = link.notice->says() == Event::DischargeReady;
    if (is_ready) basis.was_ready = true;
    if (is_ready && link.link_status != LinkStatus::Nullified) basis.is_all_cancelled = false;
    const bool is_named_again = !basis.named.empty() && *last == named;
    if (!is_named_again && (is_ready || !named.kommun.empty()))
      last = basis.named.insert({std::move(named.kommun), named.has_placed}).first;
    if (says_event(link, Event::Admission)) basis.admissions.push_back(index);
    if (says_event(link, Event::DischargeReady)) basis.ready.push_back(index);
  }
  // The one that must not be said.
  if (basis.was_protected && std::any_of(basis.named.begin(), basis.named.end(), is_registered_in))
    basis.named.insert(NamedPayer{});
  return basis;
}

NamedPayer current_payer(const Facts& facts, const ChargeBasis& basis) {
  if (facts.hides_payer() && basis.named.contains(NamedPayer{})) return {};
  return facts.payer.kommun.empty() ? *basis.named.rbegin() : facts.payer;
}

}  // namespace vardbron::care
