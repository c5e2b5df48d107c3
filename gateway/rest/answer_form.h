#pragma once

// Tested by tests/rest/answer_form_test.cpp.

#include "gateway/base/result.h"
#include "gateway/exchange/map_registry.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/map.h"
#include "gateway/rest/call.h"
#include "gateway/rest/service.h"
#include "gateway/store/store.h"

#include <memory>
#include <span>
#include <string_view>

namespace vardbron::rest {

/// The map from the CareTeam that is stored to the one of FHIR R5. Source: Inera FHIR CareTeam 0.9, RIVCareManager.
inline constexpr std::string_view care_team_r5_map = "https://vardbron.example/fhir/StructureMap/CareTeamR4toR5";

/// The form that a caller wants resources in: as they are stored, in R4, or in R5 (Call::release). One request, one thread.
class AnswerForm {
 public:
  /// Unsupported: R5 is wanted, and no map in use makes it.
  static Result<AnswerForm> of(const ServiceParts& parts, const Call& call);
  /// Whether `of` gives R5 to who wants it.
  static bool has_r5(const ServiceParts& parts);

  bool is_r5() const { return map_ != nullptr; }
  /// Of the form's release, alone.
  const fhir::Definitions& definitions() const;
  /// Puts bodies into the form; what was deleted has none. Unsupported: names a resource with something that R5 has no place for.
  Result<void> convert(std::span<store::Resource> resources) const;

 private:
  explicit AnswerForm(const fhir::Definitions& stored) : stored_(&stored) {}

  const fhir::Definitions* stored_;
  std::shared_ptr<const exchange::MapSet> maps_;  // keeps map_; null: R4
  const mapping::Map* map_ = nullptr;
};

}  // namespace vardbron::rest
