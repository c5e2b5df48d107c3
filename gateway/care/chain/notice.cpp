#include "gateway/care/chain/notice.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/care/chain/branch.h"
#include "gateway/care/chain/read_conditions.h"
#include "gateway/care/chain/read_consent.h"
#include "gateway/care/chain/read_content.h"
#include "gateway/care/chain/read_person.h"
#include "gateway/care/chain/read_plan.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/time/civil.h"
#include "gateway/time/moment.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::care {
namespace {

using tree::Item;

constexpr std::array<std::string_view, 5> role_codes = {"", "sluten-vard", "socialtjanst", "kommunal-hsv", "oppenvard"};

// Code systems and extensions of the canonical notice: fhir-profiles/README.md.
constexpr std::string_view role_system = "https://vardbron.example/fhir/CodeSystem/part-roll";
constexpr std::string_view event_system = "https://vardbron.example/fhir/CodeSystem/notice-event";
constexpr std::string_view quality_system = "https://vardbron.example/fhir/CodeSystem/datakvalitet";
constexpr std::string_view ambiguous = "data-ambiguous";
constexpr std::string_view doubtful = "data-doubtful";
constexpr std::string_view unknown_receiver = "unknown-receiver";
constexpr std::string_view received_tag = "received";
constexpr std::string_view contact_system = "urn:oid:1.2.752.129.5.1.69";
constexpr std::string_view event_time_url = "https://vardbron.example/fhir/StructureDefinition/event-time";
constexpr std::string_view replaces_url = "https://vardbron.example/fhir/StructureDefinition/replaces";
constexpr std::string_view corrected_event_url = "https://vardbron.example/fhir/StructureDefinition/corrected-event";
constexpr std::string_view planned_discharge_url = "https://vardbron.example/fhir/StructureDefinition/beraknad-utskrivning";
constexpr std::string_view discharge_ready_url = "https://vardbron.example/fhir/StructureDefinition/utskrivningsklar";

Failure invalid(std::string says, std::string where) { return Failure{Cause::Invalid, std::move(says), std::move(where)}; }

Item next_of(Item item, std::string_view name) {
  do item = item.next();
  while (item && item.name_text() != name);
  return item;
}

/// Identifiers are compared without surrounding white space, which exports and forms leave.
Identity identity_at(Item identifier) {
  return {std::string(trim(identifier.text_of("system"))), std::string(trim(identifier.text_of("value")))};
}

Item extension(Item parent, std::string_view url) {
  for (Item one = parent.child("extension"); one; one = next_of(one, "extension"))
    if (one.text_of("url") == url) return one;
  return {};
}

/// The last segment of a reference or fullUrl: x in "urn:uuid:x", "Type/x" and "https://host/Type/x".
std::string_view last_step(std::string_view reference) {
  std::size_t at = reference.find_last_of("/:");
  return at == std::string_view::npos ? reference : reference.substr(at + 1);
}

bool has_day(std::string_view time) { return time.size() > 7; }

/// A day is 20260313 or 2026-03-13.
bool has_time_of_day(std::string_view time) { return time.size() > 10; }

/// As a FHIR dateTime; kept as sent if it is one already, to preserve its precision and zone.
std::string fhir_time(std::string_view text, WallTime at) {
  if (time::Moment::parse(text, time::Moment::Form::DateTime, time::fhir_text)) return std::string(text);
  return text.size() == 8 ? time::format_day(time::day_of(at)) : time::format_local(at);
}

/// One resource of the Bundle and its path.
struct Place {
  Item resource;
  std::string path;  ///< "Bundle.entry[2].resource"
  std::string_view url;
};

class NoticeReader {
 public:
  explicit NoticeReader(const tree::Document& bundle) : bundle_(tree::root(bundle)) {}

  Result<Notice> read(std::vector<Failure>* faults) {
    // Without a known event the rest cannot be checked, so these three stop at the first fault.
    using Reading = Result<void> (NoticeReader::*)();
    for (Reading reading : {&NoticeReader::read_bundle, &NoticeReader::read_event, &NoticeReader::read_correction}) {
      Result<void> read = (this->*reading)();
      if (!read && faults != nullptr) faults->push_back(read.failure());
      if (!read) return std::move(read).failure();
    }
    Result<void> first = done();
    for (Reading reading :
         {&NoticeReader::read_event_time, &NoticeReader::read_sender, &NoticeReader::read_receivers, &NoticeReader::read_patient,
          &NoticeReader::read_case, &NoticeReader::read_stay, &NoticeReader::read_encounter_conditions,
          &NoticeReader::read_payloads, &NoticeReader::read_decision, &NoticeReader::read_plan}) {
      Result<void> read = (this->*reading)();
      if (read) continue;
      if (faults != nullptr) faults->push_back(read.failure());
      if (first) first = std::move(read);
      if (faults == nullptr) break;
    }
    if (!first) return std::move(first).failure();
    read_doubts();
    read_receipt();
    read_contact();
    return std::move(notice_);
  }

 private:
  Result<void> read_bundle() {
    if (bundle_.text_of("resourceType") != "Bundle") return invalid("A notice is a Bundle.", "Bundle");
    if (bundle_.text_of("type") != "message") return invalid("A notice is a Bundle of type message.", "Bundle.type");
    std::size_t index = 0;
    for (Item entry = bundle_.child("entry"); entry; entry = next_of(entry, "entry"))
      places_.push_back(
          {entry.child("resource"), "Bundle.entry[" + std::to_string(index++) + "].resource", entry.text_of("fullUrl")});

    notice_.identity = identity_at(bundle_.child("identifier"));
    if (notice_.identity.value.empty())
      return invalid("The sender's own identity of the message is missing.", "Bundle.identifier.value");
    Result<time::CivilTime> sent = time::parse_civil(bundle_.text_of("timestamp"));
    if (!sent) return invalid("When the sender made the message is missing or no time.", "Bundle.timestamp");
    // Statutory deadlines are counted from it, so a day or a month is not completed to a time.
    if (!has_time_of_day(bundle_.text_of("timestamp")))
      return invalid("When the sender made the message must be a time, not a day or a month alone.", "Bundle.timestamp");
    notice_.sent = sent->at;
    for (auto [type, kept, index_of_type] : {std::tuple("MessageHeader", &header_, 0), std::tuple("Patient", &patient_, 1),
                                             std::tuple("Encounter", &encounter_, 2)}) {
      *kept = find_one(type);
      // A plan may be made without a stay (SoL 10:8).
      if (!(*kept)->resource && !(kept == &encounter_ && find_one("CarePlan")->resource))
        return invalid(std::string("A notice has exactly one ") + type + ".",
                       "Bundle.entry[" + std::to_string(index_of_type) + "].resource");
    }
    return done();
  }

  /// The only resource of a type; without resource if there is none or more than one.
  const Place* find_one(std::string_view type) const {
    static const Place nothing{};
    const Place* found = &nothing;
    for (const Place& place : places_) {
      if (place.resource.text_of("resourceType") != type) continue;
      if (found->resource) return &nothing;
      found = &place;
    }
    return found;
  }

  const Place* resolve(std::string_view reference) const {
    if (reference.empty()) return nullptr;
    for (const Place& place : places_)
      if (place.url == reference || last_step(place.url) == last_step(reference) ||
          place.resource.text_of("id") == last_step(reference))
        return &place;
    return nullptr;
  }

  Result<void> read_event() {
    Item coding = header_->resource.child("eventCoding");
    std::string where = header_->path + ".eventCoding";
    if (coding.text_of("system") != event_system) return invalid("The event is no code of notice-event.", where + ".system");
    std::optional<Event> event = find_event(coding.text_of("code"));
    if (!event) return invalid("notice-event has no such code.", where + ".code");
    notice_.event = *event;
    notice_.reason = header_->resource.child("reason").text_of("text");
    return done();
  }

  Result<void> read_event_time() {
    std::string_view text = extension(header_->resource, event_time_url).text_of("valueDateTime");
    Result<time::CivilTime> moment = time::parse_civil(text);
    if (!moment)
      return invalid("When it happened is missing or no time.", header_->path + ".extension('event-time').valueDateTime");
    if (!has_day(text))
      return invalid("When it happened must name the day, not a month or a year alone.",
                     header_->path + ".extension('event-time').valueDateTime");
    if (!has_time_of_day(text))
      doubt("doubtful-value", "When it happened is told as a day without a time; it is taken as the day's first moment.");
    notice_.happened = {moment->at, fhir_time(text, moment->at)};
    notice_.time_is_guessed = moment->guess != time::Guess::None || is_marked_as_ambiguous();
    return done();
  }

  bool is_marked_as_ambiguous() const {
    for (Item tag = bundle_.child("meta").child("tag"); tag; tag = next_of(tag, "tag"))
      if (tag.text_of("system") == quality_system && tag.text_of("code") == ambiguous) return true;
    return false;
  }

  void read_doubts() {
    for (Item tag = bundle_.child("meta").child("tag"); tag; tag = next_of(tag, "tag"))
      if (tag.text_of("system") == quality_system && tag.text_of("code") == doubtful)
        doubt("doubtful-value", std::string(tag.text_of("display")));
      else if (tag.text_of("system") == quality_system && tag.text_of("code") == unknown_receiver)
        doubt(std::string(unknown_receiver), std::string(tag.text_of("display")));
      else if (tag.text_of("system") == quality_system && tag.text_of("code") == received_tag)
        read_received(tag);  // the gateway's comes last, whatever the sender wrote
  }

  void read_received(Item tag) {
    const Result<time::CivilTime> at = time::parse_civil(tag.text_of("display"));
    if (at) notice_.received = at->at;
  }

  void doubt(std::string code, std::string says) { notice_.doubts.push_back({std::move(code), std::move(says)}); }

  Result<void> read_correction() {
    if (notice_.event != Event::Corrected && notice_.event != Event::Nullified) return done();
    Item replaced = extension(header_->resource, replaces_url).child("valueIdentifier");
    Identity identity = identity_at(replaced);
    std::string where = header_->path + ".extension('replaces').valueIdentifier";
    if (identity.value.empty()) return invalid("A correction or cancellation names the notice it is about.", where);
    if (identity == notice_.identity) return invalid("A notice cannot correct or cancel itself.", where);
    notice_.replaces = std::move(identity);
    if (notice_.event == Event::Nullified) return done();
    std::optional<Event> event = find_event(extension(header_->resource, corrected_event_url).text_of("valueCode"));
    if (!event || *event == Event::Corrected || *event == Event::Nullified)
      return invalid("A correction says which event it is about.", header_->path + ".extension('corrected-event').valueCode");
    notice_.corrected_event = *event;
    return done();
  }

  Result<void> read_sender() {
    std::string where = header_->path + ".sender";
    std::optional<Party> sender = party_at(header_->resource.child("sender").text_of("reference"));
    if (!sender) return invalid("The sender is no Organization of this Bundle with an identifier.", where);
    notice_.sender = std::move(*sender);
    return done();
  }

  Result<void> read_receivers() {
    std::size_t index = 0;
    for (Item one = header_->resource.child("destination"); one; one = next_of(one, "destination")) {
      std::string where = header_->path + ".destination[" + std::to_string(index++) + "].receiver";
      if (index > limits::receivers_per_notice_max)
        return Failure{Cause::TooLarge, "The notice names too many receivers.", where};
      std::optional<Party> receiver = party_at(one.child("receiver").text_of("reference"));
      if (!receiver) return invalid("The receiver is no Organization of this Bundle with an identifier.", where);
      auto same = [&](const Party& known) { return known.id == receiver->id; };
      if (std::any_of(notice_.receivers.begin(), notice_.receivers.end(), same)) continue;
      doubt_receiver(*receiver);
      notice_.receivers.push_back(std::move(*receiver));
    }
    if (index == 0 && notice_.event == Event::Admission)
      return invalid("An admission notice names who it is for.", header_->path + ".destination");
    return done();
  }

  void doubt_receiver(const Party& receiver) {
    const bool has_hsa_id = receiver.identifier.system == sweden::system_uri(sweden::IdentifierSystem::HsaId);
    const Result<sweden::HsaId> id = has_hsa_id ? sweden::parse_hsa_id(receiver.id) : sweden::parse_hsa_id("");
    const std::string named = "The receiver \"" + sweden::shown(receiver.id) + "\"";
    if (has_hsa_id && !id) doubt("no-hsa-id", named + " is not named by an HSA-id: " + id.failure().says);
    if (receiver.role == Role::Unknown)
      doubt("no-role", named + " has no role that the gateway knows (part-roll), so it gets no Task of such a role.");
  }

  std::optional<Party> party_at(std::string_view reference) const {
    const Place* place = resolve(reference);
    if (!place || place->resource.text_of("resourceType") != "Organization") return std::nullopt;
    Item chosen = place->resource.child("identifier");
    for (Item one = chosen; one; one = next_of(one, "identifier"))
      if (is_hsa_id(one) && !is_hsa_id(chosen)) chosen = one;
    Party party;
    party.identifier = identity_at(chosen);
    if (is_hsa_id(chosen)) party.identifier.value = sweden::normal_hsa_id(party.identifier.value);
    if (party.identifier.value.empty()) return std::nullopt;
    party.id = is_hsa_id(chosen) ? party.identifier.value : party.identifier.system + "|" + party.identifier.value;
    if (is_hsa_id(chosen)) party.identifier.system = sweden::system_uri(sweden::IdentifierSystem::HsaId);
    party.name = place->resource.text_of("name");
    party.role = role_of(place->resource);
    for (Item one = place->resource.child("telecom"); one; one = next_of(one, "telecom"))
      if (party.phone.empty() && one.text_of("system") == "phone") party.phone = one.text_of("value");
    return party;
  }

  static bool is_hsa_id(Item identifier) {
    return identifier && sweden::find_system(identifier.text_of("system")) == sweden::IdentifierSystem::HsaId;
  }

  static Role role_of(Item organization) {
    for (Item type = organization.child("type"); type; type = next_of(type, "type")) {
      for (Item coding = type.child("coding"); coding; coding = next_of(coding, "coding")) {
        if (trim(coding.text_of("system")) != role_system) continue;
        auto found = std::find(role_codes.begin() + 1, role_codes.end(), trim(coding.text_of("code")));
        if (found != role_codes.end()) return Role(found - role_codes.begin());
      }
    }
    return Role::Unknown;
  }

  Result<void> read_patient() {
    const std::chrono::year_month_day today(time::day_of(notice_.sent));
    Result<Person> person = read_person(patient_->resource, patient_->path, today, notice_.doubts);
    if (!person) return std::move(person).failure();
    notice_.person = std::move(*person);
    return done();
  }

  Result<void> read_case() {
    if (!encounter_->resource) return read_case_of_plan();
    notice_.case_identity = identity_at(encounter_->resource.child("identifier"));
    if (notice_.case_identity.value.empty())
      return invalid("The case's identity is missing.", encounter_->path + ".identifier[0].value");
    notice_.case_key = notice_.case_identity.system + "|" + notice_.case_identity.value;
    return done();
  }

  /// Without a stay it is about a plan, which has a name of its own.
  Result<void> read_case_of_plan() {
    const Event says = notice_.says();
    const bool may_be_of_plan =
        is_of_plan(says) || says == Event::SipInvitation || says == Event::Consent || says == Event::Nullified;
    if (!may_be_of_plan) return invalid("A notice of a stay has exactly one Encounter.", "Bundle.entry[2].resource");
    const Place* plan = find_one("CarePlan");
    if (!identity_at(plan->resource.child("identifier")).value.empty()) return done();
    return invalid("The notice names neither a plan nor an ärende: the plan's identity is missing.", plan->path + ".identifier");
  }

  Result<void> read_stay() {
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

  Result<void> read_stay_times(Item encounter, Stay& stay) {
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
      doubt("doubtful-value",
            "When the patient was ready is told as a day without a time; it is taken as the day's first moment.");
    stay.discharge_ready = SentTime{moment->at, fhir_time(ready, moment->at)};
    return done();
  }

  Result<void> read_encounter_conditions() {
    return encounter_->resource ? read_conditions(encounter_->resource, encounter_->path, notice_) : done();
  }

  Result<void> read_plan() {
    return care::read_plan(
        bundle_, [this](std::string_view reference) { return party_at(reference); }, notice_);
  }

  Result<void> read_payloads() {
    for (const std::string_view type : {"Communication", "Consent", "CarePlan"}) {
      const auto is_it = [&](const Place& place) { return place.resource.text_of("resourceType") == type; };
      if (std::count_if(places_.begin(), places_.end(), is_it) > 1)
        return invalid("A notice has at most one " + std::string(type) + ".", "Bundle.entry");
    }
    const Place* communication = find_one("Communication");
    Result<void> read = communication->resource ? read_content(communication->resource, communication->path, notice_) : done();
    if (read && is_for_its_content(notice_.says()) && notice_.payloads.empty() && notice_.reason.empty())
      doubt("empty-notice", "The notice holds neither a text nor a file, so it says nothing to those it is for.");
    return read;
  }

  Result<void> read_decision() {
    const Place* consent = find_one("Consent");
    if (consent->resource) {
      Result<void> read = read_consent(consent->resource, consent->path, notice_);
      const auto find_party = [this](std::string_view reference) { return party_at(reference); };
      return read ? read_consent_units(consent->resource, consent->path, find_party, notice_) : read;
    }
    if (notice_.says() != Event::Consent) return done();
    return invalid("A notice of consent has exactly one Consent, which says what was decided.", "Bundle.entry");
  }

  /// The notice that a kvittens acknowledges. MessageHeader.response holds an id only, so the system is that of the receiver's
  /// notices; arrange() compares the value.
  void read_receipt() {
    if (notice_.event != Event::Receipt) return;
    Item response = header_->resource.child("response");
    if (response.text_of("identifier").empty()) return;
    notice_.acknowledges = Identity{"", std::string(trim(response.text_of("identifier")))};
    std::string_view code = response.text_of("code");
    notice_.acknowledges_ok = code.empty() || code == "ok";
  }

  void read_contact() {
    const Place* role = find_one("PractitionerRole");
    const Place* practitioner = find_one("Practitioner");
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
    for (const Place* place : {role, practitioner})
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

  Item bundle_;
  std::vector<Place> places_;
  const Place* header_ = nullptr;
  const Place* patient_ = nullptr;
  const Place* encounter_ = nullptr;
  Notice notice_;
};

Branch meta_of(tree::Document& bundle) {
  Item meta = tree::root(bundle).child("meta");
  return meta ? Branch(bundle, meta.node) : Branch(bundle, 0).object("meta");
}

}  // namespace

std::string_view to_string(Role role) { return role_codes[std::size_t(role)]; }

Result<Notice> read_notice(const tree::Document& bundle, std::vector<Failure>* faults) {
  return NoticeReader(bundle).read(faults);
}

void mark_as_ambiguous(tree::Document& bundle) { meta_of(bundle).coding_item("tag", quality_system, ambiguous); }

void mark_as_doubtful(tree::Document& bundle, std::string_view says) {
  meta_of(bundle).item("tag").text("system", quality_system).text("code", doubtful).text("display", says);
}

WallTime mark_received(tree::Document& bundle, WallTime at) {
  const WallTime second = std::chrono::floor<std::chrono::seconds>(at);
  meta_of(bundle)
      .item("tag")
      .text("system", quality_system)
      .text("code", received_tag)
      .text("display", time::format_local(second));
  return second;
}

Doubt mark_unknown_receiver(tree::Document& bundle, std::string says) {
  meta_of(bundle).item("tag").text("system", quality_system).text("code", unknown_receiver).text("display", says);
  return {std::string(unknown_receiver), std::move(says)};
}

}  // namespace vardbron::care
