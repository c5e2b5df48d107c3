// Tested by tests/care/project_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/chain/chain.h"
#include "gateway/care/chain/chain_entry.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace vardbron::care {
namespace {

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
    put_withdrawals_last();
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

  /// A consent that happened later than it was taken was given at a time that nobody knows: before any withdrawal that was taken
  /// after it.
  void put_withdrawals_last() {
    for (ChainEntry& given : links_) {
      if (!given.notice || !given.notice->consent || given.link_status != LinkStatus::Effective) continue;
      if (std::string says = why_not_so_late(*given.notice); !says.empty())
        findings_.push_back({given.identity, "consent-to-come", std::move(says)});
      if (given.notice->consent->decision != Consent::Decision::Given || !is_ahead(*given.notice)) continue;
      for (const ChainEntry& other : links_) {
        const bool takes_back = other.notice && other.notice->consent && other.notice->received &&
                                other.notice->consent->decision != Consent::Decision::Given;
        if (takes_back && *other.notice->received >= *given.notice->received && other.at <= given.at)
          given.at = other.at - std::chrono::milliseconds(1);
      }
    }
  }

  std::vector<ChainEntry> links_;
  std::vector<Finding> findings_;
  std::unordered_map<std::string_view, std::size_t> by_identity_, by_value_;
};

}  // namespace

Arranged arrange(const Chain& chain) { return Arranger(chain).arranged(); }

}  // namespace vardbron::care
