#pragma once

#include <string>

namespace vardbron::exchange {

/// Builds the JSON of a canonical notice. What does not matter has a usual value; see fhir-profiles/README.md.
class ANotice {
 public:
  explicit ANotice(std::string event) : event_(std::move(event)) {}

  ANotice& with_id(std::string id) { return id_ = std::move(id), *this; }
  ANotice& of_case(std::string name) { return case_ = std::move(name), *this; }
  ANotice& at(std::string time) { return time_ = std::move(time), *this; }
  ANotice& admitted_at(std::string time) { return admitted_ = std::move(time), *this; }
  ANotice& with_status(std::string status) { return status_ = std::move(status), *this; }
  ANotice& replacing(std::string id) { return replaces_ = std::move(id), *this; }
  ANotice& correcting(std::string event) { return corrected_ = std::move(event), *this; }
  ANotice& with_reason(std::string reason) { return reason_ = std::move(reason), *this; }
  ANotice& in_kommun(std::string code) { return kommun_ = std::move(code), *this; }
  ANotice& with_protected_identity() { return is_protected_ = true, *this; }
  ANotice& about(std::string personnummer) { return number_ = std::move(personnummer), *this; }
  /// About somebody of whom the hospital has a number of its own.
  ANotice& about_own(std::string number) {
    number_ = std::move(number);
    number_system_ = "urn:test:persons";
    return *this;
  }
  ANotice& also_about(std::string personnummer) { return other_number_ = std::move(personnummer), *this; }
  /// About the person alone: the number that is used no more; the notice has no Encounter.
  ANotice& merging(std::string personnummer) {
    replaced_number_ = std::move(personnummer);
    replaced_system_ = "http://electronichealth.se/identifier/personnummer";
    return *this;
  }
  /// The same, of a number of the hospital's own.
  ANotice& merging_own(std::string number) {
    replaced_number_ = std::move(number);
    replaced_system_ = "urn:test:persons";
    return *this;
  }
  ANotice& with_address() { return has_address_ = true, *this; }
  ANotice& without_sip() { return is_sip_due_ = false, *this; }
  ANotice& to_health_centre() { return is_to_health_centre_ = true, *this; }                     ///< and not to home care
  ANotice& in_namespace(std::string system) { return case_system_ = std::move(system), *this; }  ///< of the number of the case
  /// A party of the notice, which sends it to everybody; or another hospital.
  ANotice& sent_by(std::string hsa_id) { return sender_ = std::move(hsa_id), *this; }
  ANotice& naming_contact(std::string name) { return contact_ = std::move(name), *this; }
  ANotice& without_class() { return has_class_ = false, *this; }
  std::string json() const;
  const std::string& sender() const { return sender_; }

 private:
  std::string header() const;
  std::string patient() const;
  std::string encounter() const;
  std::string contact() const;
  bool is_by_party() const;

  std::string event_, id_ = "M-1", case_ = "A-1", time_ = "2026-03-10T09:10:00+01:00", admitted_ = "2026-03-09T22:40:00+01:00",
                      status_ = "in-progress", replaces_, corrected_, reason_, kommun_, sender_ = "SE2321990018-MED5", contact_,
                      other_number_, replaced_number_, replaced_system_, number_ = "195009072553",
                      number_system_ = "http://electronichealth.se/identifier/personnummer", case_system_ = "urn:test:cases";
  bool has_class_ = true, is_protected_ = false, has_address_ = false, is_sip_due_ = true, is_to_health_centre_ = false;
};

inline constexpr const char* hospital = "SE2321990018-MED5";
inline constexpr const char* home_care = "SE2120990011-HSV1";
inline constexpr const char* health_centre = "SE2321990018-VC07";

}  // namespace vardbron::exchange
