#include "tests/care/story.h"

#include "gateway/time/civil.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace vardbron::care {
namespace {

constexpr std::string_view hsa_system = "urn:oid:1.2.752.29.4.19";

Party unit(std::string id, std::string name, Role role) {
  return {id, {std::string(hsa_system), id}, std::move(name), "010-1234567", role};
}

void write_text(tree::Item item, std::string& text) {
  text += item.name_text();
  if (item.document->in_list(item.node)) text += "[]";
  if (item.has_value()) text.append("=").append(item.text());
  if (!item.first_child()) return;
  text += '{';
  for (tree::Item child = item.first_child(); child; child = child.next()) {
    write_text(child, text);
    text += ' ';
  }
  text += '}';
}

}  // namespace

Party hospital() { return unit("SE2321000131-E000000000001", "Medicinavdelningen", Role::SlutenVard); }
Party other_ward() { return unit("SE2321000131-E000000000002", "Kirurgavdelningen", Role::SlutenVard); }
Party far_hospital() { return unit("SE2321000016-E000000000003", "Annat sjukhus", Role::SlutenVard); }
Party clinic() { return unit("SE5565594230-V001", "Vårdcentralen Bron", Role::Oppenvard); }
Party social() { return unit("SE2120001000-S001", "Biståndsenheten", Role::Socialtjanst); }
Party nursing() { return unit("SE2120001000-H001", "Hemsjukvården", Role::KommunalHsv); }
Party new_nursing() { return unit("SE2120001000-H002", "Hemsjukvården norr", Role::KommunalHsv); }
Party far_social() { return unit("SE2120002000-S001", "Annan kommun", Role::Socialtjanst); }

WallTime moment(std::string_view text) {
  Result<time::CivilTime> parsed = time::parse_civil(text);
  CHECK(parsed);
  return parsed->at;
}

Notice& Story::add(Event event, std::string_view happened) {
  Notice notice;
  notice.identity = {"urn:example:messages", "n" + std::to_string(links_.size() + 1)};
  notice.case_identity = {"urn:example:cases", "4711"};
  notice.case_key = "urn:example:cases|4711";
  notice.event = event;
  notice.happened = {moment(happened), time::format_local(moment(happened))};
  notice.sent = notice.happened.at;
  notice.sender = hospital();
  if (event != Event::AdmissionLocal) notice.receivers = {clinic(), social(), nursing()};
  notice.person.identifiers = {{"http://electronichealth.se/identifier/personnummer", "195009072553"}};
  notice.person.family = "Berg";
  notice.person.given = {"Alva"};
  notice.person.gender = "female";
  notice.person.birth_date = "1950-09-07";
  notice.person.addresses = {{"home", "", "39231", "Kalmar", "SE", {"Brogatan 1"}}};
  notice.person.kommun = "0880";
  notice.stay.status = "in-progress";
  notice.stay.class_code = "IMP";
  notice.stay.provider = hospital().id;
  if (event == Event::Admission) notice.stay.planned_discharge = "2025-03-26";
  if (event == Event::Admission) notice.stay.period_start = notice.happened.text;
  if (event == Event::PlannedDischargeChanged) notice.stay.planned_discharge = "2025-03-28";
  if (event == Event::Death) notice.person.deceased = true;
  links_.push_back(std::make_unique<Link>(std::move(notice)));
  return std::get<Notice>(*links_.back());
}

Notice& Story::correct(const Notice& original, std::string_view happened) {
  Notice copy = original;
  Notice& notice = add(Event::Corrected, happened);
  Identity identity = notice.identity;
  WallTime sent = std::max(notice.sent, copy.sent + std::chrono::minutes(1));
  SentTime when = notice.happened;
  notice = std::move(copy);
  notice.identity = identity;
  notice.corrected_event = notice.says();
  notice.event = Event::Corrected;
  notice.happened = when;
  notice.sent = sent;
  notice.replaces = original.identity;
  return notice;
}

Notice& Story::cancel(const Notice& original, std::string_view when) {
  Notice& notice = add(Event::Nullified, when);
  notice.replaces = original.identity;
  notice.sender = original.sender;
  notice.receivers = original.receivers;
  notice.person = original.person;
  return notice;
}

Notice& Story::receipt(const Notice& of, const Party& by, std::string_view when) {
  Notice& notice = add(Event::Receipt, when);
  from(notice, by, {of.sender});
  notice.acknowledges = Identity{"", of.identity.value};
  return notice;
}

void Story::write(const Party& by, CaseTaskKind kind, std::string_view status, std::string_view when) {
  Projection now = project();
  Write write;
  write.identity = "w" + std::to_string(links_.size() + 1);
  const CaseTask* case_task = find_case_task(now, kind, by);
  write.task = case_task ? case_task->id : "";
  write.status = status;
  write.organisation = by.id;
  write.at = {moment(when), time::format_local(moment(when))};
  links_.push_back(std::make_unique<Link>(std::move(write)));
}

Chain Story::chain() const {
  Chain chain;
  for (const std::unique_ptr<Link>& link : links_) chain.push_back(*link);
  return chain;
}

Projection Story::project(std::string_view now) const { return project(chain(), now); }

Projection Story::project(const Chain& chain, std::string_view now) const {
  Policies policies(policy);
  policies.agreements = agreements;
  policies.counts_from_receipt = counts_from_receipt;
  policies.prices = prices;
  policies.organisationsnummer = organisationsnummer;
  Projection projection = care::project(chain, policies, moment(now), r4().names(), nullptr, nullptr, person);
  SaidOfPerson said{person.others, {}, person.merges};
  said.all.push_back(projection.stay);
  for (const Identity& number : projection.stay.person.identifiers)
    projection.resources.insert(projection.resources.begin(), patient(number, person.key, said, r4().names()));
  return projection;
}

Notice& from(Notice& notice, const Party& sender, std::vector<Party> receivers) {
  notice.sender = sender;
  notice.receivers = std::move(receivers);
  return notice;
}

std::string to_text(const tree::Document& document) {
  std::string text;
  write_text(tree::root(document), text);
  return text;
}

std::string to_text(const Projection& projection) {
  std::string text = projection.case_key + " " + std::string(to_string(projection.standing.state)) + "\n";
  for (const Projected& resource : projection.resources) {
    text += to_text(resource.document) + " for";
    for (const std::string& party : resource.parties) text += " " + party;
    text += "\n";
  }
  for (const LinkReport& link : projection.links) text += link.identity + " " + std::string(to_string(link.link_status)) + "\n";
  for (const std::string& party : projection.parties) text += party + "\n";
  for (const Finding& finding : projection.findings) text += finding.identity + " " + finding.code + " " + finding.says + "\n";
  if (projection.next_change) text += time::format_local(*projection.next_change);
  return text;
}

const Projected* find_resource(const Projection& projection, std::string_view type, std::string_view text) {
  for (const Projected& resource : projection.resources)
    if (resource.type == type && (text.empty() || to_text(resource.document).find(text) != std::string::npos)) return &resource;
  return nullptr;
}

const CaseTask* find_case_task(const Projection& projection, CaseTaskKind kind, const Party& party) {
  const CaseTask* found = nullptr;
  for (const CaseTask& case_task : projection.case_tasks)
    if (case_task.kind == kind && case_task.party == party.id && (!found || found->status != "requested")) found = &case_task;
  return found;
}

std::string status_of(const Projection& projection, CaseTaskKind kind, const Party& party) {
  const CaseTask* case_task = find_case_task(projection, kind, party);
  return case_task ? case_task->status : "none";
}

std::string communication_status(const Projection& projection, const Notice& notice, const Party& party) {
  for (const Dispatch& dispatch : projection.dispatches) {
    if (projection.links[dispatch.link].identity != notice.identity.system + "|" + notice.identity.value) continue;
    if (dispatch.party != party.id) continue;
    const Projected* communication = find_resource(projection, "Communication", "id=" + dispatch.communication);
    return communication ? std::string(tree::root(communication->document).text_of("status")) : "lost";
  }
  return "none";
}

std::string encounter_status(const Projection& projection) {
  return std::string(tree::root(find_resource(projection, "Encounter")->document).text_of("status"));
}

LinkStatus link_status_of(const Projection& projection, const Notice& notice) {
  for (const LinkReport& link : projection.links)
    if (link.identity == notice.identity.system + "|" + notice.identity.value) return link.link_status;
  CHECK(false);
  return LinkStatus::Withheld;
}

bool has_finding(const Projection& projection, std::string_view code) {
  return std::any_of(projection.findings.begin(), projection.findings.end(),
                     [&](const Finding& one) { return one.code == code; });
}

bool may_see(const Projection& projection, const Party& party) {
  return std::find(projection.parties.begin(), projection.parties.end(), party.id) != projection.parties.end();
}

std::vector<std::string> notified(const std::vector<CaseEvent>& events) {
  std::vector<std::string> lines;
  for (const CaseEvent& event : events) lines.push_back(event.party + " " + event.event + (event.is_history ? " (history)" : ""));
  return lines;
}

}  // namespace vardbron::care
