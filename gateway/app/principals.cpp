#include "gateway/app/principals.h"

namespace vardbron::app {

std::vector<access::Principal> principals_of(const Config& config) {
  std::vector<access::Principal> principals;
  for (const OrganisationConfig& each : config.organisations) {
    access::Principal principal;
    principal.organisation = each.hsa_id;
    principal.name = each.name;
    principal.token = "sha256:" + each.token_sha256;
    principal.may_send = each.may_send;
    principal.may_receive = each.may_receive;
    principal.may_operate = each.may_operate;
    principal.units = each.units;
    principals.push_back(std::move(principal));
  }
  return principals;
}

std::vector<subscription::Endpoints::Allowed> places_of(const Config& config) {
  std::vector<subscription::Endpoints::Allowed> places;
  for (const OrganisationConfig& each : config.organisations) {
    for (const std::string& place : each.endpoints) places.push_back({each.hsa_id, place});
  }
  return places;
}

}  // namespace vardbron::app
