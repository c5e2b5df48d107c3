// Tested by tests/care/notice_test.cpp.

#include "gateway/care/chain/notice_reader.h"
#include "gateway/care/chain/read_conditions.h"
#include "gateway/care/chain/read_consent.h"
#include "gateway/care/chain/read_content.h"
#include "gateway/care/chain/read_merge.h"
#include "gateway/care/chain/read_person.h"
#include "gateway/care/chain/read_plan.h"
#include "gateway/time/civil.h"
#include "gateway/tree/children.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace vardbron::care {
namespace {

using tree::Item;

// Code systems and extensions of the canonical notice: fhir-profiles/README.md.
constexpr std::string_view contact_system = "urn:oid:1.2.752.129.5.1.69";
constexpr std::string_view planned_discharge_url = "https://vardbron.example/fhir/StructureDefinition/beraknad-utskrivning";
constexpr std::string_view discharge_ready_url = "https://vardbron.example/fhir/StructureDefinition/utskrivningsklar";

}  // namespace

Result<void> NoticeReader::read_patient() {
  const std::chrono::year_month_day today(time::day_of(notice_.sent));
  Result<Person> person = read_person(patient_->resource, patient_->path, today, notice_.doubts);
  if (!person) return std::move(person).failure();
  notice_.person = std::move(*person);
  return done();
}

Result<void> NoticeReader::read_numbers() {
  const bool is_of_person = !encounter_->resource && !find_one("CarePlan")->resource;
  return is_of_person ? read_merge(patient_->resource, patient_->path, notice_) : done();
}

Result<void> NoticeReader::read_case() {
  if (!encounter_->resource) return find_one("CarePlan")->resource ? read_case_of_plan() : done();
  notice_.case_identity = identity_at(encounter_->resource.child("identifier"));
  if (notice_.case_identity.value.empty())
    return invalid("The case's identity is missing.", encounter_->path + ".identifier[0].value");
  notice_.case_key = notice_.case_identity.system + "|" + notice_.case_identity.value;
  return done();
}

Result<void> NoticeReader::read_case_of_plan() {
  const Event says = notice_.says();
  const bool may_be_of_plan = is_of_plan(says) || says == Event::SipInvitation || says == Event::Consent ||
                              says == Event::Nullified || says == Event::Receipt;
  if (!may_be_of_plan) return invalid("A notice of a stay has exactly one Encounter.", "Bundle.entry[2].resource");
  const BundlePlace* plan = find_one("CarePlan");
  if (!identity_at(plan->resource.child("identifier")).value.empty()) return done();
  return invalid("The notice names neither a plan nor an ärende: the plan's identity is missing.", plan->path + ".identifier");
}

Result<void> NoticeReader::read_stay() {
  Item encounter = encounter_->resource;
  if (!encounter) return done();
  Stay& stay = notice_.stay;
  stay.status = encounter.text_of("status");
  if (stay.status.empty()) return invalid("The Encounter has no status.", encounter_->path + ".status");
  stay.class_code = encounter.child("class").text_of("code");
  if (stay.class_code != "IMP" && stay.class_code != "EMER")
    return invalid("The Encounter's class is missing, or neither IMP nor EMER.", encounter_->path + ".class");
  Result<void> times = read_stay_times(encounter, stay);
  if (!times) return times;
  stay.reason = encounter.child("reasonCode").text_of("text");
  stay.discharged_to = encounter.child("hospitalization").child("dischargeDisposition").child("coding").text_of("code");
  for (Item one = encounter.child("episodeOfCare"); one; one = next_of(one, "episodeOfCare")) {
    Identity episode = identity_at(one.child("identifier"));
    if (!episode.value.empty()) stay.episodes.push_back(std::move(episode));
  }
  if (std::optional<Party> provider = party_at(encounter.child("serviceProvider").text_of("reference"))) {
    stay.provider = provider->id;
    if (provider->id != notice_.sender.id) notice_.others.push_back(std::move(*provider));
  }
  return done();
}

Result<void> NoticeReader::read_stay_times(Item encounter, Stay& stay) {
  stay.period_start = encounter.child("period").text_of("start");
  stay.period_end = encounter.child("period").text_of("end");
  stay.planned_discharge = extension(encounter, planned_discharge_url).text_of("valueDate");
  for (auto [text, name] : {std::pair(&stay.period_start, ".period.start"), std::pair(&stay.period_end, ".period.end"),
                            std::pair(&stay.planned_discharge, ".extension('beraknad-utskrivning').valueDate")}) {
    if (text->empty()) continue;
    Result<time::CivilTime> moment = time::parse_civil(*text);
    if (!moment) return invalid("This is no date or time.", encounter_->path + name);
    bool is_day = text == &stay.planned_discharge;
    if (is_day && !has_day(*text)) {
      doubt("doubtful-value", "The planned discharge names no day; what is known of it is kept.");
      continue;
    }
    *text = is_day ? time::format_day(time::day_of(moment->at)) : fhir_time(*text, moment->at);
  }
  if (notice_.says() == Event::PlannedDischargeChanged && stay.planned_discharge.empty())
    return invalid("The new planned discharge is missing.", encounter_->path + ".extension('beraknad-utskrivning')");
  std::string_view ready = extension(encounter, discharge_ready_url).text_of("valueDateTime");
  if (ready.empty()) return done();
  Result<time::CivilTime> moment = time::parse_civil(ready);
  if (!moment) return invalid("This is no date or time.", encounter_->path + ".extension('utskrivningsklar').valueDateTime");
  if (!has_day(ready))
    return invalid("When the patient was ready must name the day, not a month or a year alone.",
                   encounter_->path + ".extension('utskrivningsklar').valueDateTime");
  if (!has_time_of_day(ready))
    doubt("doubtful-value", "When the patient was ready is told as a day without a time; it is taken as the day's first moment.");
  stay.discharge_ready = SentTime{moment->at, fhir_time(ready, moment->at)};
  return done();
}

Result<void> NoticeReader::read_encounter_conditions() {
  return encounter_->resource ? read_conditions(encounter_->resource, encounter_->path, notice_) : done();
}

Result<void> NoticeReader::read_plan() {
  return care::read_plan(
      bundle_, [this](std::string_view reference) { return party_at(reference); }, notice_);
}

Result<void> NoticeReader::read_payloads() {
  for (const std::string_view type : {"Communication", "Consent", "CarePlan"}) {
    const auto is_it = [&](const BundlePlace& place) { return place.resource.text_of("resourceType") == type; };
    if (std::count_if(places_.begin(), places_.end(), is_it) > 1)
      return invalid("A notice has at most one " + std::string(type) + ".", "Bundle.entry");
  }
  const BundlePlace* communication = find_one("Communication");
  Result<void> read = communication->resource ? read_content(communication->resource, communication->path, notice_) : done();
  if (read && is_for_its_content(notice_.says()) && notice_.payloads.empty() && notice_.reason.empty())
    doubt("empty-notice", "The notice holds neither a text nor a file, so it says nothing to those it is for.");
  return read;
}

Result<void> NoticeReader::read_decision() {
  const BundlePlace* consent = find_one("Consent");
  if (consent->resource) {
    Result<void> read = read_consent(consent->resource, consent->path, notice_);
    const auto find_party = [this](std::string_view reference) { return party_at(reference); };
    return read ? read_consent_units(consent->resource, consent->path, find_party, notice_) : read;
  }
  if (notice_.says() != Event::Consent) return done();
  return invalid("A notice of consent has exactly one Consent, which says what was decided.", "Bundle.entry");
}

void NoticeReader::read_contact() {
  const BundlePlace* role = find_one("PractitionerRole");
  const BundlePlace* practitioner = find_one("Practitioner");
  if (notice_.says() != Event::FastVardkontakt || (!role->resource && !practitioner->resource)) return;
  Contact contact;
  Item name = practitioner->resource.child("name");
  contact.name = name.text_of("text");
  if (contact.name.empty() && name) {
    for (Item given = name.child("given"); given; given = next_of(given, "given"))
      contact.name += std::string(given.text()) + " ";
    contact.name += name.text_of("family");
  }
  if (contact.name.empty()) contact.name = role->resource.child("practitioner").text_of("display");
  tree::for_each_child(role->resource, "identifier", [&](Item each) { contact.identifiers.push_back(identity_at(each)); });
  for (const BundlePlace* place : {role, practitioner})
    for (Item one = place->resource.child("telecom"); one; one = next_of(one, "telecom"))
      if (contact.phone.empty() && one.text_of("system") == "phone") contact.phone = one.text_of("value");
  for (Item code = role->resource.child("code"); code; code = next_of(code, "code"))
    for (Item coding = code.child("coding"); coding; coding = next_of(coding, "coding"))
      if (coding.text_of("system") == contact_system) contact.type = coding.text_of("code");
  const Item team = find_one("CareTeam")->resource;
  contact.team = team.text_of("name");
  for (Item one = team.child("telecom"); one; one = next_of(one, "telecom"))
    if (contact.team_phone.empty() && one.text_of("system") == "phone") contact.team_phone = one.text_of("value");
  contact.since = role->resource.child("period").text_of("start");
  contact.until = role->resource.child("period").text_of("end");
  notice_.contact = std::move(contact);
}

}  // namespace vardbron::care
