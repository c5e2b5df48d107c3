#include "gateway/care/arende/contact_machine.h"

#include "gateway/care/arende/arende.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::care {
namespace {

constexpr std::string_view usual_type = "1";

/// A party may write the same contact again: it is one appointment, whatever the number of writes.
std::string name_of(const Write& write) {
  return write.task + "|" + (write.contact.type.empty() ? std::string(usual_type) : write.contact.type) + "|" +
         write.contact.name;
}

}  // namespace

void ContactMachine::note(Facts& facts) {
  for (const ChainEntry& link : facts.links) {
    if (link.write && names_contact(*link.write)) facts.contact_names.insert(name_of(*link.write));
    if (!link.notice || link.notice->says() != Event::FastVardkontakt) continue;
    facts.contact_names.insert(link.root);
    // While the first version is missing, what a correction replaces is the root.
    if (link.notice->event == Event::Corrected && link.notice->replaces)
      facts.contact_names.insert(care::name_of(*link.notice->replaces));
  }
}

/// LUS 2:5 asks for a fast vårdkontakt at a unit of the öppenvård. A fast läkarkontakt (2) and a fast omsorgskontakt (3) are
/// others.
bool ContactMachine::fulfils_law(const Contact& contact, const Party& unit, WallTime at) const {
  if (contact.type == "2" || contact.type == "3") return false;
  const Member* member = facts_.members.find(unit.id);
  // The hospital's record system passes on what the öppenvård decided.
  if (member->plays(Role::Oppenvard) || facts_.members.kind(unit) == Membership::Kind::Hospital) return true;
  return member->is_municipal() && time::day_of(at) >= policies_.everywhere.municipal_contact_from;
}

std::string ContactMachine::since(const Appointment& own, WallTime at) const {
  if (!own.contact.since.empty()) return own.contact.since;
  const std::string earlier = person_.contact_since(own.unit.id, own.contact, at);
  return earlier.empty() ? own.own_since : earlier;
}

void ContactMachine::take(std::size_t index) {
  const ChainEntry& link = facts_.links[index];
  const Notice& notice = *link.notice;
  const Contact contact = notice.contact.value_or(Contact{});
  if (!contact.until.empty()) return end(link, contact);
  if (contact.name.empty() && contact.phone.empty())
    return facts_.remark(
        link, "contact-names-nobody",
        "The notice says that there is a fast vårdkontakt and names nobody: it has neither a name nor a telephone "
        "number. Nobody is appointed, and the Task stays open.");
  const bool counts = fulfils_law(contact, notice.sender, link.at);
  appoint(index, {link.root, contact, notice.sender, "", "", counts}, notice.happened.text);
  if (!counts) {
    if (contact.type != "2" && contact.type != "3")
      facts_.remark(
          link, "contact-not-of-oppenvard",
          "The fast vårdkontakt is of a unit that the hospital's notices do not name as öppenvård; one there is asked for before "
          "the discharge (LUS 2:5).");
    return;
  }
  if (!facts_.works.move(CaseTaskKind::UtseFastVardkontakt, notice.sender.id, "", "completed", link.at))
    facts_.works.move(CaseTaskKind::UtseFastVardkontakt, "", "", "completed", link.at);
}

void ContactMachine::end(const ChainEntry& link, const Contact& contact) {
  const Result<time::CivilTime> until = time::parse_civil(contact.until);
  if (!until || until->at > link.at)
    return facts_.remark(link, "contact-end-to-come",
                         "The fast vårdkontakt is still one: the end that the notice names is no moment that has come. Send it "
                         "when it has.");
  const std::size_t before = never_began();
  if (!facts_.contacts.end(contact, link.notice->sender, contact.until))
    facts_.remark(link, "no-such-contact", "The notice ends a fast vårdkontakt that its sender does not have in this case.");
  remark_on_those_that_never_began(link, before);
}

void ContactMachine::appoint(std::size_t index, Appointment appointment, const std::string& at) {
  const std::size_t before = never_began();
  Contact& contact = appointment.contact;
  if (contact.type.empty()) contact.type = usual_type;
  appointment.own_since = contact.since.empty() ? at : contact.since;
  appointment.since = since(appointment, facts_.links[index].at);
  facts_.link_facts[index].contact = facts_.contacts.appoint(std::move(appointment), at);
  remark_on_those_that_never_began(facts_.links[index], before);
}

std::size_t ContactMachine::never_began() const {
  const std::vector<Appointment>& all = facts_.contacts.all();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const Appointment& one) { return one.never_began(); }));
}

void ContactMachine::remark_on_those_that_never_began(const ChainEntry& link, std::size_t before) {
  if (never_began() == before) return;
  facts_.remark(
      link, "contact-never-began",
      "A fast vårdkontakt that was named to begin later is replaced or ended before that time, so it never was one. If it "
      "is to begin as it was said, cancel this notice and send it when it holds.");
}

void ContactMachine::take_named(std::size_t index) {
  ChainEntry& link = facts_.links[index];
  const Write& write = *link.write;
  const Step step = care::step(facts_.standing, Event::FastVardkontakt);
  if (!step.allowed) {
    link.link_status = LinkStatus::History;
    return facts_.remark(link, "not-allowed-in-state",
                         "The fast vårdkontakt that the Task names is not appointed: " + std::string(step.because) + ".");
  }
  const Party& unit = facts_.members.find(write.organisation)->party;
  appoint(index, {name_of(write), write.contact, unit, "", "", fulfils_law(write.contact, unit, link.at)}, write.at.text);
  facts_.works.find(write.task)->case_task.contact = facts_.link_facts[index].contact;
}

}  // namespace vardbron::care
