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

/// Everything one may ask about resources, and try on them, by whoever knows their ids and what is in them.
std::vector<Asking> askings_about(const std::vector<store::CaseResource>& resources);

}  // namespace vardbron::rest
