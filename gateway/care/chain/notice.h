#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/chain/event.h"
#include "gateway/care/chain/plan_content.h"
#include "gateway/tree/document.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// An identifier: system and value.
struct Identity {
  std::string system, value;
  auto operator<=>(const Identity&) const = default;
};

/// A moment with its text, which keeps the sender's precision and zone.
struct SentTime {
  WallTime at{};
  std::string text;
  bool operator==(const SentTime&) const = default;
};

/// Role of an organisation in the case. Codes: fhir-profiles/README.md, part-roll.
enum class Role : std::uint8_t { Unknown, SlutenVard, Socialtjanst, KommunalHsv, Oppenvard };

std::string_view to_string(Role role);  ///< "kommunal-hsv"; "" for Unknown

/// An organisation as named in a notice.
struct Party {
  std::string id;  ///< id inside the gateway, also in tokens and events: the HSA-id, else "system|value"
  Identity identifier;
  std::string name, phone;
  Role role = Role::Unknown;
  bool operator==(const Party&) const = default;
};

struct Address {
  std::string use, text, postal_code, city, country;
  std::vector<std::string> lines;
  bool operator==(const Address&) const = default;
};

/// Protected identity. Source: Skatteverket's two forms; an unknown flag counts as the stronger one.
enum class Protection : std::uint8_t { None, Sekretessmarkering, SkyddadFolkbokforing };

/// A relative, or somebody who represents the patient. Codes: fhir-profiles/README.md, narstaende-roll.
struct RelatedPerson {
  std::string name, phone;
  std::string role;      ///< "narstaende", "god-man" .., or empty
  std::string relation;  ///< in the sender's words: "dotter"
  bool operator==(const RelatedPerson&) const = default;
};

/// The person of a notice. Only what the case needs is read.
struct Person {
  std::vector<Identity> identifiers;  ///< systems normalised; at least one
  std::string identity_level;         ///< of the samordningsnummer: styrkt, sannolik, osaker (lag 2022:1697); empty if not sent
  std::string family, name_text;
  std::vector<std::string> given;
  std::string gender, birth_date;
  std::vector<Address> addresses;
  bool deceased = false;
  std::string deceased_at;  ///< FHIR dateTime, or empty
  std::string kommun;       ///< of registration, as sent: four digits, or empty
  /// The municipality that decided that the person lives in another one, as sent, or empty. It pays, wherever the person is
  /// registered. Source: LUS 5:2 st 2; 8:4, 8:11, 26:1 SoL.
  std::string placing_kommun;
  std::vector<RelatedPerson> related;
  Protection protection = Protection::None;
  bool operator==(const Person&) const = default;
};

/// Kind of inpatient care; agreements may differ by it. Codes: fhir-profiles/README.md, vardform.
enum class CareKind : std::uint8_t { Unknown, Somatisk, Psykiatrisk };

/// The stay of a notice.
struct Stay {
  std::string status, class_code;           ///< "in-progress", "IMP"
  std::string period_start, period_end;     ///< FHIR dateTimes as sent, or empty
  std::string planned_discharge;            ///< beräknad utskrivning, a date, or empty
  std::optional<SentTime> discharge_ready;  ///< utskrivningsklar
  std::string reason;                       ///< inskrivningsorsak
  std::string discharged_to;                ///< code of utskriven-till, or empty
  std::string provider;                     ///< id of a Party, or empty
  std::vector<Identity> episodes;
  CareKind care_kind = CareKind::Unknown;
  bool operator==(const Stay&) const = default;
};

/// The fast vårdkontakt of a notice.
struct Contact {
  std::string name, phone, type;  ///< type: kv_typ_av_fast_kontakt 1..4, or empty
  std::string since{}, until{};   ///< FHIR dateTimes, or empty; `until`: the contact has ended
  std::vector<Identity>
      identifiers{};                 ///< of the person's role at the unit, as sent; an empty system: its sender's own reference
  std::string team{}, team_phone{};  ///< through which the contact is reached, or empty. Source: Inera contactViaTeam
  bool operator==(const Contact&) const = default;
};

/// A time in which insatser that the öppenvård is responsible for are not available, or it is not clear that they are.
/// Source: LUS 5:5.
struct Obstacle {
  SentTime from;
  std::optional<SentTime> until;  ///< the last day or moment of it; none: it has not ended
  bool operator==(const Obstacle&) const = default;
};

/// A file that came with a notice.
struct Attachment {
  std::string content_type, title;
  std::string data;       ///< base64; empty: it was not sent, or is too large to be passed on
  std::int64_t size = 0;  ///< bytes; 0: not known
  bool operator==(const Attachment&) const = default;
};

/// One piece of what a notice says in words, or a file. FHIR: Communication.payload.
struct Payload {
  std::string about;  ///< code of innehall ("insatser", "lakemedel" ..), or empty
  std::string text;
  std::optional<Attachment> attachment;
  bool operator==(const Payload&) const = default;
};

/// What the patient, or somebody for the patient, decided of the sharing of information. FHIR: Consent. Codes:
/// fhir-profiles/README.md, samtycke-omfattning. Source: OSL 25:1, 26:1; HSL 16:4; SoL 10:8.
struct Consent {
  enum class Decision : std::uint8_t { Given, Refused, Withdrawn };
  Decision decision = Decision::Given;
  bool is_menprovning = false;       ///< decided by the staff: the patient could not be asked, and is not harmed by it
  std::vector<std::string> scopes;   ///< "sip", "utlamnande" ..; at least one
  std::string by;                    ///< who decided, in the sender's words, or empty
  std::string at;                    ///< FHIR dateTime, or empty: when the notice happened
  std::vector<std::string> units{};  ///< ids of the Parties with which may be shared, or not; none: it is not about some alone
  bool operator==(const Consent&) const = default;
};

/// Something in a notice that a person should look at; becomes a finding of the case.
struct Doubt {
  std::string code;  ///< of the finding: "doubtful-value", "unknown-receiver" ..
  std::string says;  ///< a sentence without patient data
  bool operator==(const Doubt&) const = default;
};

/// A canonical notice, validated when read. A value: holds nothing of its document.
struct Notice {
  Identity identity;       ///< the sender's identifier of the message
  std::string case_key;    ///< "system|value" of the ärende; empty: none
  Identity case_identity;  ///< empty: it names no ärende, and is about the person alone
  Event event = Event::Admission;
  SentTime happened;                         ///< when it happened; orders the case
  WallTime sent{};                           ///< when the sender created the message
  std::optional<WallTime> received;          ///< when the gateway took it, in seconds; none: by a program of before
  std::optional<Identity> replaces;          ///< corrected, nullified: the notice that is replaced
  Event corrected_event = Event::Admission;  ///< corrected: the event it now is
  std::vector<Identity> replaced_numbers;    ///< about the person alone: numbers of the person that are used no more
  std::optional<Identity> acknowledges;      ///< receipt: the notice that is acknowledged
  bool acknowledges_ok = true;
  std::string reason;
  Party sender;
  std::vector<Party> receivers;  ///< in the order of destination[]; each once
  std::vector<Party> others;     ///< named but neither sender nor receiver (the providing unit)
  Person person;
  Stay stay;
  std::optional<Contact> contact;
  std::optional<Consent> consent;
  std::optional<PlanContent> plan;        ///< what it says of a plan
  std::vector<Payload> payloads;          ///< as sent; each receiver gets them with its Communication
  std::optional<bool> sip_is_due;         ///< is a SIP to be made? Not said: it is. Source: LUS 4:1
  std::optional<SentTime> need_assessed;  ///< when the need of insatser was found, if after the admission. Source: LUS 2:3
  std::vector<Obstacle> obstacles;        ///< all that the sender knows; a later notice that names any replaces them
  bool time_is_guessed = false;           ///< a time without zone was in an hour that occurs twice or never
  std::vector<Doubt> doubts;
  bool operator==(const Notice&) const = default;

  /// The event: for a correction the corrected one.
  Event says() const { return event == Event::Corrected ? corrected_event : event; }
  bool is_about_person_alone() const { return case_identity.value.empty() && !plan; }
};

/// Reads the canonical notice Bundle (fhir-profiles/README.md). Invalid: `where` is the FHIRPath of what is missing or wrong,
/// such as "Bundle.entry[2].resource.class"; never patient data. `faults`, if given, gets all faults, the returned failure first.
Result<Notice> read_notice(const tree::Document& bundle, std::vector<Failure>* faults = nullptr);

/// Marks in a canonical notice that a time without zone had to be guessed; read_notice reads the mark.
void mark_as_ambiguous(tree::Document& bundle);

/// Marks a value that may not be what the sender meant. `says` is a sentence with the place of the value and none of its text.
void mark_as_doubtful(tree::Document& bundle, std::string_view says);

/// Marks when the gateway took the message: a replay marks it with the same time. Returns the time as it is read.
WallTime mark_received(tree::Document& bundle, WallTime at);

/// Marks a receiver that was unknown to the gateway when the notice came.
Doubt mark_unknown_receiver(tree::Document& bundle, std::string says);

}  // namespace vardbron::care
