#pragma once

#include "gateway/care/chain/notice.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// A present or former fast vårdkontakt of the patient.
struct Appointment {
  std::string
      name;  ///< unique in the case, the same for all versions of the notice that appoints; its CareTeam's id is made of it
  Contact contact;
  Party unit;               ///< that appointed the contact
  std::string since;        ///< FHIR dateTimes
  std::string until;        ///< empty: current
  bool fulfils_law = true;  ///< it is what LUS 2:5 asks for
  std::string own_since{};  ///< `since` as the notices of this ärende alone have it
  /// It was replaced or ended before the time from which it was to be one.
  bool never_began() const;
  bool operator==(const Appointment&) const = default;
};

/// State machine of the fast vårdkontakt: none, appointed, changed, ended. Each unit may have one of its own; the fast
/// läkarkontakt in primary care (type 2) and the one with overall coordination (type 4) are one for the patient, whichever unit
/// they are of. Source: GetCareManagers 1.0; kv_typ_av_fast_kontakt; patientlagen 6 kap.
class FastVardkontakt {
 public:
  /// Ends the appointments that the new one excludes, with `at`. Of the current contact only the phone, the team and the
  /// identifiers are updated; it keeps its name and since when. The name of the one that holds now.
  std::string appoint(Appointment newer, const std::string& at);
  /// Ends the current contacts of that unit and type that have the contact's name, or all of them if it has none. False: there
  /// is none.
  bool end(const Contact& contact, const Party& unit, const std::string& at);
  /// On the patient's death.
  void end(const std::string& at);

  bool is_appointed() const;
  bool is_appointed_by_law() const;                                      ///< as LUS 2:5 asks for
  const std::vector<Appointment>& all() const { return appointments_; }  ///< in the order they were appointed
  const Appointment* find(std::string_view name) const;                  ///< the last of that name; null: none

 private:
  std::vector<Appointment> appointments_;
};

}  // namespace vardbron::care
