#include "gateway/care/project.h"

#include "gateway/care/arende/charge_writer.h"
#include "gateway/care/arende/communication_writer.h"
#include "gateway/care/arende/consent_writer.h"
#include "gateway/care/arende/contact_writer.h"
#include "gateway/care/arende/dispatch.h"
#include "gateway/care/arende/fold.h"
#include "gateway/care/arende/organization_writer.h"
#include "gateway/care/chain/chain.h"
#include "gateway/care/chain/compartment.h"
#include "gateway/care/chain/task_status.h"
#include "gateway/care/plan_projection.h"

#include <algorithm>
#include <utility>

namespace vardbron::care {
namespace {

LinkReport report(const Facts& facts, const CaseWriter& writer, std::size_t index) {
  const ChainEntry& link = facts.links[index];
  LinkReport one{link.identity,         Event::Receipt,   Event::Receipt, "",
                 link.write != nullptr, link.link_status, link.at,        link.arrival};
  one.by = link.notice ? link.notice->sender.id : link.write->organisation;
  const std::string& contact = facts.link_facts[index].contact;
  if (!contact.empty()) one.contact = care_team_id(writer, contact);
  if (!link.notice) return one;
  one.event = link.notice->event;
  one.says = link.notice->says();
  if (one.event == Event::Nullified && link.target != ChainEntry::no_target) one.says = facts.links[link.target].notice->says();
  return one;
}

void note_change(Projection& projection, WallTime at) {
  if (!projection.next_change || at < *projection.next_change) projection.next_change = at;
}

void note_case_task(Projection& projection, const CaseTask& case_task) {
  projection.case_tasks.push_back(case_task);
  if (!is_open_status(case_task.status)) return;
  const std::optional<WallTime>& next = case_task.is_late ? case_task.asked_until : case_task.deadline;
  if (next) note_change(projection, *next + std::chrono::milliseconds(1));
}

void note_charge(Projection& projection, const Charge& charge, const Projected& item) {
  projection.charges.push_back(
      {item.id, charge.reading, item.parties, charge.status, charge.days, charge.villkor, charge.amount});
  if (charge.next_change) note_change(projection, *charge.next_change);
}

CaseHeader header_of(const Facts& facts, const std::string& patient) {
  CaseHeader header{facts.case_key, facts.case_identity, {}, facts.person.protection, patient, {}, facts.person.identifiers};
  if (const Member* source = facts.members.find(facts.source)) header.source = source->party.identifier;
  for (const auto& [id, member] : facts.members.all())
    header.organisations.push_back({id, member.party.identifier, member.party.name});
  return header;
}

bool writes_the_same(const CaseHeader& former, const CaseHeader& now) {
  return former.case_key == now.case_key && former.case_identity == now.case_identity && former.source == now.source &&
         former.protection == now.protection && former.patient == now.patient &&
         std::includes(now.organisations.begin(), now.organisations.end(), former.organisations.begin(),
                       former.organisations.end());
}

void write_resources(Projection& projection, Facts& facts, const CaseWriter& writer, const std::vector<bool>& is_as_before) {
  std::vector<Projected>& resources = projection.resources;
  resources.push_back(writer.former_patient());
  for (Projected& organization : writer.former_organizations()) resources.push_back(std::move(organization));
  resources.push_back(writer.encounter());
  for (const ContactReport& contact : projection.contacts) resources.push_back(care_team(facts, writer, contact));
  if (!projection.contacts.empty()) resources.push_back(former_care_team(writer));
  if (facts.sip_was_called) resources.push_back(writer.care_plan());
  for (const auto& [scope, entry] : facts.consents.all()) resources.push_back(consent(facts, writer, scope, entry));
  CommunicationWriter traffic(facts, writer);
  for (std::size_t index = 0; index < projection.dispatches.size(); ++index)
    if (!is_as_before[index]) resources.push_back(traffic.communication(projection.dispatches[index]));
  for (const Work& work : facts.works.all()) resources.push_back(traffic.task(work));
}

/// The fold of `kept` if it can go on with the chain, else a new one.
KeptFold fold_of(const Chain& chain, const Policies& policies, WallTime now, KeptFold* kept, const PersonView& person) {
  KeptFold fold = kept ? std::move(*kept) : nullptr;
  return fold && go_on(*fold, chain, policies, now, person) ? fold : begin_fold(chain, policies, now, person);
}

/// Of the links that `former` has, all that went on is the same in both.
PersistentList<LinkReport> reports(const Facts& facts, const CaseWriter& writer, const Projection* former) {
  PersistentList<LinkReport> made = former ? former->links : PersistentList<LinkReport>();
  for (std::size_t index = made.size(); index < facts.links.size(); ++index) made.push_back(report(facts, writer, index));
  return made;
}

Dispatched dispatches_of(const Facts& facts, const Projection* former, bool is_comparable, const std::optional<WentOn>& on) {
  if (!former || !on) return dispatches(facts, is_comparable ? former : nullptr);
  Dispatched further = further_dispatches(facts, *former, *on);
  if (!is_comparable) further.is_as_before.assign(further.all.size(), false);
  return further;
}

Projection project(const Chain& chain, const Policies& policies, WallTime now, const tree::Names& names,
                   CaseWriter::Detail detail, const Projection* former, KeptFold* kept, const PersonView& person) {
  if (is_plan(chain)) {
    Projection plan = project_plan(chain, policies, now, names, person, detail == CaseWriter::Detail::Everything);
    close_compartments(plan.resources);
    return plan;
  }
  const KeptFold fold = fold_of(chain, policies, now, kept, person);
  Facts& facts = conclude(*fold);
  const std::optional<WentOn> on = went_on(*fold);
  CaseWriter writer(facts, names, detail, person);
  Projection projection;
  projection.case_key = facts.case_key;
  projection.encounter = writer.encounter_id();
  projection.patient = writer.patient_id();
  projection.standing = facts.standing;
  projection.parties = writer.viewers();
  projection.links = reports(facts, writer, on ? former : nullptr);
  if (!facts.person.kommun.empty() && facts.person.protection == Protection::None)
    projection.kommuner.push_back(facts.person.kommun);
  projection.header = header_of(facts, projection.patient);
  projection.contacts = contacts_of(facts, writer);
  projection.stay = writer.stay_view();
  projection.of_others = {person.death() != nullptr && !facts.is_deceased, writer.earlier_encounter()};
  projection.organizations = organization_words(facts);
  const bool is_comparable = former && writes_the_same(former->header, projection.header);
  Dispatched dispatched = dispatches_of(facts, former, is_comparable, on);
  projection.dispatches = std::move(dispatched.all);
  for (const Work& work : facts.works.all()) note_case_task(projection, work.case_task);
  write_resources(projection, facts, writer, dispatched.is_as_before);
  for (const Charge& charge : facts.charges) {
    Projected item = charge_item(facts, writer, charge);
    note_charge(projection, charge, item);
    projection.resources.push_back(std::move(item));
  }
  close_compartments(projection.resources);
  if (facts.patient_read_until && !facts.has_left_patient)
    note_change(projection, *facts.patient_read_until + std::chrono::milliseconds(1));
  projection.findings = facts.findings;
  take_back(*fold);
  if (kept) *kept = fold;
  return projection;
}

}  // namespace

Projection project(const Chain& chain, const Policies& policies, WallTime now, const tree::Names& names, const Projection* former,
                   KeptFold* kept, const PersonView& person) {
  return project(chain, policies, now, names, CaseWriter::Detail::Everything, former, kept, person);
}

Projection outline(const Chain& chain, const Policies& policies, WallTime now, const tree::Names& names, KeptFold* kept,
                   const PersonView& person) {
  return project(chain, policies, now, names, CaseWriter::Detail::NoDocuments, nullptr, kept, person);
}

Result<void> check_write(const Projection& now, const Write& write) {
  auto case_task =
      std::find_if(now.case_tasks.begin(), now.case_tasks.end(), [&](const CaseTask& one) { return one.id == write.task; });
  if (case_task == now.case_tasks.end() || case_task->status == "draft")
    return Failure{Cause::NotFound, "There is no such Task for this organisation.", "Task.id"};
  if (case_task->party != write.organisation)
    return Failure{Cause::Forbidden, "This Task is another organisation's; its owner alone may write it.", "Task.owner"};
  if (!std::binary_search(now.parties.begin(), now.parties.end(), write.organisation))
    return Failure{Cause::Forbidden, "Your organisation is party to the case no more; you may read the Task and not write it.",
                   "Task.owner"};
  return write.status.empty() ? done() : may_move(case_task->status, write.status);
}

}  // namespace vardbron::care
