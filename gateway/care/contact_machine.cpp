#include "gateway/care/contact_machine.h"

#include "gateway/time/civil.h"

#include <string>

namespace vardbron::care {

/// LUS 2:5 asks for a fast vårdkontakt at a unit of the öppenvård. A fast läkarkontakt (2) and a fast omsorgskontakt (3) are
/// others.
bool ContactMachine::fulfils_law(const Contact& contact, const ChainEntry& link) const {
  if (contact.type == "2" || contact.type == "3") return false;
  const Party& sender = link.notice->sender;
  const Member* member = facts_.members.find(sender.id);
  // The hospital's record system passes on what the öppenvård decided.
  if (member->plays(Role::Oppenvard) || facts_.members.kind(sender) == Membership::Kind::Hospital) return true;
  return !member->is_municipal() || time::day_of(link.at) >= policies_.everywhere.municipal_contact_from;
}

void ContactMachine::appoint(const ChainEntry& link) {
  const Notice& notice = *link.notice;
  const Contact contact = notice.contact.value_or(Contact{});
  const bool counts = fulfils_law(contact, link);
  facts_.contacts.appoint(contact, notice.sender, notice.happened.text, counts);
  if (!counts) {
    if (contact.type != "2" && contact.type != "3")
      facts_.remark(
          link, "contact-not-of-oppenvard",
          "The fast vårdkontakt is of the municipality; one of the öppenvård is asked for before the discharge (LUS 2:5).");
    return;
  }
  if (!facts_.works.move(CaseTaskKind::UtseFastVardkontakt, notice.sender.id, "", "completed", link.at))
    facts_.works.move(CaseTaskKind::UtseFastVardkontakt, "", "", "completed", link.at);
}

}  // namespace vardbron::care
