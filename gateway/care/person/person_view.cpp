#include "gateway/care/person/person_view.h"

#include "gateway/base/digest.h"
#include "gateway/care/chain/branch.h"
#include "gateway/care/chain/case_id.h"
#include "gateway/care/chain/chain.h"
#include "gateway/care/chain/profiles.h"
#include "gateway/care/chain/projected.h"
#include "gateway/care/person/person_writer.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

namespace vardbron::care {
namespace {

/// The person as all of them have it: of each element what was said last.
Person merged(std::vector<const StayView*> views) {
  std::sort(views.begin(), views.end(), [](const StayView* left, const StayView* right) {
    return std::pair(left->said, std::string_view(left->case_key)) < std::pair(right->said, std::string_view(right->case_key));
  });
  Person person;
  for (const StayView* view : views) {
    const Person& newer = view->person;
    for (const Identity& each : newer.identifiers)
      if (!contains(person.identifiers, each)) person.identifiers.push_back(each);
    const auto take = [](auto& kept, const auto& value) {
      if (!value.empty()) kept = value;
    };
    if (!newer.family.empty() || !newer.name_text.empty()) {
      person.family = newer.family;
      person.name_text = newer.name_text;
      person.given = newer.given;
    }
    take(person.identity_level, newer.identity_level);
    take(person.gender, newer.gender);
    take(person.birth_date, newer.birth_date);
    take(person.addresses, newer.addresses);
    take(person.related, newer.related);
    take(person.kommun, newer.kommun);
    person.deceased |= newer.deceased;
    take(person.deceased_at, newer.deceased_at);
    person.protection = std::max(person.protection, newer.protection);
  }
  return person;
}

/// Who may read Patient by the ärenden that name the number; when none does, the hospitals of those that have named it. Anybody
/// may say that a person needs a plan, and reads nothing by it of what others say of the person, before the person consents.
std::vector<std::string> readers_of(const Identity& number, std::span<const StayView> all, std::span<const StayView> former) {
  std::set<std::string> readers, of_needs;
  bool is_named = false, is_needed = false;
  for (const StayView& view : all) {
    if (!names(view, number)) continue;
    (view.is_unconsented ? is_needed : is_named) = true;
    (view.is_unconsented ? of_needs : readers).insert(patient_readers(view).begin(), patient_readers(view).end());
  }
  if (!is_named && is_needed) return {of_needs.begin(), of_needs.end()};
  if (!is_named)
    for (const StayView& view : former) readers.insert(view.hospitals.begin(), view.hospitals.end());
  return {readers.begin(), readers.end()};
}

std::optional<WallTime> time_of(const std::string& text) {
  const Result<time::CivilTime> read = time::parse_civil(text);
  return read ? std::optional(read->at) : std::nullopt;
}

/// Nothing of one whose times cannot be compared.
bool holds_at(const Appointment& contact, WallTime at) {
  const std::optional<WallTime> since = time_of(contact.since), until = time_of(contact.until);
  return since && *since <= at && (contact.until.empty() || (until && *until > at));
}

void write_link(Branch root, std::string_view secret, const Identity& other, std::string_view type) {
  Branch link = root.item("link");
  link.object("other").text("reference", "Patient/" + patient_id(person_key(secret, other)));
  link.text("type", type);
}

/// Every ärende that names the number names the other one too.
bool is_replaced(const Identity& number, const Identity& by, std::span<const StayView> all) {
  return number != by &&
         std::all_of(all.begin(), all.end(), [&](const StayView& each) { return !names(each, number) || names(each, by); });
}

}  // namespace

Protection PersonView::protection() const {
  Protection strongest = protection_by(merges);
  for (const StayView& each : others) strongest = std::max(strongest, each.person.protection);
  return strongest;
}

const StayView* PersonView::death() const {
  const auto found = std::find_if(others.begin(), others.end(), [](const StayView& each) { return each.person.deceased; });
  return found == others.end() ? nullptr : &*found;
}

const StayView* PersonView::plan_of(std::string_view case_key) const {
  const std::string of_plan = arende_plan_key(case_key);
  const auto found = std::find_if(others.begin(), others.end(), [&](const StayView& each) { return each.case_key == of_plan; });
  return found == others.end() ? nullptr : &*found;
}

std::optional<Appointment> PersonView::contact_of(std::string_view unit, WallTime at) const {
  const Appointment* found = nullptr;
  for (const StayView& each : others)
    for (const Appointment& contact : each.contacts) {
      const bool is_one =
          contact.unit.id == unit && contact.fulfils_law && !contact.contact.name.empty() && holds_at(contact, at);
      if (is_one && (!found || *time_of(found->since) < *time_of(contact.since))) found = &contact;
    }
  if (!found) return std::nullopt;
  Appointment known = *found;
  known.since = contact_since(unit, found->contact, at);
  return known;
}

std::string PersonView::contact_since(std::string_view unit, const Contact& contact, WallTime at) const {
  std::string since;
  for (bool is_earlier = true; is_earlier;) {
    is_earlier = false;
    for (const StayView& each : others)
      for (const Appointment& known : each.contacts) {
        const bool is_same = known.unit.id == unit && known.contact.type == contact.type && known.contact.name == contact.name;
        if (!is_same || !holds_at(known, at) || (!since.empty() && *time_of(known.since) >= at)) continue;
        since = known.since;
        at = *time_of(since);
        is_earlier = true;
      }
  }
  return since;
}

const StayView* PersonView::stay_before(const std::string& since, int days) const {
  if (others.empty()) return nullptr;
  const Result<time::CivilTime> began = time::parse_civil(since);
  if (!began) return nullptr;
  const WallTime at = began->at;
  const StayView* last = nullptr;
  WallTime ended{};
  for (const StayView& each : others) {
    const Result<time::CivilTime> until = time::parse_civil(each.until);
    if (!until || until->at > at || until->at < at - std::chrono::days(days)) continue;
    if (last && until->at <= ended) continue;
    last = &each;
    ended = until->at;
  }
  return last;
}

bool PersonView::are_one(const Person& one, const Person& other) const {
  if (merges.empty()) return false;
  std::vector<Identity> reached = one.identifiers;
  const auto reach = [&](const std::vector<Identity>& numbers, const Identity& from) {
    if (!contains(numbers, from)) return;
    for (const Identity& each : numbers)
      if (!contains(reached, each)) reached.push_back(each);
  };
  for (std::size_t next = 0; next < reached.size(); ++next) {
    const Identity from = reached[next];
    for (const Merge& each : merges) reach(each.numbers, from);
    for (const StayView& each : others) reach(each.person.identifiers, from);
  }
  return std::any_of(other.identifiers.begin(), other.identifiers.end(),
                     [&](const Identity& each) { return contains(reached, each); });
}

std::string person_key(std::string_view secret, const Identity& number) {
  constexpr std::size_t bytes = 16;
  const Sha256 digest = sha256(std::string(secret) + "|person|" + name_of(number));  // of which half is shown
  return "person|" + to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), bytes));
}

std::string merges_key(std::string_view person_key) { return std::string(person_key) + "|merges"; }

std::string patient_id(std::string_view person_key) { return to_string(id_in_case(case_id(person_key), "Patient")); }

const Identity& first_number(const std::vector<Identity>& numbers, std::span<const Merge> merges) {
  const std::vector<Identity> replaced = replaced_by(merges);
  return *std::min_element(numbers.begin(), numbers.end(), [&](const Identity& left, const Identity& right) {
    if (contains(replaced, left) != contains(replaced, right)) return contains(replaced, right);
    const auto of_left = sweden::find_system(left.system), of_right = sweden::find_system(right.system);
    if (sweden::supersedes(of_left, of_right)) return true;
    return !sweden::supersedes(of_right, of_left) && left < right;
  });
}

Projected patient(const Identity& number, std::string_view secret, const SaidOfPerson& said, const tree::Names& document_names,
                  bool has_document) {
  const std::string key = person_key(secret, number);
  const std::vector<StayView>& all = said.all;
  Projected projected{"Patient", patient_id(key), tree::Document(document_names), {}};
  std::vector<const StayView*> naming, views;
  for (const StayView& each : all) {
    views.push_back(&each);
    if (names(each, number)) naming.push_back(&each);
  }
  projected.parties = readers_of(number, all, said.former);
  if (!has_document) return projected;
  Person person = merged(views);
  person.protection = std::max(person.protection, protection_by(said.merges));
  Branch root(projected.document, 0);
  root.text("resourceType", "Patient").text("id", projected.id);
  Branch meta = root.object("meta");
  meta.text_item("profile", profile_of("Patient"));
  if (naming.empty()) {
    root.boolean("active", false);
    return projected;
  }
  if (person.protection != Protection::None) meta.coding_item("security", protection_system, code_of(person.protection));
  const std::vector<Identity> replaced = replaced_by(said.merges);
  const Identity& first = first_number(person.identifiers, said.merges);
  const auto was_merged = [&](const Identity& each) { return each != first && contains(replaced, each); };
  if (is_replaced(number, first, all)) {
    root.boolean("active", false);
    write_link(root, secret, first, "replaced-by");
    return projected;
  }
  // What it is for may know of the person: the numbers that its own ärenden name.
  Person shown = person;
  shown.identifiers = merged(naming).identifiers;
  if (was_merged(number)) root.boolean("active", false);
  const Disclosure disclosure = person.protection == Protection::None ? Disclosure::Everything : Disclosure::WithoutPlace;
  write_person(root, shown, disclosure, replaced);
  for (const Identity& other : person.identifiers) {
    if (other == number) continue;
    const bool is_former = number == first && (is_replaced(other, first, all) || was_merged(other));
    const bool is_by_it = other == first && was_merged(number);
    write_link(root, secret, other, is_former ? "replaces" : is_by_it ? "replaced-by" : "seealso");
  }
  return projected;
}

}  // namespace vardbron::care
