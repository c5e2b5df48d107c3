#pragma once

// Tested by tests/system/net/tcp_test.cpp and tests/system/net/tls_test.cpp.

#include "gateway/base/result.h"

#include <boost/system/error_code.hpp>

#include <cstddef>

namespace vardbron::net {

/// The Failure for a read or write that ended with this code. Inside this folder only.
Failure to_failure(const boost::system::error_code& ended, bool late);
/// True if the peer closed the connection, in TCP or in TLS.
bool is_end(const boost::system::error_code& ended);

}  // namespace vardbron::net
