#pragma once

#include "gateway/access/doorkeeper.h"
#include "gateway/app/config.h"

#include <vector>

namespace vardbron::app {

/// Who may call, as the configuration says.
std::vector<access::Principal> principals_of(const Config& config);

}  // namespace vardbron::app
