#include "gateway/care/arende/dispatch.h"

#include "gateway/care/arende/parties.h"
#include "gateway/care/chain/case_id.h"

#include <algorithm>
#include <map>
#include <utility>

namespace vardbron::care {
namespace {

using Status = Dispatch::Status;
using Names = std::vector<std::string_view>;

/// Sorted, each once.
void sort_names(Names& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

/// Id of the Communication of a notice to a party.
std::string communication_id(const Facts& facts, const ChainEntry& link, std::string_view party) {
  return to_string(id_in_case(facts.id, "Communication|" + link.identity + "|" + std::string(party)));
}

/// The dispatches of an earlier projection, by the notice's place in the chain.
class Former {
 public:
  explicit Former(const Projection* projection) : projection_(projection) {
    if (!projection) return;
    for (std::size_t index = 0; index < projection->dispatches.size(); ++index) {
      const std::size_t arrival = projection->links[projection->dispatches[index].link].arrival;
      if (arrival >= of_link_.size()) of_link_.resize(arrival + 1);
      Range& range = of_link_[arrival];
      if (range.end == 0) range.begin = index;
      range.end = index + 1;
    }
  }
  const Dispatch* find(std::size_t arrival, std::string_view party) const {
    if (arrival >= of_link_.size()) return nullptr;
    for (std::size_t index = of_link_[arrival].begin; index < of_link_[arrival].end; ++index)
      if (projection_->dispatches[index].party == party) return &projection_->dispatches[index];
    return nullptr;
  }

 private:
  struct Range {
    std::size_t begin = 0, end = 0;  // the dispatches of one link are adjacent
  };
  const Projection* projection_;
  std::vector<Range> of_link_;
};

class Dispatcher {
 public:
  Dispatcher(const Facts& facts, const Projection* former) : facts_(facts), former_(former) {
    for (const ChainEntry& link : facts.links)
      if (link.notice && (link.notice->says() == Event::Admission || link.notice->says() == Event::AdmissionLocal))
        senders_.push_back(link.notice->sender.id);
    sort_names(senders_);
  }

  Dispatched run() {
    for (const Received& received : facts_.received) received_.try_emplace({received.link, received.party}, &received.at);
    for (std::size_t index = 0; index < facts_.links.size(); ++index) add_all(index);
    return std::move(made_);
  }

  Dispatched run_further(const Projection& former, const WentOn& went_on) {
    made_.all = former.dispatches;
    made_.is_as_before.assign(made_.all.size(), true);
    for (std::size_t each = went_on.received; each < facts_.received.size(); ++each) acknowledge(facts_.received[each]);
    for (std::size_t index = former.links.size(); index < facts_.links.size(); ++index) add_all(index);
    return std::move(made_);
  }

 private:
  void add_all(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    if (!link.notice) return;
    Names receivers = receivers_of(link);
    answered_ = answered(link);
    for (std::string_view party : receivers) add(index, party, false, status(index, party));
    if (link.notice->says() == Event::PartyChanged) end_notices(index, receivers);
  }

  /// A party acknowledges a notice once.
  void acknowledge(const Received& received) {
    for (std::size_t index = 0; index < made_.all.size(); ++index) {
      const Dispatch& dispatch = made_.all[index];
      if (dispatch.link != received.link || dispatch.party != received.party || !dispatch.received.empty()) continue;
      Dispatch acknowledged = dispatch;
      acknowledged.received = received.at;
      made_.all.replace(index, std::move(acknowledged));
      made_.is_as_before[index] = false;
    }
  }

  Names receivers_of(const ChainEntry& link) const {
    Names names;
    for (const Party& party : link.notice->receivers) names.emplace_back(party.id);
    bool is_cancellation = link.notice->event == Event::Nullified;
    // A cancellation concerns everybody who got any version of the notice; status() selects them.
    if (is_cancellation || (link.notice->receivers.empty() && link.notice->says() != Event::AdmissionLocal)) {
      names.insert(names.end(), facts_.everybody.begin(), facts_.everybody.end());
      if (is_cancellation || !is_hospitals_own(link.notice->says())) names.insert(names.end(), senders_.begin(), senders_.end());
    }
    std::erase(names, link.notice->sender.id);
    sort_names(names);
    return names;
  }

  /// N13: everybody who got any version of the notice, and the receivers of the cancellation itself.
  bool is_for(const ChainEntry& cancellation, std::string_view party) const {
    if (names(*cancellation.notice, party)) return true;
    const std::string& root = facts_.links[cancellation.target].root;
    return std::any_of(facts_.links.begin(), facts_.links.end(), [&](const ChainEntry& link) {
      return link.notice && link.root == root && (link.notice->receivers.empty() || names(*link.notice, party));
    });
  }

  static bool names(const Notice& notice, std::string_view party) {
    return std::any_of(notice.receivers.begin(), notice.receivers.end(), [&](const Party& one) { return one.id == party; });
  }

  /// Notifies a party once that it has been removed from the list.
  void end_notices(std::size_t index, const Names& receivers) {
    const ChainEntry& link = facts_.links[index];
    const std::vector<std::string>& removed = facts_.link_facts[index].removed;
    for (const std::string& party : facts_.everybody) {
      if (std::binary_search(receivers.begin(), receivers.end(), party) || party == link.notice->sender.id) continue;
      bool is_removed = std::find(removed.begin(), removed.end(), party) != removed.end();
      add(index, party, true, is_removed ? Status::Sent : Status::Held);
    }
  }

  void add(std::size_t index, std::string_view party, bool is_end, Status status) {
    const ChainEntry& link = facts_.links[index];
    const Dispatch* before = former_.find(link.arrival, party);
    std::string id = before ? before->communication : communication_id(facts_, link, party);
    Dispatch dispatch{std::move(id), std::string(party), index, is_end, status, received_at(index, party), answered_};
    const bool is_as_before = before && before->is_end == is_end && before->status == status &&
                              before->received == dispatch.received && before->answered == dispatch.answered;
    made_.all.push_back(std::move(dispatch));
    made_.is_as_before.push_back(is_as_before);
  }

  std::string received_at(std::size_t index, std::string_view party) const {
    const auto found = received_.find({index, party});
    return found == received_.end() ? std::string() : *found->second;
  }

  std::string answered(const ChainEntry& link) const {
    if (link.notice->event != Event::Receipt || link.target == ChainEntry::no_target) return {};
    return communication_id(facts_, facts_.links[link.target], link.notice->sender.id);
  }

  Status status(std::size_t index, std::string_view party) const {
    const ChainEntry& link = facts_.links[index];
    const LinkFacts& facts = facts_.link_facts[index];
    bool was_notified = facts_.has_admission || facts_.standing.state == State::Makulerad || precedes_stay(link);
    switch (link.link_status) {
      case LinkStatus::Effective:
        if (link.notice->event == Event::Nullified)
          return was_notified && is_for(link, party) && both_know(link, party) ? Status::Sent : Status::Held;
        [[fallthrough]];
      case LinkStatus::History: {
        bool is_there = facts.audience && std::binary_search(facts.audience->begin(), facts.audience->end(), party);
        return facts.is_released && is_there ? Status::Sent : Status::Held;
      }
      case LinkStatus::Replaced:
      case LinkStatus::Nullified: return was_notified && both_know(link, party) ? Status::TakenBack : Status::Held;
      case LinkStatus::Withheld: break;
    }
    // What was sent before the admission itself was cancelled must be hidden too.
    bool must_hide = facts.lacked_admission && facts_.standing.state == State::Makulerad && both_know(link, party);
    return must_hide ? Status::TakenBack : Status::Held;
  }

  /// It, or what it cancels, may have been sent before the stay.
  bool precedes_stay(const ChainEntry& link) const {
    const bool cancels = link.notice->event == Event::Nullified && link.target != ChainEntry::no_target;
    return may_precede_stay(cancels ? facts_.links[link.target].notice->says() : link.notice->says());
  }

  bool both_know(const ChainEntry& link, std::string_view party) const {
    if (link.notice->says() == Event::AdmissionLocal) return false;
    const Member* receiver = facts_.members.find(party);
    const Member* sender = facts_.members.find(link.notice->sender.id);
    bool speaks = sender->knows() || facts_.members.kind(sender->party) == Membership::Kind::Hospital || precedes_stay(link);
    return speaks && receiver && receiver->knows();
  }

  const Facts& facts_;
  Former former_;
  Names senders_;
  std::map<std::pair<std::size_t, std::string_view>, const std::string*> received_;  // by link and party
  std::string answered_;                                                             // of the current link
  Dispatched made_;
};

}  // namespace

Dispatched dispatches(const Facts& facts, const Projection* former) { return Dispatcher(facts, former).run(); }

Dispatched further_dispatches(const Facts& facts, const Projection& former, const WentOn& went_on) {
  return Dispatcher(facts, nullptr).run_further(former, went_on);
}

}  // namespace vardbron::care
