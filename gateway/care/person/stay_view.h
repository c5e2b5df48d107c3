#pragma once

#include "gateway/base/clock.h"
#include "gateway/care/chain/notice.h"
#include "gateway/care/person/fast_vardkontakt.h"
#include "gateway/tree/document.h"
#include "gateway/tree/names.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vardbron::care {

/// What one ärende says of its patient: all that the patient's other ärenden, and Patient, know of it. A function of the ärende's
/// own links, the policy and now.
struct StayView {
  std::string case_key;
  /// As the ärende's own notices have it. Without identifiers: the ärende names nobody (any more).
  Person person;
  WallTime said{};         ///< when the newest notice that counts happened
  WallTime death_noted{};  ///< when the notice of the death happened, if there is one
  std::string encounter;   ///< id of the Encounter
  std::string since;       ///< admission and discharge, FHIR dateTimes; empty: not yet
  std::string until;
  std::vector<std::string> hospitals;  ///< organisations of sluten vård, sorted
  std::vector<std::string> viewers;    ///< organisations that may read the ärende, sorted
  bool has_left_patient = false;       ///< it was closed so long ago that it lets nobody read Patient
  std::vector<Appointment> contacts;   ///< fasta vårdkontakter that this ärende appointed, `since` by its own notices alone
  /// Of a plan, which is no stay: CarePlan.category's code, and the code of plan-tillstand.
  std::string plan_kind{}, plan_state{};
  bool is_unconsented = false;  ///< of a plan in no ärende that the person has not consented to
  bool operator==(const StayView&) const = default;
};

bool names(const StayView& view, const Identity& number);
/// Organisations that the ärende lets read Patient, sorted.
std::span<const std::string> patient_readers(const StayView& view);

/// case_key of the view of an ärende's plan.
std::string arende_plan_key(std::string_view case_key);

/// Whether another ärende of the person is to be computed again when the one view of an ärende is replaced by the other.
bool concerns(const StayView& before, const StayView& after, const StayView& other);

/// How much an ärende has read of the chain of a number.
struct ReadChain {
  std::string key;         ///< person_key
  std::int64_t links = 0;  ///< the first ones
  bool operator==(const ReadChain&) const = default;
};

/// A link of a person's chain. `strongest`: the protection of the person by any link until this one. `joined`: the chains of
/// the person that the ärende has read and that this link is not in.
tree::Document write_stay_view(const StayView& view, const tree::Names& names, Protection strongest = Protection::None,
                               std::span<const ReadChain> joined = {});
Protection read_strongest(const tree::Document& document);
std::vector<ReadChain> read_joined(const tree::Document& document);
/// Broken: it is none that write_stay_view() made.
Result<StayView> read_stay_view(const tree::Document& document);

}  // namespace vardbron::care
