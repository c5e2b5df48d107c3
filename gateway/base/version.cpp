#include "gateway/base/version.h"

namespace vardbron {

std::string_view version() { return VARDBRON_VERSION; }

}  // namespace vardbron
