#pragma once

#include "gateway/base/result.h"

#include <boost/system/error_code.hpp>

#include <cstddef>

namespace vardbron::net {

/// What a read or write that ended this way means to whoever waits for it. Inside this folder only.
Failure to_failure(const boost::system::error_code& ended, bool late);
/// The peer said goodbye, in TCP or in TLS.
bool is_end(const boost::system::error_code& ended);

}  // namespace vardbron::net
