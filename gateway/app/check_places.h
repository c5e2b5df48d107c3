#pragma once

#include "gateway/app/config.h"
#include "gateway/base/result.h"

#include <vector>

namespace vardbron::app {

/// Everything named by the configuration, besides maps and callers, at which `serve` would stop or that it would lack later:
/// certificates, authorities, endpoints, and the places of store, seals and access log. All failures, not only the first. Nothing
/// is made or changed.
std::vector<Failure> check_places(const Config& config);

}  // namespace vardbron::app
