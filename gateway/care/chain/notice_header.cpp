// Tested by tests/care/notice_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/care/chain/notice_reader.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace vardbron::care {
namespace {

using tree::Item;

// Code systems and extensions of the canonical notice: fhir-profiles/README.md.
constexpr std::string_view role_system = "https://vardbron.example/fhir/CodeSystem/part-roll";
constexpr std::string_view event_system = "https://vardbron.example/fhir/CodeSystem/notice-event";
constexpr std::string_view event_time_url = "https://vardbron.example/fhir/StructureDefinition/event-time";
constexpr std::string_view replaces_url = "https://vardbron.example/fhir/StructureDefinition/replaces";
constexpr std::string_view corrected_event_url = "https://vardbron.example/fhir/StructureDefinition/corrected-event";

/// The last segment of a reference or fullUrl: x in "urn:uuid:x", "Type/x" and "https://host/Type/x".
std::string_view last_step(std::string_view reference) {
  std::size_t at = reference.find_last_of("/:");
  return at == std::string_view::npos ? reference : reference.substr(at + 1);
}

}  // namespace

Result<void> NoticeReader::read_bundle() {
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
  for (auto [type, kept, index_of_type] : {std::tuple("MessageHeader", &header_, 0), std::tuple("Patient", &patient_, 1)}) {
    *kept = find_one(type);
    if (!(*kept)->resource)
      return invalid(std::string("A notice has exactly one ") + type + ".",
                     "Bundle.entry[" + std::to_string(index_of_type) + "].resource");
  }
  return done();
}

const BundlePlace* NoticeReader::find_one(std::string_view type) const {
  static const BundlePlace nothing{};
  const BundlePlace* found = &nothing;
  for (const BundlePlace& place : places_) {
    if (place.resource.text_of("resourceType") != type) continue;
    if (found->resource) return &nothing;
    found = &place;
  }
  return found;
}

const BundlePlace* NoticeReader::resolve(std::string_view reference) const {
  if (reference.empty()) return nullptr;
  for (const BundlePlace& place : places_)
    if (place.url == reference || last_step(place.url) == last_step(reference) ||
        place.resource.text_of("id") == last_step(reference))
      return &place;
  return nullptr;
}

Result<void> NoticeReader::read_event() {
  Item coding = header_->resource.child("eventCoding");
  std::string where = header_->path + ".eventCoding";
  if (coding.text_of("system") != event_system) return invalid("The event is no code of notice-event.", where + ".system");
  std::optional<Event> event = find_event(coding.text_of("code"));
  if (!event) return invalid("notice-event has no such code.", where + ".code");
  notice_.event = *event;
  notice_.reason = header_->resource.child("reason").text_of("text");
  return done();
}

Result<void> NoticeReader::read_event_time() {
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

bool NoticeReader::is_marked_as_ambiguous() const {
  for (Item tag = bundle_.child("meta").child("tag"); tag; tag = next_of(tag, "tag"))
    if (tag.text_of("system") == quality_system && tag.text_of("code") == ambiguous) return true;
  return false;
}

void NoticeReader::read_doubts() {
  for (Item tag = bundle_.child("meta").child("tag"); tag; tag = next_of(tag, "tag"))
    if (tag.text_of("system") == quality_system && tag.text_of("code") == doubtful)
      doubt("doubtful-value", std::string(tag.text_of("display")));
    else if (tag.text_of("system") == quality_system && tag.text_of("code") == unknown_receiver)
      doubt(std::string(unknown_receiver), std::string(tag.text_of("display")));
    else if (tag.text_of("system") == quality_system && tag.text_of("code") == received_tag)
      read_received(tag);  // the gateway's comes last, whatever the sender wrote
}

void NoticeReader::read_received(Item tag) {
  const Result<time::CivilTime> at = time::parse_civil(tag.text_of("display"));
  if (at) notice_.received = at->at;
}

void NoticeReader::doubt(std::string code, std::string says) { notice_.doubts.push_back({std::move(code), std::move(says)}); }

Result<void> NoticeReader::read_correction() {
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

Result<void> NoticeReader::look_for_stay() {
  encounter_ = find_one("Encounter");
  const bool is_any = std::any_of(places_.begin(), places_.end(),
                                  [](const BundlePlace& place) { return place.resource.text_of("resourceType") == "Encounter"; });
  if (is_any && is_of_person(notice_.says()))
    return invalid("A merge is about the person alone and of no ärende: the notice has no Encounter.",
                   "Bundle.entry[2].resource");
  const bool may_lack_it = is_of_person(notice_.says()) || notice_.event == Event::Nullified;
  // A plan may be made without a stay (SoL 10:8).
  if (encounter_->resource || (!is_any && (may_lack_it || find_one("CarePlan")->resource))) return done();
  return invalid("A notice has exactly one Encounter.", "Bundle.entry[2].resource");
}

Result<void> NoticeReader::read_sender() {
  std::string where = header_->path + ".sender";
  std::optional<Party> sender = party_at(header_->resource.child("sender").text_of("reference"));
  if (!sender) return invalid("The sender is no Organization of this Bundle with an identifier.", where);
  notice_.sender = std::move(*sender);
  return done();
}

Result<void> NoticeReader::read_receivers() {
  std::size_t index = 0;
  for (Item one = header_->resource.child("destination"); one; one = next_of(one, "destination")) {
    std::string where = header_->path + ".destination[" + std::to_string(index++) + "].receiver";
    if (index > limits::receivers_per_notice_max) return Failure{Cause::TooLarge, "The notice names too many receivers.", where};
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

void NoticeReader::doubt_receiver(const Party& receiver) {
  const bool has_hsa_id = receiver.identifier.system == sweden::system_uri(sweden::IdentifierSystem::HsaId);
  const Result<sweden::HsaId> id = has_hsa_id ? sweden::parse_hsa_id(receiver.id) : sweden::parse_hsa_id("");
  const std::string named = "The receiver \"" + sweden::shown(receiver.id) + "\"";
  if (has_hsa_id && !id) doubt("no-hsa-id", named + " is not named by an HSA-id: " + id.failure().says);
  if (receiver.role == Role::Unknown)
    doubt("no-role", named + " has no role that the gateway knows (part-roll), so it gets no Task of such a role.");
}

std::optional<Party> NoticeReader::party_at(std::string_view reference) const {
  const BundlePlace* place = resolve(reference);
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

bool NoticeReader::is_hsa_id(Item identifier) {
  return identifier && sweden::find_system(identifier.text_of("system")) == sweden::IdentifierSystem::HsaId;
}

Role NoticeReader::role_of(Item organization) {
  for (Item type = organization.child("type"); type; type = next_of(type, "type")) {
    for (Item coding = type.child("coding"); coding; coding = next_of(coding, "coding")) {
      if (trim(coding.text_of("system")) != role_system) continue;
      auto found = std::find(role_codes.begin() + 1, role_codes.end(), trim(coding.text_of("code")));
      if (found != role_codes.end()) return Role(found - role_codes.begin());
    }
  }
  return Role::Unknown;
}

void NoticeReader::read_receipt() {
  if (notice_.event != Event::Receipt) return;
  Item response = header_->resource.child("response");
  if (response.text_of("identifier").empty()) return;
  notice_.acknowledges = Identity{"", std::string(trim(response.text_of("identifier")))};
  std::string_view code = response.text_of("code");
  notice_.acknowledges_ok = code.empty() || code == "ok";
}

}  // namespace vardbron::care
