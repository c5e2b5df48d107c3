#pragma once

#include "gateway/care/chain/notice.h"
#include "gateway/tree/document.h"

#include <functional>
#include <optional>
#include <string_view>

namespace vardbron::care {

/// The organisation of the notice's Bundle that a reference is to; none: it is to no Organization there with an identifier.
using PartyAt = std::function<std::optional<Party>(std::string_view reference)>;

/// Reads what a notice Bundle says of a plan (fhir-profiles/README.md) into notice.plan: its CarePlan, and the Goals, Tasks,
/// Appointment and CareTeam that come with it. Organisations that it names become notice.others. Without a CarePlan it says
/// nothing of a plan. Invalid: no kind of plan, no time, or an organisation that is not in the Bundle. TooLarge: more goals,
/// insatser or participants than limits::plan_items_per_notice_max.
Result<void> read_plan(tree::Item bundle, const PartyAt& party_at, Notice& notice);

/// Reads with which organisations a consent is about sharing: Consent.provision.actor. Invalid: one is not in the Bundle.
Result<void> read_consent_units(tree::Item consent, std::string_view path, const PartyAt& party_at, Notice& notice);

}  // namespace vardbron::care
