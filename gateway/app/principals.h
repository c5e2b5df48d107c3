#pragma once

#include "gateway/access/authenticator.h"
#include "gateway/app/config.h"
#include "gateway/subscription/endpoints.h"

#include <vector>

namespace vardbron::app {

/// Who may call, as the configuration says.
std::vector<access::Principal> principals_of(const Config& config);
/// Where each may have its subscriptions point to.
std::vector<subscription::Endpoints::Allowed> places_of(const Config& config);

}  // namespace vardbron::app
