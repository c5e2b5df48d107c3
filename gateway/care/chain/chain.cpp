#include "gateway/care/chain/chain.h"

#include "gateway/sweden/hsa_id.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
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

ChainEntry entry_of(const Link& link, std::size_t arrival) {
  ChainEntry entry;
  if (const Notice* notice = std::get_if<Notice>(&link)) {
    entry.notice = notice;
    entry.identity = name_of(notice->identity);
    entry.at = own_place(*notice);
  } else {
    entry.write = &std::get<Write>(link);
    entry.identity = entry.write->identity;
    entry.at = entry.write->at.at;
  }
  entry.root = entry.identity;
  entry.arrival = arrival;
  return entry;
}

auto event_order(const ChainEntry& link) {
  return std::tuple(link.at, link.write ? events_count : int(link.notice->says()), std::string_view(link.identity));
}

/// Order of competing versions: the later one is preferred; between equals the identity decides.
auto version_order(const ChainEntry& link) {
  return std::tuple(link.notice->sent, link.notice->happened.at, std::string_view(link.identity));
}

class Arranger {
 public:
  explicit Arranger(const Chain& chain) {
    links_.reserve(chain.size());
    for (const Link& link : chain) links_.push_back(entry_of(link, links_.size()));
    std::sort(links_.begin(), links_.end(),
              [](const ChainEntry& a, const ChainEntry& b) { return content_order(a) < content_order(b); });
    drop_repeated();
    for (std::size_t index = 0; index < links_.size(); ++index)
      if (links_[index].notice) by_identity_.emplace(links_[index].identity, index);  // the texts stay where they are from here
  }

  Arranged arranged() {
    aim();
    find_roots();
    apply_corrections();
    apply_cancellations();
    follow_targets();
    put_in_order(links_);
    return {std::move(links_), std::move(findings_)};
  }

 private:
  /// An order of links by their content, so that the result does not depend on arrival.
  static std::tuple<bool, std::string_view, WallTime, WallTime, std::string_view, std::string_view> content_order(
      const ChainEntry& link) {
    if (link.notice)
      return {true,
              link.identity,
              link.notice->sent,
              link.notice->happened.at,
              to_string(link.notice->event),
              link.notice->happened.text};
    return {false, link.identity, link.write->at.at, WallTime{}, link.write->task, link.write->status};
  }

  void drop_repeated() {
    auto same = [](const ChainEntry& a, const ChainEntry& b) { return !a.notice == !b.notice && a.identity == b.identity; };
    links_.erase(std::unique(links_.begin(), links_.end(), same), links_.end());
  }

  std::size_t find(const Identity& identity) const {
    auto found = by_identity_.find(name_of(identity));
    return found == by_identity_.end() ? ChainEntry::no_target : found->second;
  }

  void withhold(ChainEntry& link, std::string code, std::string says) {
    link.link_status = LinkStatus::Withheld;
    findings_.push_back({link.identity, std::move(code), std::move(says)});
  }

  /// Sets the targets of corrections, cancellations and receipts, and withholds those that their sender may not make.
  void aim() {
    for (ChainEntry& link : links_) {
      if (!link.notice) continue;
      if (link.notice->acknowledges) link.target = find_acknowledged(*link.notice);
      if (!link.notice->replaces) continue;
      link.target = find(*link.notice->replaces);
      if (link.target == ChainEntry::no_target) {
        if (link.notice->event == Event::Nullified)
          withhold(link, "nothing-to-cancel", "The notice that this one cancels has not come.");
        continue;
      }
      const Notice& original = *links_[link.target].notice;
      if (!speaks_for(link.notice->sender, original.sender)) {
        withhold(link, "not-the-originator", "Only the sender of a notice may correct or cancel it.");
      } else if (link.notice->event == Event::Corrected && original.event == Event::Nullified) {
        withhold(link, "cancellation-cannot-be-corrected", "A cancellation is cancelled itself, never corrected.");
      } else if (link.notice->event == Event::Corrected && !may_be_same_person(link.notice->person, original.person)) {
        withhold(link, "other-patient", "A correction may not change the patient: cancel the notice and send a new one.");
      }
    }
  }

  /// A receipt names the notice without the system of its identity: the first one in the order of content.
  std::size_t find_acknowledged(const Notice& receipt) {
    if (by_value_.empty())
      for (std::size_t index = 0; index < links_.size(); ++index)
        if (links_[index].notice) by_value_.emplace(links_[index].notice->identity.value, index);
    const auto found = by_value_.find(receipt.acknowledges->value);
    return found == by_value_.end() ? ChainEntry::no_target : found->second;
  }

  static bool is_correction(const ChainEntry& link) {
    return link.notice && link.notice->event == Event::Corrected && link.link_status != LinkStatus::Withheld;
  }

  /// Versions of one event have one root, even while the first version is missing.
  void find_roots() {
    for (ChainEntry& link : links_) {
      if (!is_correction(link)) continue;
      const ChainEntry* step = &link;
      std::size_t steps = 0;
      while (is_correction(*step)) {
        link.root = name_of(*step->notice->replaces);
        if (step->target == ChainEntry::no_target) break;
        step = &links_[step->target];
        if (++steps > links_.size()) break;
      }
      if (steps > links_.size()) {
        withhold(link, "correction-in-a-circle", "Corrections that replace each other in a circle count nothing.");
        link.root = link.identity;
      }
    }
  }

  void apply_corrections() {
    std::map<std::string_view, std::vector<std::size_t>> versions;  // of the few events that were corrected
    for (const ChainEntry& link : links_)
      if (link.root != link.identity) versions.try_emplace(link.root);
    for (std::size_t index = 0; !versions.empty() && index < links_.size(); ++index) {
      if (!links_[index].notice || links_[index].link_status != LinkStatus::Effective) continue;
      const auto found = versions.find(links_[index].root);
      if (found != versions.end()) found->second.push_back(index);
    }
    for (auto& [root, members] : versions) {
      if (members.size() < 2) continue;
      std::size_t current = last_version(members);
      for (std::size_t index : members)
        if (index != current) links_[index].link_status = LinkStatus::Replaced;
    }
  }

  std::size_t last_version(const std::vector<std::size_t>& members) const {
    auto is_replaced = [&](std::size_t index) {
      return std::any_of(members.begin(), members.end(), [&](std::size_t other) { return links_[other].target == index; });
    };
    std::optional<std::size_t> last;
    for (std::size_t index : members)
      if (!is_replaced(index) && (!last || version_order(links_[*last]) < version_order(links_[index]))) last = index;
    return last.value_or(members.front());
  }

  using Cancellers = std::multimap<std::size_t, std::size_t>;  ///< what is cancelled, and by what

  void apply_cancellations() {
    Cancellers cancellers;
    for (std::size_t index = 0; index < links_.size(); ++index)
      if (cancels(index)) cancellers.emplace(links_[index].target, index);
    std::vector<char> asked(links_.size(), 0);
    std::vector<std::size_t> working;
    for (std::size_t index = 0; index < links_.size(); ++index)
      if (cancels(index) && holds(index, cancellers, asked)) working.push_back(index);
    for (std::size_t index = 0; index < links_.size(); ++index)
      if (cancels(index) && std::find(working.begin(), working.end(), index) == working.end())
        links_[index].link_status = LinkStatus::Nullified;
    for (std::size_t index : working) {
      const std::string& root = links_[links_[index].target].root;
      if (links_[links_[index].target].notice->event == Event::Nullified) continue;
      for (ChainEntry& link : links_)
        if (link.notice && link.root == root && link.link_status != LinkStatus::Withheld)
          link.link_status = LinkStatus::Nullified;
    }
  }

  bool cancels(std::size_t index) const {
    const ChainEntry& link = links_[index];
    return link.notice && link.notice->event == Event::Nullified && link.link_status != LinkStatus::Withheld;
  }

  /// A cancellation is in effect unless one in effect cancels it. Cancellations in a circle are not in effect.
  bool holds(std::size_t index, const Cancellers& cancellers, std::vector<char>& asked) const {
    if (asked[index]) return false;
    asked[index] = 1;
    bool good = true;
    for (auto [at, end] = cancellers.equal_range(index); at != end && good; ++at) good = !holds(at->second, cancellers, asked);
    asked[index] = 0;
    return good;
  }

  /// A receipt follows what it acknowledges, and a cancellation what it cancels, even if the clocks of the two sides differ.
  void follow_targets() {
    for (ChainEntry& link : links_)
      if (link.target != ChainEntry::no_target && link.notice->event != Event::Corrected)
        link.at = std::max(link.at, links_[link.target].at);
  }

  std::vector<ChainEntry> links_;
  std::vector<Finding> findings_;
  std::unordered_map<std::string_view, std::size_t> by_identity_, by_value_;
};

}  // namespace

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

Arranged arrange(const Chain& chain) { return Arranger(chain).arranged(); }

std::optional<ChainEntry> entry_after(const std::vector<ChainEntry>& links, const Chain& chain) {
  ChainEntry entry = entry_of(chain.back(), chain.size() - 1);
  const Notice* notice = entry.notice;
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
