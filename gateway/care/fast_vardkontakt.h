#pragma once

#include "gateway/care/notice.h"

#include <string>
#include <vector>

namespace vardbron::care {

/// Somebody who is, or was, the patient's fast vårdkontakt.
struct Appointment {
  Contact contact;
  Party unit;         ///< that appointed them
  std::string since;  ///< FHIR dateTimes
  std::string until;  ///< empty: still is
  bool operator==(const Appointment&) const = default;
};

/// The machine of the fast vårdkontakt: none, appointed, changed, ended. Each unit may have one of its own; the fast läkarkontakt
/// in primary care (type 2) and the one with overall coordination (type 4) are one for the patient, whichever unit they are of.
/// Source: GetCareManagers 1.0; kv_typ_av_fast_kontakt; patientlagen 6 kap.
class FastVardkontakt {
 public:
  /// Takes the place of whom it must not stand beside. Who holds it already is confirmed: nothing but the phone may change.
  void appoint(Contact contact, const Party& unit, const std::string& at);
  /// The patient is dead.
  void end(const std::string& at);

  bool is_appointed() const;
  const std::vector<Appointment>& all() const { return appointments_; }  ///< in the order they were appointed

 private:
  std::vector<Appointment> appointments_;
};

}  // namespace vardbron::care
