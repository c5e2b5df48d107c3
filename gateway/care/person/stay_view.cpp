#include "gateway/care/person/stay_view.h"

#include "gateway/base/text.h"
#include "gateway/care/chain/branch.h"
#include "gateway/care/chain/read_person.h"
#include "gateway/care/person/person_writer.h"
#include "gateway/time/civil.h"
#include "gateway/tree/children.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace vardbron::care {
namespace {

using tree::Item;

void write_contact(Branch item, const Appointment& appointment) {
  const Contact& contact = appointment.contact;
  item.text("appointment", appointment.name).text("type", contact.type).text("name", contact.name).text("phone", contact.phone);
  for (const Identity& each : contact.identifiers) item.identifier_item(each.system, each.value);
  Branch unit = item.object("unit");
  unit.text("id", appointment.unit.id).text("name", appointment.unit.name).text("phone", appointment.unit.phone);
  unit.identifier("identifier", appointment.unit.identifier.system, appointment.unit.identifier.value);
  unit.number("role", std::int64_t(appointment.unit.role));
  item.text("since", appointment.since).text("until", appointment.until).boolean("fulfilsLaw", appointment.fulfils_law);
}

Identity identity_of(Item identifier) {
  return {std::string(identifier.text_of("system")), std::string(identifier.text_of("value"))};
}

Appointment read_contact(Item item) {
  Appointment read;
  read.name = item.text_of("appointment");
  read.contact.type = item.text_of("type");
  read.contact.name = item.text_of("name");
  read.contact.phone = item.text_of("phone");
  tree::for_each_child(item, "identifier", [&](Item each) { read.contact.identifiers.push_back(identity_of(each)); });
  const Item unit = item.child("unit");
  read.unit = {std::string(unit.text_of("id")), identity_of(unit.child("identifier")), std::string(unit.text_of("name")),
               std::string(unit.text_of("phone")), Role(parse_int(unit.text_of("role")).value_or(0))};
  read.since = item.text_of("since");
  read.until = item.text_of("until");
  read.fulfils_law = item.text_of("fulfilsLaw") == "true";
  return read;
}

std::vector<std::string> texts_of(Item parent, std::string_view name) {
  std::vector<std::string> texts;
  tree::for_each_child(parent, name, [&](Item each) { texts.emplace_back(each.text()); });
  return texts;
}

bool ended_before(const StayView& view, const StayView& other) {
  const Result<time::CivilTime> until = time::parse_civil(view.until), since = time::parse_civil(other.since);
  return until && since && until->at <= since->at;
}

Failure not_ours() { return {Cause::Broken, "What an ärende says of its patient cannot be read.", ""}; }

}  // namespace

bool names(const StayView& view, const Identity& number) {
  const std::vector<Identity>& named = view.person.identifiers;
  return std::find(named.begin(), named.end(), number) != named.end();
}

std::span<const std::string> patient_readers(const StayView& view) {
  return view.has_left_patient ? std::span<const std::string>() : view.viewers;
}

std::string arende_plan_key(std::string_view case_key) { return "plan|sip|" + std::string(case_key); }

// All protect whom one protects; each may have confirmed a contact; and one reads of the stay before it.
bool concerns(const StayView& before, const StayView& after, const StayView& other) {
  const auto numbers = [](const StayView& view) {
    std::vector<Identity> sorted = view.person.identifiers;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  };
  // What its plan is decides whether an ärende asks for a call to a SIP.
  const bool is_of_plan = before.plan_kind != after.plan_kind || before.plan_state != after.plan_state;
  if (is_of_plan && arende_plan_key(other.case_key) == after.case_key) return true;
  // Its plan refers to the stay while all who take part may read it.
  const bool is_seen_otherwise = before.viewers != after.viewers || before.encounter != after.encounter;
  if (is_seen_otherwise && arende_plan_key(after.case_key) == other.case_key) return true;
  const bool is_of_person =
      before.person.protection != after.person.protection || before.person.deceased != after.person.deceased ||
      before.person.deceased_at != after.person.deceased_at || (after.person.deceased && before.death_noted != after.death_noted);
  if (is_of_person || before.contacts != after.contacts) return true;
  const bool is_of_stay = before.until != after.until || before.encounter != after.encounter || before.viewers != after.viewers ||
                          numbers(before) != numbers(after);
  return is_of_stay && (ended_before(before, other) || ended_before(after, other));
}

tree::Document write_stay_view(const StayView& view, const tree::Names& names, Protection strongest,
                               std::span<const ReadChain> joined) {
  tree::Document document(names);
  Branch root(document, 0);
  root.text("case", view.case_key).number("said", view.said.time_since_epoch().count());
  if (strongest != Protection::None) root.text("strongest", code_of(strongest));
  if (view.person.deceased) root.number("deathNoted", view.death_noted.time_since_epoch().count());
  root.text("encounter", view.encounter).text("since", view.since).text("until", view.until);
  for (const std::string& each : view.hospitals) root.text_item("hospital", each);
  for (const std::string& each : view.viewers) root.text_item("viewer", each);
  if (view.has_left_patient) root.boolean("hasLeftPatient", true);
  root.text("planKind", view.plan_kind).text("planState", view.plan_state);
  if (view.is_unconsented) root.boolean("isUnconsented", true);
  for (const Appointment& each : view.contacts) write_contact(root.item("contact"), each);
  for (const ReadChain& each : joined) root.item("joined").text("chain", each.key).number("links", each.links);
  if (view.person.identifiers.empty()) return document;
  Branch patient = root.object("patient");
  if (view.person.protection != Protection::None)
    patient.object("meta").coding_item("security", protection_system, code_of(view.person.protection));
  write_person(patient, view.person, Disclosure::Everything);
  return document;
}

Protection read_strongest(const tree::Document& document) {
  const std::string_view code = tree::root(document).text_of("strongest");
  for (const Protection each : {Protection::Sekretessmarkering, Protection::SkyddadFolkbokforing})
    if (code == code_of(each)) return each;
  return Protection::None;
}

std::vector<ReadChain> read_joined(const tree::Document& document) {
  std::vector<ReadChain> read;
  tree::for_each_child(tree::root(document), "joined", [&](Item each) {
    read.push_back({std::string(each.text_of("chain")), parse_int(each.text_of("links")).value_or(0)});
  });
  return read;
}

Result<StayView> read_stay_view(const tree::Document& document) {
  const Item root = tree::root(document);
  StayView view;
  const std::optional<std::int64_t> said = parse_int(root.text_of("said"));
  view.case_key = root.text_of("case");
  if (!said || view.case_key.empty()) return not_ours();
  view.said = WallTime{std::chrono::milliseconds{*said}};
  view.encounter = root.text_of("encounter");
  view.since = root.text_of("since");
  view.until = root.text_of("until");
  view.hospitals = texts_of(root, "hospital");
  view.viewers = texts_of(root, "viewer");
  view.plan_kind = root.text_of("planKind");
  view.plan_state = root.text_of("planState");
  view.has_left_patient = root.text_of("hasLeftPatient") == "true";
  view.is_unconsented = root.text_of("isUnconsented") == "true";
  tree::for_each_child(root, "contact", [&](Item each) { view.contacts.push_back(read_contact(each)); });
  const Item patient = root.child("patient");
  if (!patient) return view;
  std::vector<Doubt> doubts;  // the notices were doubted when they came
  Result<Person> person = read_person(patient, "patient", std::chrono::year_month_day(time::day_of(view.said)), doubts);
  if (!person) return not_ours();
  view.person = *std::move(person);
  // Links of before lack it, and took the newest notice for it.
  if (view.person.deceased)
    view.death_noted = WallTime{std::chrono::milliseconds{parse_int(root.text_of("deathNoted")).value_or(*said)}};
  return view;
}

}  // namespace vardbron::care
