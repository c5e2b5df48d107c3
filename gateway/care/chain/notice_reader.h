#pragma once

// Tested by tests/care/notice_test.cpp.

#include "gateway/base/text.h"
#include "gateway/care/chain/code_systems.h"
#include "gateway/care/chain/notice.h"
#include "gateway/time/civil.h"
#include "gateway/time/moment.h"
#include "gateway/tree/document.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::care {

// Code systems and extensions of the canonical notice: fhir-profiles/README.md.
inline constexpr std::array<std::string_view, 5> role_codes = {"", "sluten-vard", "socialtjanst", "kommunal-hsv", "oppenvard"};

inline Failure invalid(std::string says, std::string where) { return Failure{Cause::Invalid, std::move(says), std::move(where)}; }

inline tree::Item next_of(tree::Item item, std::string_view name) {
  do item = item.next();
  while (item && item.name_text() != name);
  return item;
}

/// Identifiers are compared without surrounding white space, which exports and forms leave.
inline Identity identity_at(tree::Item identifier) {
  return {std::string(trim(identifier.text_of("system"))), std::string(trim(identifier.text_of("value")))};
}

inline tree::Item extension(tree::Item parent, std::string_view url) {
  for (tree::Item one = parent.child("extension"); one; one = next_of(one, "extension"))
    if (one.text_of("url") == url) return one;
  return {};
}

inline bool has_day(std::string_view time) { return time.size() > 7; }

/// A day is 20260313 or 2026-03-13.
inline bool has_time_of_day(std::string_view time) { return time.size() > 10; }

/// As a FHIR dateTime; kept as sent if it is one already, to preserve its precision and zone.
inline std::string fhir_time(std::string_view text, WallTime at) {
  if (time::Moment::parse(text, time::Moment::Form::DateTime, time::fhir_text)) return std::string(text);
  return text.size() == 8 ? time::format_day(time::day_of(at)) : time::format_local(at);
}

/// One resource of the Bundle and its path.
struct BundlePlace {
  tree::Item resource;
  std::string path;  ///< "Bundle.entry[2].resource"
  std::string_view url;
};

/// Reads a canonical notice: read_notice().
class NoticeReader {
 public:
  explicit NoticeReader(const tree::Document& bundle);
  Result<Notice> read(std::vector<Failure>* faults);

 private:
  Result<void> read_bundle();
  /// The only resource of a type; without resource if there is none or more than one.
  const BundlePlace* find_one(std::string_view type) const;
  const BundlePlace* resolve(std::string_view reference) const;
  Result<void> read_event();
  Result<void> read_event_time();
  bool is_marked_as_ambiguous() const;
  void read_doubts();
  void read_received(tree::Item tag);
  void doubt(std::string code, std::string says);
  Result<void> read_correction();
  /// What is about a person alone, and what cancels that, has no Encounter.
  Result<void> look_for_stay();
  Result<void> read_numbers();
  Result<void> read_sender();
  Result<void> read_receivers();
  void doubt_receiver(const Party& receiver);
  std::optional<Party> party_at(std::string_view reference) const;
  static bool is_hsa_id(tree::Item identifier);
  static Role role_of(tree::Item organization);
  Result<void> read_patient();
  Result<void> read_case();
  /// Without a stay it is about a plan, which has a name of its own.
  Result<void> read_case_of_plan();
  Result<void> read_stay();
  Result<void> read_stay_times(tree::Item encounter, Stay& stay);
  Result<void> read_encounter_conditions();
  Result<void> read_plan();
  Result<void> read_payloads();
  Result<void> read_decision();
  /// The notice that a kvittens acknowledges. MessageHeader.response holds an id only, so the system is that of the receiver's
  /// notices; arrange() compares the value.
  void read_receipt();
  void read_contact();

  tree::Item bundle_;
  std::vector<BundlePlace> places_;
  const BundlePlace* header_ = nullptr;
  const BundlePlace* patient_ = nullptr;
  const BundlePlace* encounter_ = nullptr;
  Notice notice_;
};

}  // namespace vardbron::care
