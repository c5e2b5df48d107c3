#pragma once

#include "gateway/base/result.h"
#include "gateway/care/chain/notice.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care::plan {

/// Whose an organisation is. Source: HSL 16:4, SoL 10:8, which know the region, the municipality and others.
enum class Huvudman : std::uint8_t { Other, Region, Kommun };

Huvudman huvudman_of(Role role);
/// By the organisationsnummer in its HSA-id: 2321 regions, 2120 municipalities, 2220 kommunalförbund (SCB, offentlig sektor).
/// Gotland is both, so there the role of the unit says which. Other: another body, or one whose id has no number.
Huvudman huvudman_by_number(const Party& party);

/// What a plan must state before it is one.
enum class Point : std::uint8_t {
  Insatser,          ///< which insatser are needed
  EachHuvudman,      ///< which of them each huvudman is responsible for
  MeasuresOfOthers,  ///< which measures somebody else takes
  MainResponsible,   ///< which huvudman has the overall responsibility
  Decision,          ///< the decision on the insatser
  ResponsibleUnit    ///< which unit is responsible for each insats
};

/// What differs between the kinds of plans.
struct Kind {
  PlanKind kind;
  std::string_view system, title;       ///< of the code of CarePlan.category; CarePlan.title
  std::vector<Point> points;            ///< in the law's order; without one of them the plan is none
  bool needs_consent;                   ///< it may be made only if the person consents
  bool is_approved_by_units;            ///< it is one when each unit that is responsible for an insats has approved it (justerat)
  std::optional<Huvudman> drawn_up_by;  ///< none: by any of the huvudmän
  bool replaces_sip;                    ///< no call to a SIP is asked for. Source: LUS 4:1 st 2
  std::string_view law;
};

const Kind& kind_of(PlanKind kind);

std::string_view to_string(Point point);  ///< "vilka insatser som behövs"

/// The points that a plan with this content lacks. `parties`: the organisations that the content names.
std::vector<Point> missing_points(const PlanContent& content, const std::vector<Party>& parties);
/// Of a plan that is agreed or revised. Invalid: it lacks a point, which is named.
Result<void> check_points(const PlanContent& content, const std::vector<Party>& parties);
/// The organisations of a notice: its sender, its receivers and those it names besides.
std::vector<Party> parties_of(const Notice& notice);

}  // namespace vardbron::care::plan
