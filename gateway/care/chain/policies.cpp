#include "gateway/care/chain/policies.h"

#include "gateway/time/civil.h"

#include <algorithm>

namespace vardbron::care {
namespace {

/// How closely an agreement names what it is asked for; none: it is for something else.
std::optional<int> closeness(const Agreement& agreement, std::string_view kommun, CareKind care_kind,
                             std::chrono::local_days day) {
  if (agreement.from && day < *agreement.from) return std::nullopt;
  if (agreement.until && day > *agreement.until) return std::nullopt;
  if (agreement.care_kind != CareKind::Unknown && agreement.care_kind != care_kind) return std::nullopt;
  const int kind = agreement.care_kind == CareKind::Unknown ? 0 : 1;
  if (agreement.kommuner.empty()) return kind;
  std::size_t longest = 0;
  for (const std::string& place : agreement.kommuner)
    if (!kommun.empty() && kommun.starts_with(place)) longest = std::max(longest, place.size());
  return longest == 0 ? std::nullopt : std::optional(static_cast<int>(longest) + kind);
}

}  // namespace

const Policy& Policies::of(std::string_view kommun, CareKind care_kind, std::chrono::local_days day) const {
  const Policy* closest = &everywhere;
  int most = -1;
  for (const Agreement& agreement : agreements) {
    const std::optional<int> close = closeness(agreement, kommun, care_kind, day);
    if (!close || *close <= most) continue;
    most = *close;
    closest = &agreement.terms;
  }
  return *closest;
}

bool Policies::may_average(std::string_view kommun) const {
  const auto averages = [&](const Agreement& each) {
    const bool is_there =
        each.kommuner.empty() || std::any_of(each.kommuner.begin(), each.kommuner.end(),
                                             [&](const std::string& place) { return kommun.starts_with(place); });
    return is_there && each.terms.counting == Counting::MonthlyAverage;
  };
  return everywhere.counting == Counting::MonthlyAverage || std::any_of(agreements.begin(), agreements.end(), averages);
}

const Policy* Policies::find_average(std::string_view name, std::chrono::local_days day) const {
  const auto fits = [&](const Policy& terms) { return terms.name == name && terms.counting == Counting::MonthlyAverage; };
  const Policy* last = fits(everywhere) ? &everywhere : nullptr;
  for (const Agreement& each : agreements) {
    if (!fits(each.terms)) continue;
    last = &each.terms;
    if ((!each.from || day >= *each.from) && (!each.until || day <= *each.until)) return last;
  }
  return last;
}

std::optional<std::int64_t> Policies::price(const Policy& terms, int year) const {
  for (const std::map<int, std::int64_t>* known : {&terms.prices, &prices})
    if (const auto found = known->find(year); found != known->end()) return found->second;
  return std::nullopt;
}

std::optional<std::chrono::local_days> day_of_text(std::string_view text) {
  const Result<time::CivilTime> read = time::parse_civil(text);
  return read && text.size() == 10 ? std::optional(time::day_of(read->at)) : std::nullopt;
}

}  // namespace vardbron::care
