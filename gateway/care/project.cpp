#include "gateway/care/project.h"

#include "gateway/care/chain.h"
#include "gateway/care/charge_writer.h"
#include "gateway/care/communication_writer.h"
#include "gateway/care/dispatch.h"
#include "gateway/care/fold.h"
#include "gateway/care/task_status.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::care {
namespace {

constexpr std::array<std::string_view, 5> link_status_names = {"effective", "history", "withheld", "replaced", "nullified"};

LinkReport report(const Facts& facts, const ChainEntry& link) {
  LinkReport one{link.identity, Event::Receipt, Event::Receipt, "", link.write != nullptr, link.link_status, link.at};
  one.by = link.notice ? link.notice->sender.id : link.write->organisation;
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
  if (case_task.is_late || !case_task.deadline || !is_open_status(case_task.status)) return;
  note_change(projection, *case_task.deadline + std::chrono::milliseconds(1));
}

void note_charge(Projection& projection, const Charge& charge, const Projected& item) {
  projection.charges.push_back({item.id, charge.reading, item.parties});
  if (charge.reading.next_change) note_change(projection, *charge.reading.next_change);
}

void write_resources(Projection& projection, Facts& facts, const CaseWriter& writer) {
  std::vector<Projected>& resources = projection.resources;
  resources.push_back(writer.patient());
  for (Projected& organization : writer.organizations()) resources.push_back(std::move(organization));
  resources.push_back(writer.encounter());
  if (facts.contact_was_named) resources.push_back(writer.care_team());
  if (facts.sip_was_called) resources.push_back(writer.care_plan());
  CommunicationWriter traffic(facts, writer);
  for (const Dispatch& dispatch : projection.dispatches) resources.push_back(traffic.communication(dispatch));
  for (const Work& work : facts.works.all()) resources.push_back(traffic.task(work));
}

Projection project(const Chain& chain, const Policy& policy, WallTime now, const tree::Names& names, CaseWriter::Detail detail) {
  Facts facts = fold(arrange(chain), policy, now);
  CaseWriter writer(facts, names, detail);
  Projection projection;
  projection.case_key = facts.case_key;
  projection.encounter = writer.encounter_id();
  projection.patient = writer.patient_id();
  projection.standing = facts.standing;
  projection.parties = writer.viewers();
  for (const ChainEntry& link : facts.links) projection.links.push_back(report(facts, link));
  if (!facts.person.kommun.empty() && facts.person.protection == Protection::None)
    projection.kommuner.push_back(facts.person.kommun);
  projection.dispatches = dispatches(facts);
  for (const Work& work : facts.works.all()) note_case_task(projection, work.case_task);
  write_resources(projection, facts, writer);
  for (const Charge& charge : facts.charges.all()) {
    Projected item = charge_item(facts, writer, charge, policy.name);
    note_charge(projection, charge, item);
    projection.resources.push_back(std::move(item));
  }
  projection.findings = std::move(facts.findings);
  return projection;
}

}  // namespace

std::string_view to_string(LinkStatus link_status) { return link_status_names[std::size_t(link_status)]; }

Projection project(const Chain& chain, const Policy& policy, WallTime now, const tree::Names& names) {
  return project(chain, policy, now, names, CaseWriter::Detail::Everything);
}

Projection outline(const Chain& chain, const Policy& policy, WallTime now, const tree::Names& names) {
  return project(chain, policy, now, names, CaseWriter::Detail::NoDocuments);
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
