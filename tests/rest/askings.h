#pragma once

#include "gateway/http/message.h"
#include "gateway/store/store.h"

#include <string>
#include <vector>

namespace vardbron::rest {

/// One request; whose it is, is added by who sends it.
struct Asking {
  std::string method, target, body;
  http::Fields fields{};
};

/// All requests about resources and attempts to change them, by a caller that knows their ids and content.
std::vector<Asking> askings_about(const std::vector<store::CaseResource>& resources);

}  // namespace vardbron::rest
