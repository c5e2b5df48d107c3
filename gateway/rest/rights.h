#pragma once

// Tested by tests/rest/routes_test.cpp.

#include "gateway/access/caller.h"
#include "gateway/base/task.h"
#include "gateway/http/message.h"

#include <cstdint>

namespace vardbron::rest {

struct Call;
struct ServiceParts;

/// The right that a row of the table of routes requires. A refusal is audited under the right's name.
enum class Right : std::uint8_t {
  Open,       ///< none, not even a token
  Known,      ///< a valid token
  Intake,     ///< may_send
  Read,       ///< may_receive or may_operate
  Search,     ///< may_receive or may_operate
  Update,     ///< may_receive
  Subscribe,  ///< may_receive or may_operate
  Operate,    ///< may_operate; other callers get 404
};

bool holds(const access::Caller& caller, Right right);
/// A caller without it gets the refusal for every method, also instead of a 405.
bool is_refused_before_method(Right right);
/// The answer to a known caller without the right: 403, or 404 for Operate. Audited.
Task<http::Response> refuse_right(const ServiceParts& parts, Call call, Right right);

}  // namespace vardbron::rest
