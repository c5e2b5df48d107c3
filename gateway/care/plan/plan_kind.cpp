#include "gateway/care/plan/plan_kind.h"

#include "gateway/sweden/hsa_id.h"

#include <algorithm>
#include <array>

namespace vardbron::care::plan {
namespace {

constexpr std::string_view national_system = "https://fhir.inera.se/CodeSystem/typeofcareplan-cs";
constexpr std::string_view own_system = "https://vardbron.example/fhir/CodeSystem/plan-typ";

using enum Point;

const std::array<Kind, plan_kinds_count>& kinds() {
  static const std::array<Kind, plan_kinds_count> table = {{
      {PlanKind::Sip,
       national_system,
       "Samordnad individuell plan",
       // HSL 16:4 st 3 and SoL 10:8 st 2: the plan shall state these four. LUS 4:2: it may be made if the patient consents.
       {Insatser, EachHuvudman, MeasuresOfOthers, MainResponsible},
       true,
       false,
       std::nullopt,
       false,
       "HSL 16:4, SoL 10:8"},
      {PlanKind::Spu, national_system, "Samordnad planering vid utskrivning", {}, true, false, std::nullopt, false, "LUS 2:6"},
      {PlanKind::SplptLrv,
       national_system,
       "Samordnad vårdplan",
       // Measures of others are stated where there are any ("eventuella"), so they are no point. Consent is not asked for: the
       // person's attitude is stated as far as possible.
       {Insatser, Decision, ResponsibleUnit},
       false,
       true,
       Huvudman::Region,
       true,
       "LPT 7 a §"},
      {PlanKind::Vp, national_system, "Vårdplan", {}, false, false, Huvudman::Region, false, "patientlagen 6 kap."},
      {PlanKind::Samordning, own_system, "Samordning", {}, true, false, std::nullopt, false, ""},
  }};
  return table;
}

const Party* find(const std::vector<Party>& parties, std::string_view id) {
  const auto found = std::find_if(parties.begin(), parties.end(), [&](const Party& each) { return each.id == id; });
  return found == parties.end() ? nullptr : &*found;
}

Huvudman huvudman_of(const std::vector<Party>& parties, std::string_view id) {
  const Party* party = find(parties, id);
  return party ? plan::huvudman_of(party->role) : Huvudman::Other;
}

bool has_point(Point point, const PlanContent& content, const std::vector<Party>& parties) {
  const std::vector<PlanActivity>& activities = content.activities;
  const auto is_of_huvudman = [&](const PlanActivity& each) {
    return huvudman_of(parties, each.organisation) != Huvudman::Other;
  };
  const auto has_somebody = [](const PlanActivity& each) { return !each.organisation.empty() || !each.by.empty(); };
  switch (point) {
    case Insatser: return !content.need.empty() || !activities.empty();
    case EachHuvudman:
      return std::any_of(activities.begin(), activities.end(), is_of_huvudman) &&
             std::all_of(activities.begin(), activities.end(), has_somebody);
    case MeasuresOfOthers:
      return content.nobody_else_acts || std::any_of(activities.begin(), activities.end(), [&](const PlanActivity& each) {
               return has_somebody(each) && !is_of_huvudman(each);
             });
    case MainResponsible: return huvudman_of(parties, content.main_responsible) != Huvudman::Other;
    case Decision: return !content.decision.empty();
    case ResponsibleUnit:
      return !activities.empty() && std::all_of(activities.begin(), activities.end(),
                                                [](const PlanActivity& each) { return !each.organisation.empty(); });
  }
  return false;
}

}  // namespace

Huvudman huvudman_of(Role role) {
  switch (role) {
    case Role::SlutenVard:
    case Role::Oppenvard: return Huvudman::Region;
    case Role::Socialtjanst:
    case Role::KommunalHsv: return Huvudman::Kommun;
    case Role::Unknown: break;
  }
  return Huvudman::Other;
}

Huvudman huvudman_by_number(const Party& party) {
  constexpr std::string_view gotland = "2120000803";
  if (!sweden::looks_like_hsa_id(party.id)) return Huvudman::Other;
  const std::string_view number = std::string_view(party.id).substr(2, gotland.size());
  if (number.starts_with("2321")) return Huvudman::Region;
  if (!number.starts_with("2120") && !number.starts_with("2220")) return Huvudman::Other;
  return number == gotland && huvudman_of(party.role) == Huvudman::Region ? Huvudman::Region : Huvudman::Kommun;
}

const Kind& kind_of(PlanKind kind) { return kinds()[std::size_t(kind)]; }

std::string_view to_string(Point point) {
  switch (point) {
    case Insatser: return "vilka insatser som behövs";
    case EachHuvudman: return "vilka insatser respektive huvudman ska svara för";
    case MeasuresOfOthers: return "vilka åtgärder som vidtas av någon annan än regionen eller kommunen";
    case MainResponsible: return "vilken huvudman som har det övergripande ansvaret";
    case Decision: return "beslut om insatser";
    case ResponsibleUnit: return "vilken enhet som ansvarar för respektive insats";
  }
  return "";
}

std::vector<Point> missing_points(const PlanContent& content, const std::vector<Party>& parties) {
  std::vector<Point> missing;
  for (Point point : kind_of(content.kind).points)
    if (!has_point(point, content, parties)) missing.push_back(point);
  return missing;
}

Result<void> check_points(const PlanContent& content, const std::vector<Party>& parties) {
  const std::vector<Point> missing = missing_points(content, parties);
  if (missing.empty()) return done();
  std::string says = "The plan lacks what it must state (" + std::string(kind_of(content.kind).law) + "): ";
  for (Point point : missing) says += (point == missing.front() ? "" : "; ") + std::string(to_string(point));
  return Failure{Cause::Invalid, says + ". Add it and send the plan again.", "Bundle.entry.resource.ofType(CarePlan)"};
}

std::vector<Party> parties_of(const Notice& notice) {
  std::vector<Party> parties = {notice.sender};
  for (const std::vector<Party>* more : {&notice.receivers, &notice.others})
    for (const Party& each : *more)
      if (find(parties, each.id) == nullptr) parties.push_back(each);
  return parties;
}

}  // namespace vardbron::care::plan
