#pragma once

#include "gateway/base/clock.h"
#include "gateway/care/arende/arende.h"
#include "gateway/care/arende/betalningsklocka.h"
#include "gateway/care/arende/charges.h"
#include "gateway/care/chain/event.h"
#include "gateway/care/chain/link.h"
#include "gateway/care/chain/notice.h"
#include "gateway/care/chain/persistent_list.h"
#include "gateway/care/chain/plan_content.h"
#include "gateway/care/chain/projected.h"
#include "gateway/care/chain/write.h"
#include "gateway/care/person/fast_vardkontakt.h"
#include "gateway/care/person/stay_view.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::care {

/// A notice or write after the fold.
struct LinkReport {
  std::string identity;            ///< "system|value" of the notice, or Write::identity
  Event event = Event::Admission;  ///< Receipt for a write
  Event says = Event::Admission;   ///< for a correction or cancellation: the event it is about
  std::string by;                  ///< id of the organisation that sent or wrote it
  bool is_write = false;
  LinkStatus link_status = LinkStatus::Effective;
  WallTime at{};            ///< its position in the chain
  std::size_t arrival = 0;  ///< index into the chain
  std::string contact{};    ///< id of the CareTeam of the fast kontakt that it appoints or confirms; empty: none
};

/// One notice to one party.
struct Dispatch {
  enum class Status : std::uint8_t {
    Held,      ///< not visible to the party (Communication not-done)
    Sent,      ///< completed
    TakenBack  ///< replaced or cancelled (entered-in-error)
  };
  std::string communication;  ///< id of the Communication
  std::string party;
  std::size_t link = 0;  ///< index into Projection::links
  bool is_end = false;   ///< notifies an organisation that it is no longer a party
  Status status = Status::Held;
  std::string received;  ///< FHIR dateTime at which the party acknowledged it, or empty
  std::string answered;  ///< of a receipt: id of the Communication that brought its sender the notice, or empty
  bool operator==(const Dispatch&) const = default;
};

/// What the documents of all Communications of a case have in common. While it is the same, and names the same organisations or
/// more, the document of a Communication changes with its Dispatch only.
struct CaseHeader {
  struct Organisation {
    std::string id;
    Identity identifier;
    std::string name;
    auto operator<=>(const Organisation&) const = default;
  };
  std::string case_key;
  Identity case_identity;
  Identity source;  ///< of the organisation that sent first; empty: nobody did
  Protection protection = Protection::None;
  std::string patient;                      ///< id
  std::vector<Organisation> organisations;  ///< sorted by id
  std::vector<Identity> person;             ///< numbers of the patient; none while no notice counts
};

enum class CaseTaskKind : std::uint8_t {
  KvitteraInskrivning,
  UtseFastVardkontakt,
  KallaTillSip,
  TaOverPatient,
  Informationsoverforing,  ///< the hospital's own. Source: LUS 3:2
  Insats,                  ///< of a plan
  FoljUppSip               ///< of a plan
};

std::string_view to_string(CaseTaskKind kind);  ///< "kvittera-inskrivning"

/// One Task: something one party has to do.
struct CaseTask {
  std::string id;  ///< of the Task
  CaseTaskKind kind = CaseTaskKind::KvitteraInskrivning;
  std::string party;   ///< its owner
  std::string status;  ///< Task.status; draft while invisible
  std::string reason;
  std::optional<WallTime> deadline;
  bool is_late = false;
  std::string requester;  ///< who asked for it
  std::vector<ReasonCode> reason_codes{};
  std::vector<Note> notes{};              ///< in the order of the chain
  std::string contact{};                  ///< Appointment::name of whom the party named; empty: nobody
  std::optional<WallTime> asked_until{};  ///< when it is still open after that it is cancelled; none: it stays open
  bool has_lapsed = false;                ///< cancelled by that
  std::vector<std::string> uninformed{};  ///< informationsoverforing: parties without the information that others have got
  std::optional<Appointment> proposed{};  ///< whom the party has appointed in another case of the patient, to be confirmed
  bool operator==(const CaseTask&) const = default;
};

/// What one municipality pays: one ChargeItem.
struct ChargeReport {
  std::string id;  ///< of the ChargeItem
  ClockReading reading;
  std::vector<std::string> parties;  ///< who may see it, sorted
  ChargeStatus status = ChargeStatus::Planned;
  int days = 0;  ///< chargeable ones
  std::vector<Villkor> villkor{};
  std::optional<std::int64_t> amount{};  ///< kronor
  bool operator==(const ChargeReport&) const = default;
};

/// One fast vårdkontakt: one CareTeam.
struct ContactReport {
  std::string id;                          ///< of the CareTeam
  std::optional<Appointment> appointment;  ///< none: it is no contact, or no more (CareTeam entered-in-error)
  bool operator==(const ContactReport&) const = default;
};

/// One meeting of a plan: one Appointment.
struct MeetingReport {
  std::string id;             ///< of the Appointment
  bool is_cancelled = false;  ///< or its plan is, or the person does not consent to it
  bool is_held = false;
  PlanMeeting at{};                                            ///< when and where
  std::vector<std::pair<std::string, std::string>> answers{};  ///< while it is to come: who is called, and what they answered
  bool operator==(const MeetingReport&) const = default;
};

/// What notices say of an organisation: one Organization of the register.
struct OrganizationWord {
  std::string id;  ///< of the Organization
  Identity identifier;
  std::string name, phone;
  unsigned roles = 0;   ///< as Member::roles
  bool is_own = false;  ///< the organisation says it itself
  SentTime said{};      ///< of its own word: when its notice was sent
};

/// What a case takes from the patient's other cases, beside Tasks and contacts.
struct OfOtherCases {
  bool has_died = false;  ///< by a notice of another case, and by none of its own
  std::string earlier;    ///< id of the Encounter of the stay before, as the Encounter refers to it
  bool operator==(const OfOtherCases&) const = default;
};

/// The state of a case, given its links. Depends on the set of links, not on their order.
struct Projection {
  std::string case_key;
  CaseHeader header;
  std::string encounter;   ///< id; "": it is a plan
  std::string plan;        ///< id of the CarePlan that holds; "": it is an ärende
  std::string plan_state;  ///< "upprattad"; "": it is an ärende
  std::string plan_kind;   ///< code of CarePlan.category, "SIP"; "": it is an ärende
  std::string patient;     ///< id; "": the case names nobody, any more or yet
  Standing standing;
  std::vector<Projected> resources;     ///< Patient, Encounter, CareTeams, CarePlan, Consents, Communications, Tasks
  std::vector<std::string> parties;     ///< organisations that may see the case now, sorted; without an admission only the sender
  PersistentList<LinkReport> links;     ///< in event order
  PersistentList<Dispatch> dispatches;  ///< one per Communication, in event order of the links
  std::vector<CaseTask> case_tasks;     ///< one per Task
  std::vector<ContactReport> contacts;  ///< one per CareTeam
  std::vector<MeetingReport> meetings;  ///< one per Appointment
  std::vector<ChargeReport> charges;    ///< one per ChargeItem
  StayView stay;                        ///< what the patient's other cases read of this one
  OfOtherCases of_others;               ///< what this one reads of them
  std::vector<OrganizationWord> organizations;  ///< of those that know of the case, and of who gives the care
  std::vector<Finding> findings;
  bool hides_former_versions = false;  ///< who may read the case may not read what it was
  std::vector<std::string> kommuner;   ///< municipalities the case concerns, four digits each; none when nobody may know
  std::optional<WallTime>
      next_change;  ///< when time alone changes the next thing (a Task gets late, a day is charged); project again then

  /// What its events are about: "Encounter/<id>", or "CarePlan/<id>".
  std::string focus() const { return plan.empty() ? "Encounter/" + encounter : "CarePlan/" + plan; }
};

/// What a projection folded, to go on from (fold.h).
class Fold;
using KeptFold = std::shared_ptr<Fold>;

}  // namespace vardbron::care
