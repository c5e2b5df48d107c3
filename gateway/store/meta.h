#pragma once

#include "gateway/base/clock.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace vardbron::store {

/// The resource's JSON with meta.versionId and meta.lastUpdated set; earlier values are replaced, the rest of meta stays. Done
/// when a resource is read, so that a commit need not know its own number and time before it writes. A body that is not a JSON
/// object is returned as it is.
std::string with_meta(std::string_view body, std::int64_t version, WallTime last_updated);

}  // namespace vardbron::store
