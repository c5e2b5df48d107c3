#include "gateway/rest/answer_form.h"

#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <array>
#include <string>
#include <utility>

namespace vardbron::rest {

namespace {

const mapping::Map* map_of(const exchange::MapSet& maps) {
  return maps.other == nullptr ? nullptr : maps.library->find(care_team_r5_map);
}

Result<std::string> run(const mapping::Map& map, const mapping::Library& library, const store::Resource& resource) {
  const Result<tree::Document> stored = json::parse(resource.body, library.definitions().names());
  if (!stored) return Failure{Cause::Broken, stored.failure().says, stored.failure().where};
  const std::array<tree::Item, 1> sources{tree::root(*stored)};
  mapping::Environment environment;
  environment.identity = resource.id;
  const Result<tree::Document> made = mapping::run(map, sources, environment);
  if (made) return json::write(*made);
  const Failure& why = made.failure();
  return Failure{Cause::Unsupported,
                 resource.type + "/" + resource.id + " cannot be given in FHIR R5: " + why.says + ". Ask for it in R4.",
                 why.where};
}

}  // namespace

bool AnswerForm::has_r5(const ServiceParts& parts) { return parts.registry != nullptr && map_of(*parts.registry->current()); }

Result<AnswerForm> AnswerForm::of(const ServiceParts& parts, const Call& call) {
  AnswerForm form(parts.definitions);
  if (call.release == Release::R4) return form;
  if (parts.registry != nullptr) form.maps_ = parts.registry->current();
  if (form.maps_) form.map_ = map_of(*form.maps_);
  if (form.map_ != nullptr) return form;
  return Failure{Cause::Unsupported, "Of the maps in use none makes FHIR R5: ask for R4, which is fhirVersion=4.0.", ""};
}

const fhir::Definitions& AnswerForm::definitions() const { return is_r5() ? *maps_->other : *stored_; }

Result<void> AnswerForm::convert(std::span<store::Resource> resources) const {
  if (!is_r5()) return done();
  for (store::Resource& each : resources) {
    if (each.deleted) continue;
    Result<std::string> made = run(*map_, *maps_->library, each);
    if (!made) return std::move(made).failure();
    each.body = *std::move(made);
  }
  return done();
}

}  // namespace vardbron::rest
