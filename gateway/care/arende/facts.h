#pragma once

#include "gateway/base/uuid.h"
#include "gateway/care/arende/charges.h"
#include "gateway/care/arende/task_list.h"
#include "gateway/care/chain/chain.h"
#include "gateway/care/chain/consents.h"
#include "gateway/care/chain/membership.h"
#include "gateway/care/person/fast_vardkontakt.h"
#include "gateway/care/person/person_view.h"
#include "gateway/care/person/stay_view.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::care {

struct Leave {
  std::string start, end;  ///< FHIR dateTimes as sent; no end: still away
};

/// State of one link during the fold, beside its LinkStatus.
struct LinkFacts {
  bool is_released = false;       ///< it may leave the region
  bool lacked_admission = false;  ///< withheld only because no admission notice counts
  /// Hospital and receivers at that moment, sorted; null: it was not released. Many links share it.
  std::shared_ptr<const std::vector<std::string>> audience;
  std::vector<std::string> removed;  ///< parties that ended with it
  std::string contact;               ///< Appointment::name of whom it appoints or confirms; empty: nobody
};

/// A time in which the patient was ready for discharge.
struct ReadyPeriod {
  std::size_t link = 0;  ///< of the notice of utskrivningsklar
  WallTime ready{};      ///< the assessment
  std::optional<WallTime> until;
  std::size_t end_link = ChainEntry::no_target;  ///< of the notice that ended it
};

/// The receivers of a case after some of them changed.
struct PartyChange {
  WallTime at{};
  std::vector<std::string> active;  ///< sorted
};

/// One kallelse to a SIP.
struct SipCall {
  SentTime at;
  Party by;
  std::size_t link = 0;
  bool is_by_oppenvard = false;  ///< as LUS 4:3 asks
};

struct Received {
  std::size_t link = 0;  ///< what was acknowledged
  std::string party;
  std::string at;  ///< FHIR dateTime
};

/// The state of a case, from which its projection is written. Points into the chain.
struct Facts {
  Uuid id;  ///< root of all ids of the case
  std::string case_key;
  Identity case_identity;
  Standing standing;
  bool counts_from_receipt = false;  ///< Policies::counts_from_receipt
  bool has_admission = false;        ///< an admission notice is effective: the case may leave the region
  std::string source;                ///< id of the organisation that sent first
  Person person;
  Protection own_protection = Protection::None;  ///< as the notices of this case have it; `person` has that of other cases too
  WallTime person_said{};                        ///< when the notice happened that changed `person` last
  bool is_deceased = false;
  std::string deceased_at;
  WallTime death_noted{};  ///< when the notice of the death happened
  Stay stay;               ///< merged from all notices; without a word on the admission it began with the first of them
  std::string admitted;    ///< FHIR dateTime, as a notice of the hospital says; empty: none does
  std::vector<Leave> leaves;
  std::optional<WallTime> closed_at;
  std::optional<WallTime> patient_read_until;  ///< of a closed case: its parties read Patient until then
  bool has_left_patient = false;               ///< that is over by now
  std::optional<StayView> earlier;             ///< the patient's stay that ended last before this one, not long ago
  FastVardkontakt contacts;
  std::vector<Appointment> own_contacts;  ///< `contacts` without what the patient's other cases say
  Consents consents;
  std::vector<SipCall> sip_calls;       ///< in event order
  bool sip_is_revoked = false;          ///< the stay was interrupted or the patient died after the last of them
  std::set<std::string> contact_names;  ///< Appointment::name of all that any link may appoint, effective or not
  bool sip_was_called = false;          ///< by any notice, effective or not
  Membership members;
  std::vector<std::string> everybody;  ///< all receivers of any of the hospital's notices, sorted
  std::vector<ChainEntry> links;
  std::vector<LinkFacts> link_facts;  ///< one per link
  std::vector<Received> received;
  TaskList works{Uuid{}};
  NamedPayer payer;        ///< by the hospital's word
  bool sip_is_due = true;  ///< LUS 4:1
  std::vector<Obstacle> obstacles;
  bool obstacles_are_claimed = false;  ///< by a party; the region has not said whether it is so
  std::vector<ReadyPeriod> ready_periods;
  std::vector<PartyChange> party_changes;
  std::vector<Charge> charges;
  std::vector<Finding> findings;

  /// The identity is protected, and no municipality placed the person: which one pays must not be said, since it is where the
  /// person is registered.
  bool hides_payer() const { return person.protection != Protection::None && !payer.has_placed; }

  /// The call that began the SIP: the first by the öppenvård, or by anybody if it has made none; null: there is none.
  const SipCall* sip_call() const {
    for (const SipCall& call : sip_calls)
      if (call.is_by_oppenvard) return &call;
    return sip_calls.empty() ? nullptr : &sip_calls.front();
  }
  bool is_called_by_oppenvard() const { return sip_call() && sip_call()->is_by_oppenvard; }

  /// When the notice was sent as the clocks count. Source: LUS 2:3, 5:4; whose clock decides is a policy.
  WallTime sent(const Notice& notice) const { return counts_from_receipt && notice.received ? *notice.received : notice.sent; }

  void remark(const ChainEntry& link, std::string code, std::string says) {
    findings.push_back({link.identity, std::move(code), std::move(says)});
  }
};

}  // namespace vardbron::care
