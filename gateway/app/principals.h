#pragma once

#include "gateway/access/authenticator.h"
#include "gateway/app/config.h"
#include "gateway/subscription/endpoints.h"

#include <vector>

namespace vardbron::app {

/// The principals of the configuration.
std::vector<access::Principal> principals_of(const Config& config);
/// The endpoints that each may use in its subscriptions.
std::vector<subscription::Endpoints::Allowed> places_of(const Config& config);

}  // namespace vardbron::app
