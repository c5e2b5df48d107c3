#include "gateway/care/arende/payment_machine.h"

namespace vardbron::care {

void PaymentMachine::hear(const ChainEntry& link) {
  const Notice& notice = *link.notice;
  // Who admits the patient is the hospital from then on.
  const bool is_hospitals = notice.says() == Event::Admission || notice.says() == Event::AdmissionLocal ||
                            facts_.members.kind(notice.sender) == Membership::Kind::Hospital;
  if (is_hospitals && is_hospitals_own(notice.says())) {
    const NamedPayer named = payer_named_by(notice.person);
    if (!named.kommun.empty() && (named.has_placed || !facts_.payer.has_placed)) facts_.payer = named;
    if (notice.sip_is_due) facts_.sip_is_due = *notice.sip_is_due;
    if (notice.stay.care_kind != CareKind::Unknown) facts_.stay.care_kind = notice.stay.care_kind;
  }
  if (notice.obstacles.empty()) return;
  facts_.obstacles_are_claimed = !is_hospitals && !facts_.members.find(notice.sender.id)->plays(Role::Oppenvard);
  if (!facts_.obstacles_are_claimed)
    facts_.obstacles = notice.obstacles;
  else
    facts_.remark(
        link, "obstacle-claimed",
        "A party says that insatser of the öppenvård are not available. As long as the region has not said since when and "
        "until when, it is not clear whether the municipality is liable (LUS 5:5).");
}

void PaymentMachine::start(std::size_t index) {
  const Notice& notice = *facts_.links[index].notice;
  facts_.ready_periods.push_back({index, notice.stay.discharge_ready.value_or(notice.happened).at, {}, ChainEntry::no_target});
}

void PaymentMachine::stop(std::size_t index) {
  if (facts_.ready_periods.empty() || facts_.ready_periods.back().until) return;
  facts_.ready_periods.back().until = facts_.links[index].at;
  facts_.ready_periods.back().end_link = index;
}

void PaymentMachine::change_parties(const ChainEntry& link) {
  PartyChange change{link.at, {}};
  for (std::string_view id : facts_.members.active()) change.active.emplace_back(id);
  facts_.party_changes.push_back(std::move(change));
}

}  // namespace vardbron::care
