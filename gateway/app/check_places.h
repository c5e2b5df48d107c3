#pragma once

#include "gateway/app/config.h"
#include "gateway/base/result.h"

#include <vector>

namespace vardbron::app {

/// What `serve` would stop at, or miss while it runs, of all that the configuration names besides maps and callers: certificates,
/// authorities, endpoints, and the places of store, seals and access log. All of it, not the first. Nothing is made or changed.
std::vector<Failure> check_places(const Config& config);

}  // namespace vardbron::app
