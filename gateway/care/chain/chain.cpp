#include "gateway/care/chain/chain.h"

#include "gateway/care/chain/chain_entry.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

namespace vardbron::care {
namespace {

constexpr std::array<std::string_view, 5> link_status_names = {"effective", "history", "withheld", "replaced", "nullified"};

/// When a correction's event happened: taken from the stay for events that have an element there, since some sources put the time
/// of the correction where the time of the event belongs.
WallTime own_place(const Notice& notice) {
  if (notice.event != Event::Corrected) return notice.happened.at;
  std::string_view text;
  if (notice.corrected_event == Event::Admission) text = notice.stay.period_start;
  if (notice.corrected_event == Event::Discharge || notice.corrected_event == Event::Death) text = notice.stay.period_end;
  if (notice.corrected_event == Event::DischargeReady && notice.stay.discharge_ready) return notice.stay.discharge_ready->at;
  Result<time::CivilTime> moment = time::parse_civil(text);
  return moment && text.size() > 10 ? moment->at : notice.happened.at;
}

constexpr std::chrono::minutes clock_differs_max{5};
constexpr std::string_view plan_chain_start = "plan|";  // plan_key.h, chain_key

bool is_later(std::string_view text, WallTime limit) {
  const Result<time::CivilTime> moment = time::parse_civil(text);
  return moment && moment->at > limit;
}

auto event_order(const ChainEntry& link) {
  return std::tuple(link.at, link.write ? events_count : int(link.notice->says()), std::string_view(link.identity));
}

}  // namespace

ChainEntry entry_of(const Link& link, std::size_t arrival) {
  ChainEntry entry;
  if (const Notice* notice = std::get_if<Notice>(&link)) {
    entry.notice = notice;
    entry.identity = name_of(notice->identity);
    entry.at = own_place(*notice);
    const bool is_of_plan_chain = notice->case_key.starts_with(plan_chain_start);
    if (is_of_plan_chain && notice->received) entry.at = std::min(entry.at, *notice->received);
  } else {
    entry.write = &std::get<Write>(link);
    entry.identity = entry.write->identity;
    entry.at = entry.write->at.at;
  }
  entry.root = entry.identity;
  entry.arrival = arrival;
  return entry;
}

bool is_ahead(const Notice& consent) { return consent.received && consent.happened.at > *consent.received; }

std::string why_not_so_late(const Notice& consent) {
  if (!consent.received) return {};
  const WallTime limit = *consent.received + clock_differs_max;
  const bool happened_later = consent.happened.at > limit;
  if (!happened_later && !is_later(consent.consent->at, limit)) return {};
  return std::string(happened_later ? "The event-time of the notice" : "Consent.dateTime") +
         " is later than when the gateway took the notice. The person's decision counts from when it was taken, and one that is "
         "sent later counts instead of it. Correct the time.";
}

std::string text_of(const Finding& finding, const std::vector<std::string>& unreached) {
  if (finding.sent_to.empty()) return finding.says;
  std::string reached, others;
  for (const std::string& each : finding.sent_to) {
    const bool is_reached = std::find(unreached.begin(), unreached.end(), each) == unreached.end();
    std::string& names = is_reached ? reached : others;
    names += (names.empty() ? "" : ", ") + sweden::shown(each);
  }
  std::string text = finding.says + "; to " + (reached.empty() ? "nobody" : reached);
  if (!others.empty()) text += ", and not, since this gateway does not know them, to " + others;
  return text + ".";
}

std::string_view to_string(LinkStatus link_status) { return link_status_names[std::size_t(link_status)]; }

std::string name_of(const Identity& identity) { return identity.system + "|" + identity.value; }

void put_in_order(std::vector<ChainEntry>& links) {
  std::vector<std::size_t> order(links.size());
  for (std::size_t index = 0; index < order.size(); ++index) order[index] = index;
  const auto is_before = [&](std::size_t a, std::size_t b) { return event_order(links[a]) < event_order(links[b]); };
  if (std::is_sorted(order.begin(), order.end(), is_before)) return;
  std::sort(order.begin(), order.end(), is_before);

  std::vector<std::size_t> position(links.size());
  std::vector<ChainEntry> ordered;
  ordered.reserve(links.size());
  for (std::size_t index : order) {
    position[index] = ordered.size();
    ordered.push_back(std::move(links[index]));
  }
  for (ChainEntry& link : ordered)
    if (link.target != ChainEntry::no_target) link.target = position[link.target];
  links = std::move(ordered);
}

std::optional<ChainEntry> entry_after(const std::vector<ChainEntry>& links, const Chain& chain) {
  ChainEntry entry = entry_of(chain.back(), chain.size() - 1);
  const Notice* notice = entry.notice;
  if (notice && notice->consent && (is_ahead(*notice) || !why_not_so_late(*notice).empty())) return std::nullopt;
  if (notice && (notice->replaces || notice->event == Event::Corrected || notice->event == Event::Nullified)) return std::nullopt;
  const bool is_receipt = notice && notice->acknowledges;
  if (is_receipt && notice->acknowledges->value == notice->identity.value) return std::nullopt;
  for (std::size_t index = 0; index < links.size(); ++index) {
    const ChainEntry& other = links[index];
    if (other.identity == entry.identity || other.root == entry.identity) return std::nullopt;
    if (!notice || !other.notice) continue;
    const std::string& value = notice->identity.value;
    const bool is_about_it = (other.notice->replaces && other.notice->replaces->value == value) ||
                             (other.notice->acknowledges && other.notice->acknowledges->value == value);
    if (is_about_it || other.notice->identity.value == value) return std::nullopt;
    const bool is_acknowledged = is_receipt && other.notice->identity.value == notice->acknowledges->value;
    if (is_acknowledged && (entry.target == ChainEntry::no_target || other.identity < links[entry.target].identity))
      entry.target = index;
  }
  if (entry.target == ChainEntry::no_target) return entry;
  if (links[entry.target].target != ChainEntry::no_target) return std::nullopt;
  entry.at = std::max(entry.at, links[entry.target].at);
  return entry;
}

bool contains(const std::vector<Identity>& numbers, const Identity& one) {
  return std::find(numbers.begin(), numbers.end(), one) != numbers.end();
}

bool is_after(const ChainEntry& link, const ChainEntry& other) { return event_order(other) < event_order(link); }

void point_into(const Chain& chain, std::vector<ChainEntry>& links) {
  for (ChainEntry& link : links) {
    link.notice = std::get_if<Notice>(&chain[link.arrival]);
    link.write = std::get_if<Write>(&chain[link.arrival]);
  }
}

bool speaks_for(const Party& by, const Party& originator) {
  if (by.id == originator.id || sweden::same_body(by.id, originator.id)) return true;
  // An HSA-id contains its organisation's number; names of other registers (SOR, EAN) do not, so one of the same register is
  // accepted.
  return by.identifier.system == originator.identifier.system && by.id != by.identifier.value;
}

bool may_be_same_person(const Person& one, const Person& other) {
  bool differs = false;
  for (const Identity& left : one.identifiers) {
    for (const Identity& right : other.identifiers) {
      if (left == right) return true;
      differs = differs || left.system == right.system;
    }
  }
  return !differs;
}

}  // namespace vardbron::care
