#pragma once

// Tested by tests/system/net/tls_test.cpp.

#include "gateway/net/socket.h"

#include <boost/system/error_code.hpp>

typedef struct bio_st BIO;

/// How OpenSSL reads and writes a socket that does not block. Inside this folder only.
namespace vardbron::net {

/// Its owner is the SSL that is given it; the socket outlives it. Other than OpenSSL's own for sockets it raises no SIGPIPE.
BIO* make_tls_wire(Socket& socket);

/// Why a call failed that did not want to wait. `wants` is what SSL_get_error said, at once after the call. A stream that ends
/// without a goodbye is an error too: somebody may have cut it.
boost::system::error_code tls_error(int wants);

}  // namespace vardbron::net
