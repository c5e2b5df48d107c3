#pragma once

#include "gateway/care/notifications.h"
#include "gateway/care/project.h"
#include "r4.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

// The cast. HSA-ids are synthetic.
Party hospital();      ///< a ward
Party other_ward();    ///< of the same region
Party far_hospital();  ///< of another region
Party clinic();        ///< öppenvård
Party social();        ///< socialtjänst
Party nursing();       ///< kommunal hälso- och sjukvård
Party new_nursing();   ///< another unit of the same municipality
Party far_social();    ///< another municipality

WallTime moment(std::string_view text);

/// Builds a case notice by notice. Notices have ids "n1", "n2" .. and go to clinic, social and nursing.
class Story {
 public:
  Notice& add(Event event, std::string_view happened);
  Notice& correct(const Notice& original, std::string_view happened);
  Notice& cancel(const Notice& original, std::string_view when);
  Notice& receipt(const Notice& of, const Party& by, std::string_view when);
  void write(const Party& by, CaseTaskKind kind, std::string_view status, std::string_view when);

  Chain chain() const;
  /// With the Patients as they are when `person` says all.
  Projection project(std::string_view now = "2025-03-20T00:00:00Z") const;
  Projection project(const Chain& chain, std::string_view now = "2025-03-20T00:00:00Z") const;

  Policy policy;
  PersonView person;  ///< the patient's other cases
  std::vector<Agreement> agreements;
  bool counts_from_receipt = false;
  std::map<int, std::int64_t> prices{{2025, 10'000}, {2026, 11'000}};
  /// Of the municipalities of the cast: the patient is registered in 0880.
  std::map<std::string, std::string, std::less<>> organisationsnummer{{"0880", "2120001000"}, {"1280", "2120002000"}};

 private:
  std::vector<std::unique_ptr<Link>> links_;
};

Notice& from(Notice& notice, const Party& sender, std::vector<Party> receivers);

/// A whole projection as text, for comparison byte by byte.
std::string to_text(const Projection& projection);
std::string to_text(const tree::Document& document);

const Projected* find_resource(const Projection& projection, std::string_view type, std::string_view text = {});
const CaseTask* find_case_task(const Projection& projection, CaseTaskKind kind, const Party& party);
std::string status_of(const Projection& projection, CaseTaskKind kind, const Party& party);
/// "completed", "not-done", "entered-in-error", or "none".
std::string communication_status(const Projection& projection, const Notice& notice, const Party& party);
/// Status of the Encounter.
std::string encounter_status(const Projection& projection);
LinkStatus link_status_of(const Projection& projection, const Notice& notice);
bool has_finding(const Projection& projection, std::string_view code);
bool may_see(const Projection& projection, const Party& party);
/// "party event" lines, a history marked by "(history)".
std::vector<std::string> notified(const std::vector<CaseEvent>& events);

}  // namespace vardbron::care
