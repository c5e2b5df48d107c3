#include "gateway/care/arende/sip_machine.h"

#include <string>

namespace vardbron::care {

void SipMachine::call(std::size_t index) {
  const ChainEntry& link = facts_.links[index];
  const Member& sender = *facts_.members.find(link.notice->sender.id);
  const bool is_by_oppenvard = sender.plays(Role::Oppenvard);
  facts_.sip_calls.push_back({link.notice->happened, link.notice->sender, index, is_by_oppenvard});
  facts_.sip_is_revoked = false;
  if (is_by_oppenvard)
    facts_.works.move(CaseTaskKind::KallaTillSip, "", "", "completed", link.at);
  else
    facts_.remark(link, "call-not-by-oppenvard",
                  "The call to a SIP is not by the öppenvård: it is to be made by the fast vårdkontakt there (LUS 4:3), and "
                  "without that the municipality does not become liable (LUS 5:3)." +
                      std::string(sender.is_called(Role::Oppenvard)
                                      ? " That the sender calls itself öppenvård does not count: the hospital's notices do not."
                                      : ""));
}

void SipMachine::follow(const StayView& plan, const Policy& policy) {
  const bool is_other_plan = plan.plan_kind == code_of(PlanKind::SplptLrv);
  const bool is_refused = policy.refused_plan_needs_no_call && plan.plan_state == "ej-aktuell";
  if (!is_other_plan && !is_refused) return;
  facts_.sip_is_due = false;
  facts_.works.move(CaseTaskKind::KallaTillSip, "", "", "cancelled", plan.said,
                    is_other_plan ? "samordnad vårdplan (LPT 7 a §)" : "ingen SIP är aktuell");
}

}  // namespace vardbron::care
